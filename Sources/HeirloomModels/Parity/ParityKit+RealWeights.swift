import Foundation
import HeirloomLayers
import HeirloomSignals
import HeirloomTensors

extension ParityKit {
    /// The published upscalers: the sums of their weights, and the output of each for a picture that is in the folder.
    func realUpscalers(_ name: String, _ json: JSONValue, _ weights: Pretrained?) throws -> [ParityResult] {
        var networks: [String: any ImageRestorer] = [:]
        func network(_ model: String) throws -> (any ImageRestorer)? {
            if let known = networks[model] { return known }
            guard let weights, let entry = try? weights.model(named: model),
                entry.files.allSatisfy({ [.present, .unconverted].contains(weights.status(of: $0)) })
            else { return nil }
            networks[model] = try weights.upscaler(model)
            return networks[model]
        }
        func absent(_ name: String, _ model: String) -> ParityResult {
            .notCovered(
                name,
                weights == nil
                    ? "needs the weights \(model): run with them"
                    : "needs the weights \(model): heirloom models fetch \(model)")
        }
        var results: [ParityResult] = []
        for (model, entry) in (json["models"]?.table ?? [:]).sorted(by: { $0.key < $1.key }) {
            let title = "\(name)/\(model)"
            results.append(try network(model).map { fingerprint(title, entry, $0) } ?? absent(title, model))
        }
        for (place, entry) in (json["cases"]?.table ?? [:]).sorted(by: { $0.key < $1.key }) {
            for (model, statistics) in (entry["outputs"]?.table ?? [:]).sorted(by: { $0.key < $1.key }) {
                let title = "\(name)/\(place)/\(model)"
                guard let network = try network(model) else {
                    results.append(absent(title, model))
                    continue
                }
                results.append(try picture(title, "\(name)_\(place)", model, statistics, network))
            }
        }
        return results
    }

    private func fingerprint(_ name: String, _ entry: JSONValue, _ network: any ImageRestorer) -> ParityResult {
        var meter = ParityMeter()
        let state = network.state().map { ($0.name, $0.tensor.detached().to(dtype: .float64)) }
        let keys = try? Registry.architecture(named: network.architecture).publishedKeys
        func compare(_ found: Double, _ key: String, _ scale: Double? = nil) {
            if let expected = entry[key]?.number { meter.compare([found], [expected], range: scale) }
        }
        compare(Double(state.count), "tensors")
        compare(Double(state.reduce(0) { $0 + $1.1.count }), "parameters")
        compare(state.reduce(0) { $0 + $1.1.sum().item() }, "sum")
        compare(state.reduce(0) { $0 + $1.1.abs().sum().item() }, "abs_sum")
        for (key, expected) in entry.table ?? [:] {
            guard let numbers = expected.numbers, numbers.count > 1 else { continue }
            // "conv_first.weight[0:4]": the first numbers of a tensor.
            let foreign = String(key.prefix { $0 != "[" })
            let tensor = state.first { keys?.foreign($0.0) == foreign }?.1
            meter.compare(tensor.map { Array($0.scalars().prefix(numbers.count)) } ?? [], numbers)
        }
        return ParityResult(name: name, largestError: meter.largest, note: "real weights, \(meter.compared) numbers")
    }

    /// The output for a picture of the folder, `STEM_MODEL.safetensors` with x and y, or `STEM_in.png`; compared with y, with
    /// `STEM_MODEL.png`, which is the clamped and rounded output, and with the statistics.
    private func picture(
        _ name: String, _ stem: String, _ model: String, _ statistics: JSONValue, _ network: any ImageRestorer
    ) throws -> ParityResult {
        func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: path(file)) }
        let (tensors, input, output) = ("\(stem)_\(model).safetensors", "\(stem)_in.png", "\(stem)_\(model).png")
        let file = has(tensors) ? try SafetensorsFile(path: path(tensors)) : nil
        guard let x = try file?.tensor("x") ?? (has(input) ? Self.shares(try PNGPicture.read(path(input))) : nil),
            x.rank == 3, x.shape[0] == 3
        else { return .notCovered(name, "its picture is not in the folder") }
        let y = OriginalUpscaling().enlarged(x.unsqueezed(0), by: network).squeezed(0)
        var meter = ParityMeter()
        if let expected = try file?.tensor("y") {
            meter.compare(
                y.shape == expected.shape ? y.to(dtype: .float64).scalars() : [],
                expected.to(dtype: .float64).scalars(), range: 1)
        }
        let values: [Double] = y.to(dtype: .float64).scalars()
        let range = (statistics["max"]?.number ?? 1) - (statistics["min"]?.number ?? 0)
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        for (key, found) in [
            ("min", values.min() ?? 0), ("max", values.max() ?? 0), ("mean", mean), ("std", variance.squareRoot()),
        ] {
            if let number = statistics[key]?.number { meter.compare([found], [number], range: range) }
        }
        let levels = (y.clamped(to: 0...1) * 255).rounded()
        var note = "real weights, \(meter.compared) numbers"
        if has(output) {
            // Rounding may tip over: one sample in a thousand by one level is a part of 1e-4, more levels count in full.
            let expected = try PNGPicture.read(path(output))
            let differences: [Double] =
                levels.shape == expected.shape
                ? (levels - expected.to(dtype: .float32)).abs().to(dtype: .float64).scalars() : [255]
            let (count, largest) = (differences.count { $0 > 0 }, differences.max() ?? 0)
            meter.compare([largest > 1 ? largest : Double(count) / Double(differences.count) / 10], [0], range: 1)
            note += ", \(count) of \(differences.count) 8-bit samples differ"
        }
        if let expected = statistics["psnr_y_crop4"]?.number, has("\(stem)_gt.png") {
            let truth = try PNGPicture.read(path("\(stem)_gt.png"))
            guard truth.shape == levels.shape else { return .notCovered(name, "its truth is of another size") }
            let scores = PaperMetrics.compare(levels.unsqueezed(0), truth.unsqueezed(0), border: 4)
            meter.compare([scores.psnr], [expected], range: expected)
            note += ", \(String(format: "%.2f", scores.psnr)) dB on Y"
        }
        return ParityResult(name: name, largestError: meter.largest, note: note)
    }

    private static func shares(_ levels: Tensor) -> Tensor { levels.to(dtype: .float32) / 255 }

    /// EfficientNet-Lite0 with its real weights on an input made by the formulas.
    func realClassifier(_ name: String, _ json: JSONValue, _ weights: Pretrained?) throws -> ParityResult {
        // The description says in words: kit_input(seed 1, 'lite0_64x96', 1x3x64x96).
        guard let words = json["input"]?.text,
            let match = words.firstMatch(of: #/seed (\d+), '(\w+)', (\d+)x(\d+)x(\d+)x(\d+)/#),
            let seed = Int(match.1), case let shape = [match.3, match.4, match.5, match.6].compactMap({ Int($0) }),
            shape.allSatisfy({ (1...4096).contains($0) })
        else { return .notCovered(name, "its input is not stated in a known form") }
        let variant = Self.liteVariant(String(match.2)) ?? 0
        guard let weights, let model = try? weights.model(named: "efficientnet-lite\(variant)"),
            model.files.allSatisfy({ weights.status(of: $0) == .present })
        else {
            return .notCovered(name, "needs the weights efficientnet-lite\(variant), which are not on this machine")
        }
        let network = try weights.efficientNetLite(variant)
        let x = (KeyedNoise64(seed: seed).input(String(match.2), shape: shape) * 255 - 127) / 128
        var meter = ParityMeter()
        let logits: [Double] = network.logits(x).to(dtype: .float64).scalars()
        if let places = json["top5_index"]?.integers, let values = json["top5_logit"]?.numbers,
            places.allSatisfy(logits.indices.contains), let deviation = json["logit_std"]?.number
        {
            meter.compare(places.map { logits[$0] }, values, range: 2 * deviation)
            let order = logits.indices.sorted { logits[$0] > logits[$1] }.prefix(places.count)
            meter.compare(order.map(Double.init), places.map(Double.init))
        }
        let taps = network.features(x)
        for (index, stride) in [2, 4, 8, 16, 32].enumerated() {
            guard let expected = json["features"]?["s\(stride)"], let deviation = expected["std"]?.number,
                let first = expected["first4"]?.numbers, let mean = expected["mean"]?.number
            else { continue }
            let values: [Double] = taps[index].to(dtype: .float64).scalars()
            meter.compare(Array(values.prefix(first.count)), first, range: 2 * deviation)
            meter.compare([values.reduce(0, +) / Double(values.count)], [mean], range: 2 * deviation)
        }
        let sum = network.state().filter { $0.tensor.dtype.isFloatingPoint }
            .reduce(0) { $0 + $1.tensor.detached().to(dtype: .float64).sum().item() }
        if let expected = json["weights"]?["float_parameters_and_buffers_sum"]?.number {
            meter.compare([sum], [expected])
        }
        return ParityResult(name: name, largestError: meter.largest, note: "real weights, \(meter.compared) numbers")
    }
}
