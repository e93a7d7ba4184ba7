import HeirloomLayers
@testable import HeirloomModels
import HeirloomTensors
import TestSupport
import Testing

/// VGG16 with batch norms: names, places, numbers and files.
@Suite struct VGG16BNTests {
    private static let narrow = VGG16BNConfiguration(channels: [4, 6, 8, 8, 6])

    @Test func namesAreTorchvisions() {
        let network = VGG16BN(using: nil)
        let names = network.state().compactMap { VGG16BN.publishedKeys.foreign($0.name) }
        let convolutions = [0, 3, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37, 40]
        let wanted = convolutions.flatMap { place in
            ["weight", "bias"].map { "features.\(place).\($0)" }
                + ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"].map {
                    "features.\(place + 1).\($0)"
                }
        }
        #expect(Set(names) == Set(wanted) && names.count == wanted.count)
        #expect(network.parameterCount == 14_723_136)
        #expect(network.state().reduce(0) { $0 + $1.tensor.count } == network.configuration.elementCount)
    }

    /// Against a narrow network of PyTorch; the tolerance is that of float32 sums in another order.
    @Test func mapsArePyTorchs() throws {
        let tensors = try Fixture.tensors("feature-loss/feature-loss.safetensors")
        let network = VGG16BN(Self.narrow, using: nil)
        try network.load(try Self.narrow.keys.renamed(tensors.filter { $0.key.hasPrefix("features.") }))
        let x = try #require(tensors["input"])
        for (index, map) in network.features(x).enumerated() {
            expectClose(map, try #require(tensors["map\(index)"]), absolute: 1e-5, relative: 1e-5, "map \(index)")
        }
    }

    @Test func everyPlaceCanBeTapped() {
        let network = VGG16BN(Self.narrow, using: Generator(seed: 1))
        let x = Tensor.uniform([1, 3, 33, 64], using: Generator(seed: 2))
        let maps = network.features(x, at: Array(0..<44))
        #expect(maps.count == 44)
        #expect(maps[0].shape == [1, 4, 33, 64] && maps[6].shape == [1, 4, 16, 32] && maps[43].shape == [1, 6, 1, 2])
        // Place 22 rectifies place 21; the maps that are handed out stay as they are.
        expectEqual(maps[22], maps[21].relu())
        #expect(maps[21].min().item() < 0)
        expectEqual(network.features(x, at: [22])[0], maps[22])
        #expect(network.features(x, at: []).isEmpty)
    }

    @Test func normalizesByImageNetsNumbers() {
        let grey = Tensor.full([1, 3, 2, 2], 0.485)
        let found = VGG16BN.normalized(grey)
        #expect(found[0][0].abs().max().item() < 1e-6)
        #expect(abs(found[0][1].max().item() - (0.485 - 0.456) / 0.224) < 1e-6)
    }

    /// As torchvision's file of 2017 is: a classifier beside it, and no counters.
    @Test func publishedFilesAreRead() throws {
        let folder = try TemporaryFolder()
        let source = VGG16BN(using: Generator(seed: 3))
        var entries = source.state().compactMap { name, tensor in
            VGG16BN.publishedKeys.foreign(name).map { (name: $0, tensor: tensor.detached()) }
        }.filter { !$0.name.hasSuffix("num_batches_tracked") }
        entries.append((name: "classifier.6.bias", tensor: .zeros([1000])))
        let path = folder.file("vgg.safetensors")
        try Safetensors.write(entries.map { ($0.name, $0.tensor) }, to: path)

        let network = try VGG16BN(contentsOf: path)
        #expect(!network.isTraining && network.namedParameters().allSatisfy { !$0.tensor.requiresGradient })
        let x = Tensor.uniform([1, 3, 32, 32], using: Generator(seed: 4))
        let wanted = withoutGradients { source.features(x) }
        for (found, wanted) in zip(network.features(x), wanted) { expectEqual(found, wanted) }
        let imported = try #require(try ForeignWeights.load(path) as? VGG16BN)
        expectEqual(imported.features(x)[2], wanted[2])

        try Safetensors.write(entries.dropFirst().map { ($0.name, $0.tensor) }, to: path)
        let error = try #require(throws: CheckpointError.self) { try VGG16BN(contentsOf: path) }
        #expect(error.path == path && error.description.contains("blocks.0.convolutions.0.weight"))
        #expect(throws: (any Error).self) { try VGG16BN(contentsOf: folder.file("missing.pth")) }
    }

    @Test(arguments: [
        #"{"channels": [64], "convolutions": [2, 2]}"#, #"{"channels": [], "convolutions": []}"#,
        #"{"channels": [0], "convolutions": [1]}"#, #"{"channels": [8], "convolutions": [9]}"#,
    ])
    func sizesThatMakeNoNetworkAreRefused(json: String) throws {
        #expect(throws: CheckpointError.self) {
            try Registry.architecture(named: "vgg16-bn").build(configuration: json)
        }
    }
}
