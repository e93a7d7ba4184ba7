import HeirloomLayers
import HeirloomTensors

extension ParityKit {
    /// A generator's outputs, and what each of its layers gives.
    func deOldifyGenerator(_ description: ParityDescription) throws -> [ParityResult] {
        let sizes: DeOldifyConfiguration? =
            switch description.json["model"]?.text {
            case "artistic": .artistic
            case "stable", "video": .stable
            default: nil
            }
        guard let sizes, let cases = description.json["cases"]?.list else {
            return [.notCovered(description.name, "this generator is not known")]
        }
        let network = try ParityNetworks.deOldify(sizes, description.noise)
        // What inference runs: folded, channels-last.
        let folded = network.preparedForInference()
        return try networkCases(description, cases, input: "input", multiple: 2) { x, trace in
            var meter = ParityMeter()
            let y = network.traced(x, trace)
            meter.compare(folded(x).to(dtype: .float64).scalars(), y.to(dtype: .float64).scalars(), range: 6)
            return (y, meter)
        }
    }

    /// The critic's outputs in inference, and what each of its layers gives.
    func deOldifyCritic(_ description: ParityDescription) throws -> [ParityResult] {
        guard let cases = description.json["cases"]?.list else { return [.notCovered(description.name)] }
        // Its size is that of its first layer's output.
        let features = cases.first?["intermediates"]?["0"]?["shape"]?.integers?.dropFirst().first ?? 256
        guard (4...1024).contains(features) else { return [.notCovered(description.name, "\(features) features")] }
        let network = try ParityNetworks.deOldifyCritic(.init(features: features), description.noise)
        return try networkCases(description, cases, input: "critic.input", multiple: 64) { x, trace in
            (network.traced(x, trace), ParityMeter())
        }
    }

    /// Inputs by their sizes, the output in the file beside the description, layers by their statistics.
    private func networkCases(
        _ description: ParityDescription, _ cases: [JSONValue], input: String, multiple: Int,
        _ run: (Tensor, (String, Tensor) -> Void) throws -> (Tensor, ParityMeter)
    ) throws -> [ParityResult] {
        let file = try description.tensors()
        return try cases.enumerated().map { index, entry in
            guard let shape = ParityDescription.pictureShape(entry, "input") else {
                return .notCovered("\(description.name)/\(index)", "it states no input that fits")
            }
            let size = "\(shape[2])x\(shape[3])"
            let name = "\(description.name)/\(size)"
            guard multiple == 2 ? shape[2] % 2 == 0 && shape[3] % 2 == 0 : min(shape[2], shape[3]) >= multiple else {
                return .notCovered(name, "the network does not take this size")
            }
            var layers: [(name: String, error: Double)] = []
            var compared = 0
            let x = description.noise.plain("\(input).\(size)", shape: shape, scale: 2)
            var (y, meter) = try run(x) { layer, value in
                guard let expected = entry["intermediates"]?[layer] else { return }
                var own = ParityMeter()
                own.compare(value, statistics: expected)
                layers.append((layer, own.largest))
                compared += own.compared
            }
            let unseen = (entry["intermediates"]?.table ?? [:]).count - layers.count
            guard unseen == 0 else {
                return ParityResult(name: name, largestError: .infinity, note: "\(unseen) layers were not seen")
            }
            meter.compare(y, statistics: entry["output"])
            if let file, file.names.contains("output.\(size)") {
                let expected = try file.tensor("output.\(size)")
                meter.compare(
                    y.shape == expected.shape ? y.to(dtype: .float64).scalars() : [],
                    expected.to(dtype: .float64).scalars(), range: 6)
            }
            let worst = layers.max { $0.error < $1.error }
            let note =
                "\(compared + meter.compared) numbers"
                + (worst.map { ", \(layers.count) layers, the least alike \($0.name)" } ?? "")
            return ParityResult(name: name, largestError: max(meter.largest, worst?.error ?? 0), note: note)
        }
    }

    /// The small layers: self-attention, and pixel shuffle with blur.
    func deOldifyLayer(_ description: ParityDescription) throws -> ParityResult? {
        let noise = description.noise
        func run(
            _ network: Module, _ keys: KeyTable, _ place: String, input shape: [Int], _ body: (Tensor) -> Tensor
        ) throws -> ParityResult {
            try ParityNetworks.fill(network, keys, prefix: "misc.\(place).", noise)
            let y = body(noise.plain("misc.\(place).input", shape: shape))
            var meter = ParityMeter()
            meter.compare(y, statistics: description.json)
            if let all = description.json["all"]?.numbers { meter.compare(y.to(dtype: .float64).scalars(), all) }
            return ParityResult(
                name: description.name, largestError: meter.largest, note: "\(meter.compared) numbers")
        }
        switch description.key {
        case "self_attention":
            let network = SpectralSelfAttention2d(channels: 16, using: nil)
            let keys = KeyTable(family: "self-attention", rules: [.init("{*}", "{*}")])
            return try run(network, keys, "sa", input: [1, 16, 3, 4]) { network($0) }
        case "pixel_shuffle":
            let network = DeOldifyShuffle(inputs: 4, outputs: 2, using: nil)
            let keys = KeyTable(
                family: "pixel shuffle", rules: [.init("conv.0.{*}", "conv.{*}"), .init("conv.1.{*}", "norm.{*}")])
            return try run(network, keys, "ps", input: [1, 4, 3, 2]) { network($0) }
        default: return nil
        }
    }
}
