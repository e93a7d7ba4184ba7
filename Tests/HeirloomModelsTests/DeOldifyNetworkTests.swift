import Foundation
import HeirloomLayers
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomModels

/// DeOldify's networks: published names and sizes, outputs and gradients of PyTorch, folding, groups.
@Suite struct DeOldifyNetworkTests {
    static let noise = KeyedNoise32(seed: "deoldify-fixture")
    static let deep = DeOldifyConfiguration(
        width: 8, depths: [1, 2, 1, 1], bottleneck: false, convolutions: 2, upsampled: [8, 12, 12, 10],
        mixed: [24, 24, 20, 10])
    static let wide = DeOldifyConfiguration(
        width: 4, depths: [1, 1, 2, 1], bottleneck: true, convolutions: 1, upsampled: [16, 16, 16, 8],
        mixed: [16, 16, 16, 8])

    static func network(_ name: String) throws -> DeOldifyGenerator {
        try ParityNetworks.deOldify(name == "deep" ? deep : wide, noise)
    }

    /// The lists are those of the published files: every name and shape, both ways.
    @Test(arguments: ["artistic", "stable", "critic"]) func namesAndShapesAreThePublishedOnes(_ name: String) throws {
        let network: any BuildableModel
        let keys: KeyTable
        let expected: (parameters: Int, elements: Int)
        switch name {
        case "critic":
            let critic = DeOldifyCritic(using: nil)
            (network, keys) = (critic, DeOldifyCritic.publishedKeys)
            expected = (94_555_649, critic.configuration.elementCount)
        default:
            let generator = DeOldifyGenerator(name == "artistic" ? .artistic : .stable, using: nil)
            (network, keys) = (generator, generator.publishedKeys)
            expected = (name == "artistic" ? 63_646_881 : 218_222_197, generator.configuration.elementCount)
        }
        #expect(network.parameterCount == expected.parameters)
        #expect(network.state().reduce(0) { $0 + $1.tensor.count } == expected.elements)
        let list = String(decoding: try Fixture.bytes("deoldify/keys-\(name).txt"), as: UTF8.self)
        let published = list.split(separator: "\n").map(String.init)
        let own = network.state().map { own, tensor in
            let shape = tensor.shape.map(String.init).joined(separator: "x")
            return "\(keys.foreign(own) ?? "?") \(shape.isEmpty ? "scalar" : shape)"
        }
        #expect(Set(own) == Set(published) && own.count == published.count)
        for line in published {
            let key = String(line.prefix { $0 != " " })
            #expect(keys.own(key).flatMap(keys.foreign) == key, "\(key)")
        }
    }

    /// Against PyTorch; two CPU back ends differ by less than 1e-5 of the range of 6.
    @Test(arguments: ["deep", "wide"]) func outputsAreThoseOfPyTorch(_ name: String) throws {
        let golden = try Fixture.tensors("deoldify/deoldify.safetensors")
        let network = try Self.network(name)
        let x = Self.noise.plain("\(name).input", shape: [2, 3, 48, 80], scale: 2)
        func sampled(_ y: Tensor) -> Tensor { y.sliced(axis: 2, from: 0, by: 4).sliced(axis: 3, from: 0, by: 4) }
        let y = withoutGradients { network(x) }
        expectClose(sampled(y), try #require(golden["\(name).eval"]), absolute: 2e-5)
        // Folded and channels-last it is the same network.
        expectClose(withoutGradients { network.preparedForInference()(x) }, y, absolute: 2e-5)
        #expect(y.abs().max().item() < 3)
    }

    /// A step in training: power iterations, running statistics, gradients through all kinds of weights.
    @Test(arguments: ["deep", "wide"]) func trainingIsThatOfPyTorch(_ name: String) throws {
        let golden = try Fixture.tensors("deoldify/deoldify.safetensors")
        let network = try Self.network(name)
        let x = Self.noise.plain("\(name).input", shape: [2, 3, 48, 80], scale: 2)
        try network.withTraining(true) {
            let y = network(x)
            expectClose(
                y.detached().sliced(axis: 2, from: 0, by: 4).sliced(axis: 3, from: 0, by: 4),
                try #require(golden["\(name).train"]), absolute: 1e-4)
            (y * Self.noise.plain("\(name).weight", shape: y.shape)).mean().backward()
        }
        let state = Dictionary(uniqueKeysWithValues: network.state().map { ($0.name, $0.tensor) })
        func tensor(_ key: Substring) throws -> Tensor {
            try #require(network.publishedKeys.own(String(key)).flatMap { state[$0] })
        }
        var compared = 0
        for (key, expected) in golden where key.hasPrefix("\(name).gradient.") {
            let gradient = try #require(try tensor(key.dropFirst("\(name).gradient.".count)).gradient).flattened()
            let head = gradient.sliced(axis: 0, from: 0, to: min(64, gradient.count))
            let found = concatenated([head, gradient.norm().reshaped([1])], axis: 0)
            // Normalisation over six positions makes small differences large: 1e-3 of the gradient's own size.
            expectClose(found, expected, absolute: 1e-3 * expected.abs().max().item())
            compared += 1
        }
        for (key, expected) in golden where key.hasPrefix("\(name).after.") {
            let found = try tensor(key.dropFirst("\(name).after.".count)).detached()
            expectClose(found.sliced(axis: 0, from: 0, to: expected.count), expected, absolute: 1e-5)
            compared += 1
        }
        #expect(compared == 10)
    }

    @Test(arguments: [(64, 64), (96, 80)]) func criticIsThatOfPyTorch(_ height: Int, _ width: Int) throws {
        let golden = try Fixture.tensors("deoldify/deoldify.safetensors")
        let critic = try ParityNetworks.deOldifyCritic(.init(features: 8), Self.noise)
        let x = Self.noise.plain("critic.\(height)x\(width)", shape: [2, 3, height, width], scale: 2)
        let y = withoutGradients { critic(x) }
        expectClose(y, try #require(golden["critic.\(height)x\(width)"]), absolute: 1e-4)
    }

    /// Dropout drops whole channels, in training only, and from the generator that it is given.
    @Test func criticDropsChannelsInTrainingOnly() throws {
        let critic = DeOldifyCritic(.init(features: 8, dropout: 0.5), using: Generator(seed: 1))
        let x = Self.noise.plain("x", shape: [2, 3, 64, 64], scale: 2)
        func run() -> Tensor {
            critic.randomness = Generator(seed: 7)
            return withoutGradients { critic(x) }
        }
        #expect(run().isEqual(to: run()))
        var dropped = 0
        critic.withTraining(true) {
            critic.randomness = Generator(seed: 7)
            _ = withoutGradients {
                critic.traced(x) { place, y in
                    guard ["1", "3", "6", "9"].contains(place) else { return }
                    let levels = y.abs().sum(axes: [2, 3])
                    dropped += Int((levels .== 0).to(dtype: .float32).sum().item())
                }
            }
        }
        // 2 × (8 + 8 + 16 + 32) channels, an eighth to a half of which go.
        #expect((20...80).contains(dropped), "\(dropped)")
    }

    /// Three groups of which each tensor is in one; sizes of the published network as fastai counts them.
    @Test func groupsAreThoseOfTheOriginal() {
        let groups = DeOldifyGenerator(.artistic, using: nil).namedGroups
        #expect(groups.map(\.name) == ["encoder-early", "encoder-late", "decoder"])
        let sizes = groups.map { $0.namedParameters().reduce(0) { $0 + $1.tensor.count } }
        #expect(sizes == [1_347_904, 19_936_768, 42_362_209])
        let network = DeOldifyGenerator(Self.wide, using: Generator(seed: 1))
        let names = network.namedGroups.flatMap { $0.namedParameters().map(\.name) }
        #expect(Set(names) == Set(network.namedParameters().map(\.name)) && names.count == Set(names).count)
    }

    /// A fresh network answers, trains, and is not grey by construction.
    @Test func freshNetworksAreFinite() {
        let network = DeOldifyGenerator(Self.deep, using: Generator(seed: 5))
        let x = Self.noise.plain("x", shape: [1, 3, 32, 64], scale: 2)
        let y = withoutGradients { network(x) }
        #expect(y.shape == x.shape && y.isFinite().all().item() == 1)
        #expect(y.standardDeviation().item() > 1e-3)
    }

    /// As a colour network: chroma of the clamped picture, the same in bfloat16 but for its digits.
    @Test func colorsLuma() throws {
        let network: any ColorNetwork = try Self.network("wide")
        let luma = Self.noise.plain("luma", shape: [1, 1, 32, 48], scale: 0.5, offset: 0.5)
        let chroma = withoutGradients {
            network.prepared(device: .cpu, dtype: .float32).predictedChroma(of: luma)
        }
        #expect(chroma.shape == [1, 2, 32, 48] && chroma.dtype == .float32 && chroma.abs().max().item() <= 0.5)
        #expect(chroma.standardDeviation().item() > 0.01)
        let half = withoutGradients {
            network.prepared(device: .cpu, dtype: .bfloat16).predictedChroma(of: luma.to(dtype: .bfloat16))
        }
        #expect((half - chroma).abs().mean().item() < 0.02)
        #expect(network.rendering.factorUnit == 16 && network.rendering.shape == .square)
    }
}
