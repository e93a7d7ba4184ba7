import HeirloomModels
import HeirloomTensors

extension ColorizerParity {
    /// The feature loss with its parts, features and gradient, and the Gram terms of fastai's lesson 7. Errors are parts of
    /// each number; of tensors, parts of their range.
    static func featureLoss(_ description: ParityDescription) throws -> [ParityResult]? {
        guard description.json["loss"]?.text?.hasPrefix("FeatureLoss") == true,
            let cases = description.json["cases"]?.list
        else { return nil }
        // Filling its fifteen million weights takes a while: only where something is to be compared.
        let network = try cases.contains { lossShape($0) != nil } ? vgg(description.noise) : nil
        var results: [ParityResult] = []
        var first: [Int]?
        for (index, entry) in cases.enumerated() {
            guard let shape = lossShape(entry), let network else {
                results.append(.notCovered("\(description.name)/\(index)", "its shape is not one of pictures"))
                continue
            }
            first = first ?? shape
            results.append(compareLoss(description, index, entry, shape, network))
        }
        if let expected = description.json["lesson7"], let first, let network {
            results.append(compareGrams(description, expected, first, network))
        }
        return results
    }

    private static func lossShape(_ entry: JSONValue) -> [Int]? {
        guard let shape = ParityDescription.pictureShape(entry, "shape"), shape[2...].allSatisfy({ $0 >= 16 }),
            shape.reduce(1, *) <= 1 << 24
        else { return nil }
        return shape
    }

    private static func pictures(_ description: ParityDescription, _ shape: [Int]) -> (Tensor, Tensor) {
        func made(_ kind: String) -> Tensor {
            description.noise.plain("loss.\(kind).\(shape[2])x\(shape[3])", shape: shape, scale: 2)
        }
        return (made("input"), made("target"))
    }

    private static func compareLoss(
        _ description: ParityDescription, _ index: Int, _ entry: JSONValue, _ shape: [Int], _ network: VGG16BN
    ) -> ParityResult {
        let loss = FeatureLoss(network, takesNormalized: true)
        let (input, target) = pictures(description, shape)
        input.requireGradient()
        let parts = loss.parts(input, truth: target)
        let total = parts.total
        total.backward()
        var meter = ParityMeter()
        meter.compare([total.item()], [entry["total"]?.number ?? .nan])
        meter.compare([parts.base?.item() ?? .nan], [entry["pixel"]?.number ?? .nan])
        let expected = entry["feat"]?.list ?? []
        meter.compare([Double(parts.maps.count)], [Double(expected.count)])
        for (found, wanted) in zip(parts.maps, expected) { meter.compare([found.item()], [wanted.number ?? .nan]) }
        if let gradient = input.gradient { meter.compare(gradient, statistics: entry["grad_input"]) }
        let maps = withoutGradients { network.features(input) }
        for (map, statistics) in zip(maps, entry["features_of_input"]?.list ?? []) {
            meter.compare(map, statistics: statistics)
        }
        return result(description, "\(index)", meter, limit: 1e-5)
    }

    private static func compareGrams(
        _ description: ParityDescription, _ expected: JSONValue, _ shape: [Int], _ network: VGG16BN
    ) -> ParityResult {
        let (input, target) = pictures(description, shape)
        let parts = withoutGradients {
            FeatureLoss(network, options: .lesson7, takesNormalized: true).parts(input, truth: target)
        }
        var meter = ParityMeter()
        meter.compare([parts.base?.item() ?? .nan], [expected["pixel"]?.number ?? .nan])
        for (found, key) in [(parts.maps, "feat"), (parts.grams, "gram")] {
            let wanted = expected[key]?.numbers ?? []
            meter.compare([Double(found.count)], [Double(wanted.count)])
            for (found, wanted) in zip(found, wanted) { meter.compare([found.item()], [wanted]) }
        }
        meter.compare([parts.total.item()], [expected["total"]?.number ?? .nan])
        return result(description, "lesson7", meter, limit: 1e-5)
    }
}
