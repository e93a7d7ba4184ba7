import Foundation
import HeirloomLayers
import HeirloomModels
import HeirloomTensors
import TestSupport
import Testing

/// The colour network against its PyTorch twin (`Fixtures/color-unet`), and its forms for inference.
@Suite struct ColorUNetTests {
    /// Our name in the twin's words: its encoder keeps the published names.
    private static func twinName(_ name: String) throws -> String {
        guard name.hasPrefix("encoder.") else { return name }
        return "encoder." + (try #require(EfficientNetLite.publishedKeys.foreign(String(name.dropFirst(8)))))
    }

    private static func filled() throws -> ColorUNet {
        let (network, noise) = (ColorUNet(using: nil), KeyedNoise64(seed: 1))
        var state: [String: Tensor] = [:]
        for (name, tensor) in network.state() {
            if name == "attention.gamma" {
                state[name] = .full([1], 0.7)
                continue
            }
            let key = try twinName(name)
            let value = noise.tensor(
                key.hasPrefix("encoder.") ? String(key.dropFirst(8)) : key, shape: tensor.shape, family: .lite)
            state[name] = name == "head.weight" ? value.map { $0 / 8 } : value
        }
        try network.load(state)
        return network
    }

    /// Some 60 layers of float32 in another order of sums: outputs of deviation 0.06 agree to a millionth of their range.
    @Test(arguments: [("even", [2, 1, 64, 96]), ("wide", [1, 1, 32, 160])])
    func agreesWithTheTwin(name: String, shape: [Int]) throws {
        let expected = try #require(try Fixture.tensors("color-unet/parity.safetensors")[name])
        let luma = KeyedNoise64(seed: 1).input(name, shape: shape)
        let network = try Self.filled()
        withoutGradients {
            expectClose(network(luma), expected, absolute: 2e-6, "plain")
            expectClose(network.preparedForInference()(luma), expected, absolute: 2e-6, "folded, channels last")
        }
    }

    @Test func trainsLikeTheTwin() throws {
        let expected = try Fixture.tensors("color-unet/parity.safetensors")
        let (network, noise) = (try Self.filled(), KeyedNoise64(seed: 1))
        // In float64: batch statistics over as few as 8 samples amplify rounding too much for float32.
        network.to(dtype: .float64)
        network.train()
        let y = network(noise.input("training", shape: [2, 1, 64, 64]).to(dtype: .float64))
        expectClose(y.detached(), try #require(expected["training"]), absolute: 1e-9, "output")
        (y * noise.input("loss", shape: [2, 2, 64, 64]).to(dtype: .float64)).sum().backward()
        func named(_ list: [(name: String, tensor: Tensor)]) throws -> [String: Tensor] {
            Dictionary(uniqueKeysWithValues: try list.map { (try Self.twinName($0.name), $0.tensor) })
        }
        let (parameters, buffers) = (try named(network.namedParameters()), try named(network.namedBuffers()))
        for (key, value) in expected where key.contains("/") {
            let name = String(key.split(separator: "/")[1])
            let found = key.hasPrefix("gradient/") ? parameters[name]?.gradient : buffers[name]
            expectClose(try #require(found), value, absolute: 1e-9 * max(1, value.abs().max().item()), key)
        }
    }

    @Test func bfloat16IsClose() throws {
        let network = try Self.filled()
        let luma = KeyedNoise64(seed: 1).input("even", shape: [2, 1, 64, 96])
        try withoutGradients {
            let exact = network(luma)
            let half = network.preparedForInference(dtype: .bfloat16)
            #expect(half.namedParameters().allSatisfy { !$0.tensor.requiresGradient })
            let found = half(luma.to(dtype: .bfloat16)).to(dtype: .float32)
            let error = (found - exact).squared().mean().sqrt().item() / exact.standardDeviation().item()
            // 8 bits of mantissa: a relative error of 0.4 % in each of some 60 layers.
            #expect(error < 0.1, "relative deviation \(error)")
            try #require(found.isFinite().all().item() == 1)
        }
    }

    @Test(arguments: [[1, 1], [3, 7], [33, 64], [70, 95], [64, 96]]) func anySize(_ size: [Int]) {
        let network = ColorUNet(using: Generator(seed: 1)).preparedForInference()
        let luma = Tensor.uniform([1, 1] + size, using: Generator(seed: 1))
        let chroma = withoutGradients { network.chroma(of: luma) }
        #expect(chroma.shape == [1, 2] + size)
        #expect(chroma.isFinite().all().item() == 1 && chroma.abs().max().item() <= 0.5)
    }

    @Test func theCopyForInferenceLeavesTheNetworkAlone() {
        let network = ColorUNet(using: Generator(seed: 2))
        let names = network.state().map(\.name)
        let copy = network.preparedForInference()
        #expect(network.state().map(\.name) == names && copy.state().count < names.count)
        withoutGradients { copy.namedParameters()[0].tensor.fill(0) }
        #expect(network.namedParameters()[0].tensor.abs().max().item() > 0)
    }

    @Test func groupsCoverEveryParameterOnce() {
        let network = ColorUNet(using: nil)
        let grouped = network.namedGroups.flatMap { $0.namedParameters().map(\.name) }
        #expect(Set(grouped) == Set(network.namedParameters().map(\.name)))
        #expect(grouped.count == Set(grouped).count)
        #expect(network.namedGroups.map(\.name) == ["encoder-early", "encoder-late", "decoder"])
    }

    @Test func theEncoderStartsFromAClassifier() {
        let classifier = EfficientNetLite(using: Generator(seed: 3))
        let network = ColorUNet(using: Generator(seed: 4))
        network.loadEncoder(from: classifier)
        let source = Dictionary(uniqueKeysWithValues: classifier.state().map { ($0.name, $0.tensor) })
        for (name, tensor) in network.encoder.state() {
            #expect(source[name].map { tensor.isEqual(to: $0) } == true, "\(name)")
        }
    }

    @Test func startsGreyAndSmooth() {
        let network = ColorUNet(using: Generator(seed: 5))
        let chroma = withoutGradients { network(Tensor.uniform([1, 1, 64, 64], using: Generator(seed: 6))) }
        #expect(chroma.abs().max().item() < 0.3)
    }

    @Test func oddConfigurationsAreRefused() {
        for json in [
            #"{"encoder":9,"upsampled":[8,8,8,8],"mixed":[8,8,8,8],"attention":true}"#,
            #"{"encoder":0,"upsampled":[8,8,8],"mixed":[8,8,8,8],"attention":true}"#,
            #"{"encoder":0,"upsampled":[8,8,8,900000000],"mixed":[8,8,8,8],"attention":true}"#,
        ] {
            #expect(throws: (any Error).self) {
                try Registry.architecture(named: "color-unet").build(configuration: json)
            }
        }
    }
}
