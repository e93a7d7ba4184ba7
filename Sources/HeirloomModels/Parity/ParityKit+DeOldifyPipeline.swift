import HeirloomTensors

extension ParityKit {
    /// A whole picture through the original's procedure: what goes into the network exactly, what comes after it with one
    /// sample in a thousand off by one.
    func deOldifyPipeline(_ description: ParityDescription) throws -> [ParityResult] {
        guard let shape = description.json["source"]?.integers, shape.count == 3, shape[2] == 3,
            shape.allSatisfy({ (1...4096).contains($0) }), let cases = description.json["cases"]?.list,
            description.name.contains("artistic") || description.name.contains("stable")
        else { return [.notCovered(description.name, "it states no picture or no generator that is known")] }
        let sizes = description.name.contains("artistic") ? DeOldifyConfiguration.artistic : .stable
        let network = try ParityNetworks.deOldify(sizes, description.noise).preparedForInference()
        let file = try description.tensors()
        let source = description.noise.picture("pipeline.image", height: shape[0], width: shape[1])
        return try cases.map { entry in
            let factor = entry["render_factor"]?.integer ?? 0
            let name = "\(description.name)/rf\(factor)"
            guard OriginalColorizing.renderFactors.contains(factor) else {
                return .notCovered(name, "render factor \(factor)")
            }
            let steps = OriginalColorizing(renderFactor: factor).steps(source, by: network)
            var worst = 0.0
            var notes: [String] = []
            func compare(_ found: Tensor, _ key: String, isExact: Bool = false) throws {
                guard let file, file.names.contains(key) else {
                    // Without the picture its sum: each sample may be off by one in a thousand.
                    let sum = found.to(dtype: .float64).sum().item()
                    guard let expected = entry["sums"]?[String(key.drop { $0 != "." }.dropFirst())]?.number else {
                        return
                    }
                    let share = abs(sum - expected) / Double(found.count)
                    worst = max(worst, isExact && share > 0 ? 1 : share / 10)
                    return
                }
                let expected = try file.tensor(key)
                guard expected.shape == found.shape else { return worst = .infinity }
                let differences: [Double] = (found.to(dtype: .float64) - expected.to(dtype: .float64)).abs().scalars()
                let (count, largest) = (differences.count { $0 > 0 }, differences.max() ?? 0)
                let share = Double(count) / Double(differences.count)
                worst = max(worst, largest > 1 || (isExact && count > 0) ? max(largest, 1) : share / 10)
                if count > 0 { notes.append("\(count) of \(differences.count) of \(key) differ by \(Int(largest))") }
            }
            try compare(source, "source", isExact: true)
            try compare(steps.input, "rf\(factor).model_input", isExact: true)
            try compare(steps.output, "rf\(factor).model_output")
            try compare(steps.resized, "rf\(factor).resized_output")
            try compare(steps.result, "rf\(factor).final")
            return ParityResult(
                name: name, largestError: worst, note: notes.isEmpty ? "every sample" : notes.joined(separator: ", "))
        }
    }
}
