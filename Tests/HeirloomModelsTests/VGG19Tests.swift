import HeirloomLayers
@testable import HeirloomModels
import HeirloomTensors
import TestSupport
import Testing

/// VGG19's names, shapes and file; its numbers are compared with the kit by the recipes' tests.
@Suite struct VGG19Tests {
    @Test func namesAreTorchvisions() {
        let network = VGG19(using: nil)
        let names = network.state().compactMap { VGG19.publishedKeys.foreign($0.name) }
        let places = [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34]
        #expect(Set(names) == Set(places.flatMap { ["features.\($0).weight", "features.\($0).bias"] }))
        #expect(names.count == 32 && network.parameterCount == 20_024_384)
    }

    @Test func mapsHalve() {
        let maps = VGG19(using: Generator(seed: 1)).features(Tensor.uniform([2, 3, 33, 50], using: Generator(seed: 2)))
        #expect(
            maps.map(\.shape) == [
                [2, 64, 33, 50], [2, 128, 16, 25], [2, 256, 8, 12], [2, 512, 4, 6], [2, 512, 2, 3],
            ])
        // before the ReLU
        #expect(maps.allSatisfy { $0.min().item() < 0 })
    }

    @Test func aFileWithoutAllConvolutionsIsRefused() throws {
        let folder = try TemporaryFolder()
        try Safetensors.write([("features.0.weight", Tensor.zeros([64, 3, 3, 3]))], to: folder.file("vgg.safetensors"))
        #expect(throws: (any Error).self) { try VGG19(contentsOf: folder.file("vgg.safetensors")) }
        #expect(throws: (any Error).self) { try VGG19(contentsOf: folder.file("missing.pth")) }
    }
}
