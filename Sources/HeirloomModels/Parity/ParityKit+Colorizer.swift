import Foundation
import HeirloomLayers
import HeirloomTensors

extension ParityKit {
    /// A description of the 32-bit formulas, by its form.
    func colorizer(
        _ description: ParityDescription, _ describers: [ParityDescription.Runner]
    ) throws -> [ParityResult] {
        let (name, json) = (description.name, description.json)
        for describer in describers {
            if let results = try describer(description) { return results }
        }
        if (json["spectral_norm"] ?? json["one_cycle"]) != nil { return try miscellany(description, describers) }
        return try withoutGradients {
            if json["pickle_globals"] != nil { return [try sampleCheckpoint(name, json)] }
            if json["pillow"] != nil { return try deOldifyPipeline(description) }
            switch json["model"]?.text {
            case "critic"?: return try deOldifyCritic(description)
            case _?: return try deOldifyGenerator(description)
            case nil: return unknown(name, json)
            }
        }
    }

    /// The first value and the sum of every tensor that the 32-bit formulas make for a network.
    func noiseTable(_ file: String, _ files: [String]) throws -> ParityResult {
        let name = String(file.dropLast(4))
        guard let data = FileManager.default.contents(atPath: path(file)) else {
            throw CheckpointError(.unreadable, path: path(file), reason: "cannot be read")
        }
        // The table states no seed: the descriptions beside it do.
        let prefix = file.ranges(of: "fill-check").first.map { String(file[..<$0.lowerBound]) } ?? ""
        let seeds = files.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json") }.lazy
            .compactMap { (try? JSONValue.read(path($0)))?["seed"]?.text }
        let noise = KeyedNoise32(seed: seeds.first ?? "deoldify-parity-1")
        var meter = ParityMeter()
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 4, let first = Double(fields[2]), let sum = Double(fields[3]) else {
                throw CheckpointError(.corrupt, path: path(file), reason: "has a line without four fields: \(line)")
            }
            let shape = fields[1].split(separator: "x").compactMap { Int($0) }
            guard let value = noise.value(String(fields[0]), shape: shape) else {
                meter.compare([], [first])
                continue
            }
            let count = shape.reduce(1, *)
            meter.compare([Double(Float(value(0)))], [first])
            var total = 0.0
            for index in 0..<count { total += Double(Float(value(index))) }
            // The sum of many numbers around 0 is small beside them: their count's root is its natural scale.
            meter.compare([total], [sum], range: max(abs(sum), abs(first) * Double(count).squareRoot()))
        }
        return ParityResult(name: name, largestError: meter.largest, note: "the formulas, \(meter.compared) numbers")
    }

    /// A checkpoint in PyTorch's old stream form: every tensor, exactly.
    func sampleCheckpoint(_ name: String, _ json: JSONValue) throws -> ParityResult {
        guard let file = json["file"]?.text, !file.contains("/"), let seed = json["seed"]?.text,
            let entries = json["tensors"]?.list
        else { throw CheckpointError(.corrupt, path: path(name + ".json"), reason: "states no file, seed or tensors") }
        // Kits are copied under longer names: the description's own name with the file's ending is the other candidate.
        let candidates = [file, "\(name).pth"].map(path)
        guard let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw CheckpointError(.unreadable, path: path(file), reason: "is missing from the kit")
        }
        let checkpoint = try Checkpoint(path: found)
        let noise = KeyedNoise32(seed: seed)
        var meter = ParityMeter()
        meter.compare([Double(checkpoint.tensors.count)], [Double(entries.count)])
        for (entry, stored) in zip(entries, checkpoint.tensors) {
            guard entry["key"]?.text == stored.name, entry["dtype"]?.text == stored.tensor.dtype.description,
                let shape = entry["shape"]?.list.map({ $0.compactMap(\.integer) }), shape == stored.tensor.shape,
                let expected = noise.tensor("checkpoint.\(stored.name)", shape: shape)
            else {
                meter.compare([], [0])
                continue
            }
            meter.compare(
                stored.tensor.to(dtype: .float64).scalars(), expected.to(dtype: .float64).scalars())
        }
        return ParityResult(name: name, largestError: meter.largest, note: "\(entries.count) tensors")
    }

    /// The small cases of the colouriser's kit.
    private func miscellany(
        _ description: ParityDescription, _ describers: [ParityDescription.Runner]
    ) throws -> [ParityResult] {
        try (description.json.table ?? [:]).sorted { $0.key < $1.key }.filter { $0.key != "seed" }.flatMap {
            key, json in
            let entry = description.entry(key, json)
            for describer in describers {
                if let results = try describer(entry) { return results }
            }
            return try withoutGradients {
                if key == "spectral_norm" { return [spectral(entry.name, json, entry.noise)] }
                return [try deOldifyLayer(entry) ?? .notCovered(entry.name, "not a network")]
            }
        }
    }

    private func spectral(_ name: String, _ expected: JSONValue, _ noise: KeyedNoise32) -> ParityResult {
        let layer = SpectralConv2d(inputChannels: 3, outputChannels: 4, kernel: 3, bias: false, using: nil)
        func unit(_ key: String, _ count: Int) -> Tensor {
            let vector = noise.plain(key, shape: [count])
            return vector / vector.norm()
        }
        layer.weight.copy(from: noise.plain("misc.sn.weight_orig", shape: [4, 3, 3, 3]))
        layer.left.copy(from: unit("misc.sn.weight_u", 4))
        layer.right.copy(from: unit("misc.sn.weight_v", 27))
        let x = noise.plain("misc.sn.input", shape: [1, 3, 5, 5])
        var meter = ParityMeter()
        meter.compare(layer(x), statistics: expected["eval_before"])
        meter.compare(layer.withTraining(true) { layer(x) }, statistics: expected["train_step"])
        meter.compare(layer(x), statistics: expected["eval_after"])
        meter.compare(layer.left.to(dtype: .float64).scalars(), expected["u_after"]?.numbers ?? [])
        meter.compare(layer.right.to(dtype: .float64).scalars(), expected["v_after"]?.numbers ?? [])
        let sigma = (layer.left * layer.weight.flattened(from: 1).matmul(layer.right)).sum().item()
        meter.compare([sigma], expected["sigma_after"]?.numbers ?? [])
        return ParityResult(name: name, largestError: meter.largest, note: "\(meter.compared) numbers")
    }
}
