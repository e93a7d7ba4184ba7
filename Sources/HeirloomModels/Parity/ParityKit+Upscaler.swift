import HeirloomLayers
import HeirloomTensors

extension ParityKit {
    /// The kit of `upscaler_kit.json`: of its networks EfficientNet-Lite exists.
    func upscaler(_ json: JSONValue, _ cases: [String: JSONValue]) throws -> [ParityResult] {
        guard let seed = json["seed"]?.integer else {
            throw CheckpointError(.corrupt, path: folder, reason: "the kit states no seed")
        }
        let noise = KeyedNoise64(seed: seed)
        var results = try cases.keys.sorted().map { name in
            guard let entry = cases[name], let variant = Self.liteVariant(name) else {
                return ParityResult.notCovered(name)
            }
            return try lite(name, entry, variant, noise)
        }
        if let examples = json["hash_examples"]?.table {
            var meter = ParityMeter()
            for (key, entry) in examples {
                let expected = entry["u_first4"]?.numbers ?? []
                meter.compare(noise.numbers(key, count: expected.count), expected)
                if let text = entry["fnv1a64_of"]?.text, let hex = entry["fnv1a64_hex"]?.text {
                    meter.compare([UInt64(hex, radix: 16) == KeyedNoise64.hash(text) ? 1 : 0], [1])
                }
            }
            results.append(ParityResult(name: "hash_examples", largestError: meter.largest, note: "the formulas"))
        }
        return results
    }

    private static func liteVariant(_ name: String) -> Int? {
        guard name.hasPrefix("lite"), let digit = name.dropFirst(4).first?.wholeNumberValue, digit <= 4 else {
            return nil
        }
        return digit
    }

    private func lite(_ name: String, _ entry: JSONValue, _ variant: Int, _ noise: KeyedNoise64) throws -> ParityResult
    {
        guard let shape = entry["input"]?["shape"]?.integers, shape.count == 4, shape[1] == 3,
            shape.allSatisfy({ (1...4096).contains($0) }), let outputs = entry["outputs"]?.table
        else { throw CheckpointError(.corrupt, path: folder, reason: "case \(name) states no input or outputs") }
        let network = try EfficientNetLite.filled(variant: variant, noise)
        let x = noise.input(name, shape: shape)
        var meter = ParityMeter()
        compareProbes(x, entry["input"], &meter)
        let file = try entry["file"]?.text.map { try SafetensorsFile(path: path($0)) }
        let taps = network.features(x)
        var compared = 0
        for (output, statistics) in outputs.sorted(by: { $0.key < $1.key }) {
            let found: Tensor
            if output == "logits" {
                found = network.logits(x)
            } else if let stride = Int(output.dropFirst()), let tap = [2, 4, 8, 16, 32].firstIndex(of: stride) {
                found = taps[tap]
            } else {
                return .notCovered(name, "output \(output) is not known")
            }
            if let file, file.names.contains("\(name).\(output)") {
                let expected = try file.tensor("\(name).\(output)")
                meter.compare(
                    found.shape == expected.shape ? found.to(dtype: .float64).scalars() : [],
                    expected.to(dtype: .float64).scalars())
            } else {
                compareProbes(found, statistics, &meter)
            }
            compared += 1
        }
        return ParityResult(name: name, largestError: meter.largest, note: "\(compared) outputs")
    }

    /// Compares the few elements that a description states of a tensor, relative to the range that it states.
    func compareProbes(_ found: Tensor, _ statistics: JSONValue?, _ meter: inout ParityMeter) {
        guard let statistics, let indices = statistics["probe_index"]?.integers,
            let probe = statistics["probe"]?.numbers,
            statistics["shape"]?.integers == found.shape
        else { return meter.compare([], [0]) }
        let range = (statistics["max"]?.number ?? 0) - (statistics["min"]?.number ?? 0)
        let values: [Double] = found.to(dtype: .float64).scalars()
        guard indices.allSatisfy(values.indices.contains) else { return meter.compare([], [0]) }
        meter.compare(indices.map { values[$0] }, probe, range: range > 0 ? range : nil)
    }

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

extension EfficientNetLite {
    /// The network with weights made by the formulas from the published names, in inference mode.
    static func filled(variant: Int, _ noise: KeyedNoise64) throws -> EfficientNetLite {
        let network = EfficientNetLite(.init(variant: variant), using: nil)
        var state: [String: Tensor] = [:]
        for (name, tensor) in network.state() {
            guard let key = publishedKeys.foreign(name),
                let value = noise.tensor(key, shape: tensor.shape, family: .lite)
            else { preconditionFailure("\(name) has no published name") }
            state[name] = value
        }
        try network.load(state)
        return network
    }
}
