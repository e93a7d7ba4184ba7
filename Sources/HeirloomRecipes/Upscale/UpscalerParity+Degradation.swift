import HeirloomModels
import HeirloomTensors

extension UpscalerParity {
    /// Kernels, blur, sharpening, JPEG and resizing, each as the names of the case's outputs say.
    static func degradation(_ parity: ParityCase) throws -> ParityResult {
        guard let outputs = parity.entry["outputs"]?.table else {
            return .notCovered(parity.name, "it states no outputs")
        }
        let shape = try parity.inputShape()
        guard shape[0] == 2, shape[2] >= 45, shape[3] >= 45 else {
            return .notCovered(parity.name, "an input of shape \(shape) is not known")
        }
        return try withoutGradients {
            let noise = parity.noise.input(parity.name, shape: shape)
            let smooth = noise.sliced(axis: 0, from: 0, to: 1).padded([2, 2, 2, 2], mode: .reflect)
                .meanPooled(kernel: 5, stride: 1)
            let x = concatenated([smooth, noise.sliced(axis: 0, from: 1)], axis: 0)
            var meter = ParityMeter()
            parity.compare(x, statistics: parity.entry["input"], &meter)
            for name in outputs.keys.sorted() {
                guard let found = output(name, x) else {
                    return .notCovered(parity.name, "output \(name) is not known")
                }
                if name.hasPrefix("jpeg"), let expected = try parity.tensor(name) {
                    compareJPEG(found, expected, &meter)
                } else {
                    try parity.compare(found, name, &meter)
                }
            }
            return ParityResult(name: parity.name, largestError: meter.largest, note: "\(outputs.count) outputs")
        }
    }

    private static func output(_ name: String, _ x: Tensor) -> Tensor? {
        if name.hasPrefix("kernel.") {
            return kernel(String(name.dropFirst(7))).map { $0.kernel.tensor(padded: $0.size).to(dtype: .float32) }
        }
        if name == "filter2d" {
            let kernels = [BlurKernel(size: 21, deviationX: 1.3), BlurKernel(sinc: 0.9, size: 17)]
            return everySecond(x.filtered(by: stacked(kernels.map { $0.tensor(padded: 21) })))
        }
        if name == "usm" { return everySecond(x.sharpened()) }
        if let match = name.wholeMatch(of: #/jpeg_q([\d.]+)/#), let quality = Double(match.1) {
            let piece = x.sliced(axis: 2, from: 0, to: 37).sliced(axis: 3, from: 0, to: 45)
            return everySecond(JPEGRoundTrip()(piece, quality: [quality]).sliced(axis: 0, from: 1, to: 2))
        }
        guard let match = name.wholeMatch(of: #/resize_(area|bilinear|bicubic)_sf([\d.]+)/#),
            let factor = Double(match.2), factor > 0, factor < 10
        else { return nil }
        let modes: [Substring: InterpolationMode] = ["area": .area, "bilinear": .bilinear, "bicubic": .bicubic]
        let whole = x.sliced(axis: 0, from: 0, to: 1)
        let part = factor > 1 ? whole.sliced(axis: 2, from: 0, to: 20).sliced(axis: 3, from: 0, to: 20) : whole
        return modes[match.1].map { part.rescaled(by: factor, mode: $0) }
    }

    private static func everySecond(_ x: Tensor) -> Tensor {
        x.sliced(axis: 2, from: 0, by: 2).sliced(axis: 3, from: 0, by: 2)
    }

    /// Reads `gauss_aniso_15_s2.4_0.7_t0.6`: shape, size, deviations, rotation t, exponent b; cutoff w and padded size for
    /// discs.
    private static func kernel(_ text: String) -> (kernel: BlurKernel, size: Int)? {
        let shapes: [Substring: BlurKernel.Shape] = [
            "gauss": .gaussian, "generalized": .generalized, "plateau": .plateau, "sinc": .sinc,
        ]
        var parts = text.split(separator: "_")[...]
        guard let shape = parts.popFirst().flatMap({ shapes[$0] }) else { return nil }
        if parts.first == "iso" || parts.first == "aniso" { parts.removeFirst() }
        guard let size = parts.popFirst().flatMap({ Int($0) }), size > 0, size < 100, size % 2 == 1 else { return nil }
        var kernel = BlurKernel(shape, size: size, deviationX: 1)
        var padded = size
        for part in parts {
            if part.hasPrefix("pad"), let number = Int(part.dropFirst(3)), number >= size, number % 2 == 1 {
                padded = number
            } else if let number = Double(part) {
                kernel.deviationY = number
            } else if let letter = part.first, let number = Double(part.dropFirst()) {
                switch letter {
                case "s": (kernel.deviationX, kernel.deviationY) = (number, number)
                case "t": kernel.rotation = number
                case "b": kernel.exponent = number
                case "w": kernel.cutoff = number
                default: return nil
                }
            } else {
                return nil
            }
        }
        return (kernel, padded)
    }

    /// Of rounded coefficients a few lie so near a half that another order of sums tips them over: of every two hundred
    /// samples one may differ by more.
    private static func compareJPEG(_ found: Tensor, _ expected: Tensor, _ meter: inout ParityMeter) {
        guard found.shape == expected.shape else { return meter.compare([], [0]) }
        let a: [Double] = found.to(dtype: .float64).scalars()
        let b: [Double] = expected.to(dtype: .float64).scalars()
        let errors = zip(a, b).map { abs($0 - $1) }.sorted()
        let kept = errors[errors.count - 1 - errors.count / 200]
        meter.compare([kept.isFinite ? kept : .infinity], [0], range: (b.max() ?? 1) - (b.min() ?? 0))
    }
}
