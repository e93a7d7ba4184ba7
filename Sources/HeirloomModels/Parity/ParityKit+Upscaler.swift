import HeirloomLayers
import HeirloomTensors

extension ParityKit {
    /// The kit of `upscaler_kit.json`.
    /// - Parameter runners: What runs cases that are not about a network alone, by name.
    func upscaler(_ json: JSONValue, _ cases: [String: JSONValue], _ runners: [String: Runner]) throws -> [ParityResult]
    {
        guard let seed = json["seed"]?.integer else {
            throw CheckpointError(.corrupt, path: folder, reason: "the kit states no seed")
        }
        let noise = KeyedNoise64(seed: seed)
        var results: [ParityResult] = []
        for (name, entry) in cases.sorted(by: { $0.key < $1.key }) {
            let parity = try ParityCase(name, entry, noise: noise, folder: folder)
            if let runner = runners[name] {
                results.append(try runner(parity))
            } else {
                results.append(try withoutGradients { try run(parity) })
            }
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

    /// One case by the network that its name stands for.
    private func run(_ parity: ParityCase) throws -> ParityResult {
        let name = parity.name
        if let variant = Self.liteVariant(name) { return try lite(parity, variant) }
        if let match = name.wholeMatch(of: #/rrdb_x(\d)_b(\d+)/#), let scale = Int(match.1), let blocks = Int(match.2),
            [1, 2, 4].contains(scale), (1...64).contains(blocks)
        {
            return try rrdb(parity, scale: scale, blocks: blocks)
        }
        if let match = name.wholeMatch(of: #/srvgg_c(\d+)_x(\d)/#), let convolutions = Int(match.1),
            let upscale = Int(match.2), (1...256).contains(convolutions), (1...8).contains(upscale)
        {
            return try compact(parity, upscale: upscale, convolutions: convolutions)
        }
        switch name {
        case "unet_disc": return try discriminator(parity)
        case "tile12_pad3_pre2":
            let network = try ParityNetworks.compact(upscale: 4, convolutions: 16, parity.noise)
            let tiling = OriginalUpscaling(tile: 12, tilePadding: 3, prePadding: 2)
            return try single(parity, input: "tile") { tiling.enlarged($0, by: network) }
        case "tile_x2_odd_pre3":
            let network = try ParityNetworks.rrdb(scale: 2, blocks: 2, parity.noise)
            let tiling = OriginalUpscaling(tile: 12, tilePadding: 4, prePadding: 3)
            return try single(parity, input: "tile_x2") { tiling.enlarged($0, by: network) }
        case _ where name.hasPrefix("pipe_"): return try pipeline(parity)
        default: return .notCovered(name)
        }
    }

    /// A case with one input and the output `y`.
    private func single(_ parity: ParityCase, input: String, _ body: (Tensor) -> Tensor) throws -> ParityResult {
        let x = parity.noise.input(input, shape: try parity.inputShape())
        var meter = ParityMeter()
        parity.compare(x, statistics: parity.entry["input"], &meter)
        try parity.compare(body(x), "y", &meter)
        return ParityResult(name: parity.name, largestError: meter.largest, note: "\(meter.compared) numbers")
    }

    private func compact(_ parity: ParityCase, upscale: Int, convolutions: Int) throws -> ParityResult {
        let network = try ParityNetworks.compact(upscale: upscale, convolutions: convolutions, parity.noise)
        return try single(parity, input: parity.name) { network($0) }
    }

    /// An RRDBNet with what its layers give on the way.
    private func rrdb(_ parity: ParityCase, scale: Int, blocks: Int) throws -> ParityResult {
        let network = try ParityNetworks.rrdb(scale: scale, blocks: blocks, parity.noise)
        let x = parity.noise.input(parity.name, shape: try parity.inputShape())
        guard x.shape[2] % network.configuration.fold == 0, x.shape[3] % network.configuration.fold == 0 else {
            return .notCovered(parity.name, "its input is no multiple of \(network.configuration.fold) pixels")
        }
        var meter = ParityMeter()
        parity.compare(x, statistics: parity.entry["input"], &meter)
        try parity.compare(network(x), "y", &meter)
        if let trace = parity.entry["trace"]?.table {
            var y = network.first(scale == 4 ? x : x.pixelUnshuffled(network.configuration.fold))
            let first = y
            func compare(_ key: String, _ y: Tensor) {
                if let statistics = trace[key] { parity.compare(y, statistics: statistics, &meter) }
            }
            compare("conv_first", y)
            for (index, block) in network.body.enumerated() {
                y = block(y)
                compare("body.\(index)", y)
            }
            compare("trunk", first + network.trunk(y))
        }
        return ParityResult(name: parity.name, largestError: meter.largest, note: "\(meter.compared) numbers")
    }

    private func discriminator(_ parity: ParityCase) throws -> ParityResult {
        let network = try ParityNetworks.discriminator(parity.noise)
        let x = parity.noise.input(parity.name, shape: try parity.inputShape())
        guard x.shape[2] % 8 == 0, x.shape[3] % 8 == 0 else {
            return .notCovered(parity.name, "its input is no multiple of 8 pixels")
        }
        var meter = ParityMeter()
        parity.compare(x, statistics: parity.entry["input"], &meter)
        for (index, layer) in (network.down + network.up + network.refine).enumerated() {
            guard let sigma = parity.entry["sigma_initial"]?["conv\(index + 1)"]?.number else { continue }
            meter.compare([(layer.left * layer.weight.flattened(from: 1).matmul(layer.right)).sum().item()], [sigma])
        }
        try parity.compare(network(x), "eval", &meter)
        try network.withTraining(true) {
            try parity.compare(network(x), "train_1st", &meter)
            try parity.compare(network(x), "train_2nd", &meter)
        }
        return ParityResult(name: parity.name, largestError: meter.largest, note: "\(meter.compared) numbers")
    }

    /// Whole pictures of 8 or 16 bits: rounding may tip over, so the error is a tenth of the share of samples that differ,
    /// by one level (8 bits) or two (16 bits); more than that counts in full.
    private func pipeline(_ parity: ParityCase) throws -> ParityResult {
        let kind = String(parity.name.dropFirst("pipe_".count))
        guard let input = try parity.tensor("\(kind).in"), let expected = try parity.tensor("\(kind).out") else {
            return .notCovered(parity.name, "its pictures are not in the folder")
        }
        guard input.rank == 2 || input.rank == 3,
            input.shape.last.map({ input.rank == 2 || (3...4).contains($0) }) == true
        else { return .notCovered(parity.name, "a picture of shape \(input.shape) is not known") }
        let network = try ParityNetworks.compact(upscale: 4, convolutions: 16, parity.noise)
        let planes = (input.rank == 2 ? input.unsqueezed(2) : input).transposed([2, 0, 1]).unsqueezed(0)
        let maximum = OriginalUpscaling.assumedMaximum(of: planes)
        let y = OriginalUpscaling()(planes, maximum: maximum, by: network)
        let found = y.squeezed(0).transposed([1, 2, 0])
        var meter = ParityMeter()
        let a: [Double] = found.to(dtype: .float64).scalars()
        let b: [Double] = expected.to(dtype: .float64).scalars()
        guard a.count == b.count else {
            return ParityResult(name: parity.name, largestError: .infinity, note: "its size")
        }
        let differences = zip(a, b).map { abs($0 - $1) }
        let (count, largest) = (differences.count { $0 > 0 }, differences.max() ?? 0)
        let share = Double(count) / Double(max(a.count, 1))
        meter.compare([largest <= (maximum == 255 ? 1 : 2) ? share / 10 : largest], [0], range: 1)
        return ParityResult(
            name: parity.name, largestError: meter.largest,
            note: "\(count) of \(a.count) samples differ, by at most \(Int(largest)) of \(maximum)")
    }

    static func liteVariant(_ name: String) -> Int? {
        guard name.hasPrefix("lite"), let digit = name.dropFirst(4).first?.wholeNumberValue, digit <= 4 else {
            return nil
        }
        return digit
    }

    private func lite(_ parity: ParityCase, _ variant: Int) throws -> ParityResult {
        guard let outputs = parity.entry["outputs"]?.table else {
            throw CheckpointError(.corrupt, path: folder, reason: "case \(parity.name) states no outputs")
        }
        let network = try ParityNetworks.efficientNetLite(variant, parity.noise)
        let x = parity.noise.input(parity.name, shape: try parity.inputShape())
        var meter = ParityMeter()
        parity.compare(x, statistics: parity.entry["input"], &meter)
        let taps = network.features(x)
        for output in outputs.keys.sorted() {
            if output == "logits" {
                try parity.compare(network.logits(x), output, &meter)
            } else if let stride = Int(output.dropFirst()), let tap = [2, 4, 8, 16, 32].firstIndex(of: stride) {
                try parity.compare(taps[tap], output, &meter)
            } else {
                return .notCovered(parity.name, "output \(output) is not known")
            }
        }
        return ParityResult(name: parity.name, largestError: meter.largest, note: "\(outputs.count) outputs")
    }
}
