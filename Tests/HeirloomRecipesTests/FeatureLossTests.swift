import Foundation
import HeirloomLayers
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors
import TestSupport
import Testing

/// The family of feature losses: numbers and gradients against PyTorch, and what its members share.
@Suite struct FeatureLossTests {
    /// One convolution over one channel, as a network for spectrograms may begin.
    private struct OneChannelMaps: FeatureNetwork {
        let conv: Conv2d
        var module: Module { conv }
        func maps(of x: Tensor) -> [Tensor] { [x, conv(x).tanh()] }

        init() { conv = Conv2d(inputChannels: 1, outputChannels: 5, kernel: 3, using: Generator(seed: 7)) }
    }

    private func narrowVGG(_ tensors: [String: Tensor]) throws -> VGG16BN {
        let configuration = VGG16BNConfiguration(channels: [4, 6, 8, 8, 6])
        let network = VGG16BN(configuration, using: nil)
        try network.load(try configuration.keys.renamed(tensors.filter { $0.key.hasPrefix("features.") }))
        return network
    }

    /// Base, maps and Gram matrices with weights, and the gradient of the whole; float32 sums in another order.
    @Test(arguments: [
        ("absolute", FeatureLossOptions.Base.absolute), ("squared", .squared), ("huber", .huber(delta: 0.3)),
    ])
    func partsAndGradientArePyTorchs(name: String, base: FeatureLossOptions.Base) throws {
        let tensors = try Fixture.tensors("feature-loss/feature-loss.safetensors")
        let options = FeatureLossOptions(
            base: base, baseWeight: 2,
            maps: [
                .init(weight: 20, gramWeight: 125), .init(weight: 70, scale: 2), .init(weight: 10, gramWeight: 20),
            ])
        let loss = FeatureLoss(try narrowVGG(tensors), options: options, takesNormalized: true)
        let input = try #require(tensors["input"]).copied().requireGradient()
        let parts = loss.parts(input, truth: try #require(tensors["target"]))
        let found = stacked([try #require(parts.base)] + parts.maps + parts.grams)
        expectClose(found.detached(), try #require(tensors["\(name).parts"]), relative: 1e-5, "parts")
        parts.total.backward()
        let wanted = try #require(tensors["\(name).gradient"])
        expectClose(
            try #require(input.gradient), wanted, absolute: 1e-5 * wanted.abs().max().item(), "gradient")
    }

    /// Along the gradient of the Gram terms alone, in a network over one channel that is not square.
    @Test func theGradientOfGramMatricesIsTheSlope() throws {
        let options = FeatureLossOptions(
            base: nil, maps: [.init(weight: 0, gramWeight: 3), .init(weight: 0, gramWeight: 50)])
        let loss = FeatureLoss(OneChannelMaps(), options: options)
        let truth = Tensor.normal([2, 1, 12, 9], using: Generator(seed: 1))
        let x = Tensor.normal([2, 1, 12, 9], using: Generator(seed: 2)).requireGradient()
        let parts = loss.parts(x, truth: truth)
        #expect(parts.base == nil && parts.grams.count == 2)
        parts.total.backward()
        let gradient = try #require(x.gradient)
        let slope = gradient.norm().item()
        let step = gradient * (0.01 / slope)
        let (up, down) = withoutGradients {
            (loss(x + step, truth: truth).item(), loss(x - step, truth: truth).item())
        }
        // kinks where entries of the matrices cross those of the truth
        #expect(slope > 0.01 && abs((up - down) / 0.02 - slope) < 0.03 * slope)
        #expect(loss(truth, truth: truth).item() == 0)
    }

    @Test func aGramMatrixIsItsFormula() {
        let map = Tensor((0..<24).map(Float.init), shape: [1, 2, 3, 4])
        let rows: [[Double]] = (0..<2).map { channel in (0..<12).map { Double(channel * 12 + $0) } }
        var wanted: [Float] = []
        for a in rows {
            for b in rows { wanted.append(Float(zip(a, b).map { $0 * $1 }.reduce(0, +) / 24)) }
        }
        expectClose(FeatureLoss.gramMatrix(map), Tensor(wanted, shape: [1, 2, 2]), relative: 1e-6)
    }

    /// The loss that colour networks were trained with before it became one of a family.
    @Test func heirloomsOwnKeepsItsNumbers() {
        let network = randomEncoder()
        let (picture, truth) = (
            Tensor.uniform([1, 3, 32, 32], using: Generator(seed: 3)),
            Tensor.uniform([1, 3, 32, 32], using: Generator(seed: 4))
        )
        let found = FeatureLoss(network)(picture, truth: truth)
        func maps(_ x: Tensor) -> [Tensor] {
            network.features(EfficientNetLite.normalized(x).contiguous(.channelsLast), taps: 4)
        }
        let parts = zip(zip(maps(picture), maps(truth)), [6.4, 8.5, 7.4, 6.3]).map { $0.0.l1Loss($0.1) / $1 }
        expectEqual(found, parts.dropFirst().reduce(parts[0]) { $0 + $1 })
    }

    @Test func theNetworkIsFrozenAndTheTruthGetsNoGradient() {
        let maps = OneChannelMaps()
        maps.conv.train()
        let loss = FeatureLoss(maps, options: .init(maps: [.init(), .init()]))
        #expect(!maps.conv.isTraining && maps.conv.namedParameters().allSatisfy { !$0.tensor.requiresGradient })
        let x = Tensor.normal([1, 1, 8, 8], using: Generator(seed: 1)).requireGradient()
        let truth = Tensor.normal([1, 1, 8, 8], using: Generator(seed: 2)).requireGradient()
        loss(x, truth: truth.detached()).backward()
        #expect(x.gradient != nil && truth.gradient == nil && maps.conv.weight.gradient == nil)
    }

    @Test(arguments: [
        FeatureLossOptions.deOldify, .lesson7, .efficientNetLite, .realESRGAN,
        .init(base: .huber(delta: 0.2), baseWeight: 3, maps: []),
    ])
    func optionsAreData(options: FeatureLossOptions) throws {
        let data = try JSONEncoder().encode(options)
        #expect(try JSONDecoder().decode(FeatureLossOptions.self, from: data) == options)
    }

    @Test func lesson7WeighsGramMatricesBySquares() {
        #expect(FeatureLossOptions.lesson7.maps.map(\.gramWeight) == [125_000, 1_125_000, 20_000])
        #expect(PerceptualLoss.weights == [0.1, 0.1, 1, 1, 1])
    }

    @Test func aWrongNumberOfWeightsTraps() async {
        await #expect(processExitsWith: .failure) {
            let loss = FeatureLoss(OneChannelMaps(), options: .init(maps: [.init()]))
            _ = loss(.zeros([1, 1, 8, 8]), truth: .zeros([1, 1, 8, 8]))
        }
    }
}
