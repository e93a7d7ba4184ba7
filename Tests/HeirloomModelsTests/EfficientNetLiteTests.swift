import HeirloomLayers
import HeirloomModels
import HeirloomTensors
import TestSupport
import Testing

/// EfficientNet-Lite: structure, names, parity with the reference, real weights where they have been fetched.
@Suite struct EfficientNetLiteTests {
    @Test(arguments: [(0, 4_652_008), (1, 5_416_680), (2, 6_092_072), (3, 8_197_096), (4, 13_006_568)])
    func parameters(variant: Int, count: Int) {
        #expect(EfficientNetLite(.init(variant: variant), using: nil).parameterCount == count)
    }

    @Test(arguments: [
        (0, [16, 24, 40, 112, 320]), (1, [16, 24, 40, 112, 320]), (2, [16, 24, 48, 120, 352]),
        (3, [24, 32, 48, 136, 384]),
        (4, [24, 32, 56, 160, 448]),
    ])
    func tapChannels(variant: Int, channels: [Int]) {
        #expect(EfficientNetLiteConfiguration(variant: variant).tapChannels == channels)
    }

    @Test func tapsHaveTheirStrides() {
        let network = EfficientNetLite(.init(variant: 0, classes: nil), using: Generator(seed: 1))
        withoutGradients {
            let taps = network.features(.zeros([2, 3, 64, 96]))
            #expect(
                taps.map(\.shape) == [
                    [2, 16, 32, 48], [2, 24, 16, 24], [2, 40, 8, 12], [2, 112, 4, 6], [2, 320, 2, 3],
                ])
            #expect(
                network.features(.zeros([1, 3, 33, 47]), taps: 3).map(\.shape) == [
                    [1, 16, 17, 24], [1, 24, 9, 12], [1, 40, 5, 6],
                ])
        }
    }

    @Test func everyNameHasAPublishedOne() {
        let network = EfficientNetLite(using: nil)
        let published = network.state().compactMap { EfficientNetLite.publishedKeys.foreign($0.name) }
        #expect(published.count == 296 && Set(published).count == 296)
        for name in [
            "_conv_stem.weight", "_bn0.running_mean", "_blocks.0._depthwise_conv.weight",
            "_blocks.15._bn2.num_batches_tracked",
            "_conv_head.weight", "_bn1.bias", "_fc.bias",
        ] { #expect(published.contains(name)) }
        #expect(!published.contains("_blocks.0._expand_conv.weight"))
    }

    /// Relative to each output's range; two CPU back ends differ by less than 1e-5.
    @Test func agreesWithTheReference() throws {
        let results = try ParityKit(folder: Fixture.path("upscaler-kit")).run {
            $0.hasPrefix("lite0") || $0 == "degrade"
        }
        let run = results.filter { $0.largestError != nil }
        #expect(Set(run.map(\.name)) == ["lite0_64x96", "lite0_odd", "hash_examples"])
        for result in run { #expect(result.passes(limit: 1e-5) == true, "\(result)") }
        #expect(results.contains { $0.name == "degrade" && $0.passes() == nil })
    }

    @Test func dropConnectDropsSamplesInTrainingOnly() {
        let network = EfficientNetLite(.init(classes: nil), using: Generator(seed: 2))
        let x = Tensor.normal([8, 3, 32, 32], using: Generator(seed: 3))
        withoutGradients {
            let plain = network.features(x, taps: 4)[3]
            network.dropConnect = Generator(seed: 4)
            expectEqual(network.features(x, taps: 4)[3], plain)
            for (_, module) in network.namedModules() where module is BatchNorm2d { module.train(false) }
            network.train()
            for (_, module) in network.namedModules() where module is BatchNorm2d { module.train(false) }
            let dropped = network.features(x, taps: 4)[3]
            #expect((dropped - plain).abs().max().item() > 0)
        }
    }

    private static let weights = try? Pretrained.standard()
    private static func has(_ variant: Int) -> Bool {
        guard let weights, let model = try? weights.model(named: "efficientnet-lite\(variant)") else { return false }
        return model.files.allSatisfy { weights.status(of: $0) == .present }
    }

    @Test(.enabled(if: has(0), "efficientnet-lite0 has not been fetched (heirloom models fetch efficientnet-lite0)"))
    func realWeights() throws {
        let results = try ParityKit(folder: Fixture.path("upscaler-kit")).run(weights: Self.weights) { _ in false }
        let real = try #require(results.first { $0.name == "upscaler_real_lite0" })
        #expect(real.passes(limit: 1e-5) == true, "\(real)")
    }
}
