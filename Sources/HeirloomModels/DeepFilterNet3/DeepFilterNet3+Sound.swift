import Foundation
public import HeirloomTensors

/// From sound to the network and back.
extension DeepFilterNet3 {
    /// How much of the running means is kept from frame to frame: a time constant of a second, rounded as in training.
    private static let smoothing = 0.99
    /// Mean level of the lowest and the highest band, in dB, before the first frame.
    private static let firstLevels = (-60.0, -90.0)
    /// Mean magnitude of the lowest and the highest filtered bin before the first frame.
    private static let firstMagnitudes = (0.001, 0.0001)

    /// The cleaned sound; nothing else is used of what is known.
    /// - Shape: `[N, L]` → `[N, L]`.
    public func enhanced(_ x: Tensor, auxiliary: Tensor? = nil) -> Tensor {
        let shape = x.shape
        precondition(shape.count == 2, "DeepFilterNet3 of \(x.summary): expected [N, L]")
        guard shape[1] > 0 else { return x }
        return withoutGradients {
            let spectra = spectra(of: x)
            return sound(of: cleaned(spectra), length: shape[1])
        }
    }

    /// Spectra of frames that begin half a window before the sound and go on until the network has seen beyond its end.
    /// - Shape: `[N, L]` → complex `[N, T, 481]`, T = ⌈L / 480⌉ + 1 + lookahead.
    private func spectra(of x: Tensor) -> Tensor {
        let (hop, length) = (Self.window / 2, x.shape[1])
        let blocks = (length + hop - 1) / hop + Self.lookahead + 1
        let padded = x.padded([hop, blocks * hop - length])
        let frames = padded.windows(axis: 1, size: Self.window, step: hop)
        return (frames * window(on: x.device)).realFFT() * (1 / Double(Self.window))
    }

    /// Cleaned spectra of all but the last frames, which were only looked at.
    /// - Shape: complex `[N, T, 481]` → complex `[N, T − lookahead, 481]`.
    private func cleaned(_ spectra: Tensor) -> Tensor {
        let count = spectra.shape[1]
        let bins = spectra.sliced(axis: 2, from: 0, to: Self.filteredBins)
        let prediction = predicted(bands: bandFeatures(spectra), bins: binFeatures(bins))
        // What is known at a frame is used two frames earlier.
        let gains = prediction.gains.sliced(axis: 1, from: Self.lookahead)  // [N, T − 2, 32]
        let high = spectra.sliced(axis: 1, from: 0, to: count - Self.lookahead)
            .sliced(axis: 2, from: Self.filteredBins)
        let spread = gains.gatheredRows(axis: 2, Self.bandOfBin(on: spectra.device))
            .sliced(axis: 2, from: Self.filteredBins)
        let silence = Tensor.zeros(
            [spectra.shape[0], Self.order - 1, Self.filteredBins], dtype: bins.dtype, device: bins.device)
        let history = concatenated([silence, bins], axis: 1).windows(axis: 1, size: Self.order, step: 1)
        let low = (history * prediction.coefficients).sum(axes: [3]).sliced(axis: 1, from: Self.lookahead)
        return concatenated([low, high * spread], axis: 2)
    }

    /// The sound of overlapping frames.
    private func sound(of spectra: Tensor, length: Int) -> Tensor {
        let hop = Self.window / 2
        let frames =
            spectra.inverseRealFFT(length: Self.window) * (window(on: spectra.device) * Double(Self.window))
        let count = frames.shape[1]
        let before = frames.sliced(axis: 1, from: 0, to: count - 1).sliced(axis: 2, from: hop)
        let after = frames.sliced(axis: 1, from: 1).sliced(axis: 2, from: 0, to: hop)
        return (before + after).flattened(from: 1).sliced(axis: 1, from: 0, to: length)
    }

    /// The power-complementary window of the Vorbis codec.
    private func window(on device: Device) -> Tensor {
        let half = Double(Self.window / 2)
        let values = (0..<Self.window).map { index in
            let inner = sin(0.5 * .pi * (Double(index) + 0.5) / half)
            return Float(sin(0.5 * .pi * inner * inner))
        }
        return Tensor(values).to(device: device)
    }

    // MARK: - What the network is shown

    /// Levels of the bands beside their running means: complex `[N, T, 481]` → `[N, T, 32]`.
    private func bandFeatures(_ spectra: Tensor) -> Tensor {
        let power = spectra.real().squared() + spectra.imaginary().squared()
        let levels = (power.matmul(Self.bandMeans(on: spectra.device)) + 1e-10).log10() * 10
        let first = Tensor.linspace(
            from: Self.firstLevels.0, to: Self.firstLevels.1, count: Self.bands, device: spectra.device)
        return (levels - levels.runningMean(from: first, keeping: Self.smoothing)) * (1 / 40)
    }

    /// The bins over the roots of their running magnitudes: complex `[N, T, 96]` → complex `[N, T, 96]`.
    private func binFeatures(_ bins: Tensor) -> Tensor {
        let first = Tensor.linspace(
            from: Self.firstMagnitudes.0, to: Self.firstMagnitudes.1, count: Self.filteredBins, device: bins.device)
        // Minutes of digital silence would bring the mean to zero.
        let mean = bins.abs().runningMean(from: first, keeping: Self.smoothing).clamped(to: 1e-14...)
        return bins * mean.rsqrt()
    }

    /// How many bins each band has: equal steps on the scale of hearing (equivalent rectangular bandwidths), of two bins
    /// and more.
    static let bandWidths: [Int] = {
        let scale = 24.7 * 9.265
        func position(_ hertz: Double) -> Double { 9.265 * log1p(hertz / scale) }
        func hertz(_ position: Double) -> Double { scale * (exp(position / 9.265) - 1) }
        let (nyquist, binWidth) = (24_000.0, 48_000.0 / Double(window))
        var widths: [Int] = []
        var (previous, borrowed) = (0, 0)
        for band in 1...bands {
            let edge = Int((hertz(position(nyquist) * Double(band) / Double(bands)) / binWidth).rounded())
            let width = edge - previous - borrowed
            // What a narrow band takes to have two bins is missing in the next.
            borrowed = max(0, 2 - width)
            widths.append(max(2, width))
            previous = edge
        }
        widths[bands - 1] += window / 2 + 1 - widths.reduce(0, +)
        return widths
    }()

    /// The band of each bin.
    private static func bandOfBin(on device: Device) -> Tensor {
        Tensor(bandWidths.indices.flatMap { [Int64](repeating: Int64($0), count: bandWidths[$0]) }).to(device: device)
    }

    /// Means over bands as a matrix: `[481, 32]`.
    private static func bandMeans(on device: Device) -> Tensor {
        var rows: [Float] = []
        for (band, width) in bandWidths.enumerated() {
            var row = [Float](repeating: 0, count: bands)
            row[band] = 1 / Float(width)
            for _ in 0..<width { rows += row }
        }
        return Tensor(rows).reshaped([window / 2 + 1, bands]).to(device: device)
    }
}

extension Tensor {
    /// The exponential mean along time, each frame's own value taken in: `[N, T, C]`.
    ///
    /// In blocks, so that no step waits for the one before: within each by a triangular matrix, over them by another.
    /// - Parameters:
    ///   - first: The mean before the first frame, `[C]`.
    ///   - kept: How much of the mean is kept from frame to frame.
    func runningMean(from first: Tensor, keeping kept: Double) -> Tensor {
        let block = 64
        let shape = self.shape
        let blocks = (shape[1] + block - 1) / block
        func decay(_ n: Int, _ base: Double) -> Tensor {
            let ages = Tensor.range(from: 0, to: Double(n)).unsqueezed(1) - Tensor.range(from: 0, to: Double(n))
            return Tensor.power(of: base, ages.clamped(to: 0...)).triangle(upper: false).to(device: device)
        }
        let padded = self.padded([0, 0, 0, blocks * block - shape[1]])
            .reshaped([shape[0], blocks, block, shape[2]])
        let own = (decay(block, kept) * (1 - kept)).matmul(padded)  // [N, B, 64, C]
        // The mean with which each block begins.
        let ends = own.selected(axis: 2, index: block - 1)  // [N, B, C]
        let begins = concatenated(
            [first.reshaped([1, 1, shape[2]]).expanded([shape[0], 1, shape[2]]), ends], axis: 1
        ).sliced(axis: 1, from: 0, to: blocks)
        let carried = decay(blocks, pow(kept, Double(block))).matmul(begins)
        let ages = Tensor.power(of: kept, Tensor.range(from: 1, to: Double(block + 1))).to(device: device)
        let mean = own + ages.reshaped([1, 1, block, 1]) * carried.unsqueezed(2)
        return mean.reshaped([shape[0], blocks * block, shape[2]]).sliced(axis: 1, from: 0, to: shape[1])
    }
}
