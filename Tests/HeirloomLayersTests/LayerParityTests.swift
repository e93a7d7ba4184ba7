import HeirloomLayers
import HeirloomTensors
import TestSupport
import Testing

/// Every layer against PyTorch: output, every gradient and every buffer, whole tensors (`Fixtures/layers/make_layers.py`).
@Suite struct LayerParityTests {
    /// A layer as the script builds it under the same name.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var training = false
        var repeats = 1
        let make: @Sendable () -> Module
        let forward: @Sendable (Module, Tensor) -> Tensor
        var testDescription: String { name }

        init<Layer: UnaryLayer>(
            _ name: String, training: Bool = false, repeats: Int = 1, _ make: @escaping @Sendable () -> Layer
        ) {
            self.init(name, training: training, repeats: repeats, make) { $0($1) }
        }

        init<Layer: Module>(
            _ name: String, training: Bool = false, repeats: Int = 1, _ make: @escaping @Sendable () -> Layer,
            _ forward: @escaping @Sendable (Layer, Tensor) -> Tensor
        ) {
            self.name = name
            self.training = training
            self.repeats = repeats
            self.make = { make() }
            self.forward = { module, x in
                guard let layer = module as? Layer else { fatalError("\(module) is not a \(Layer.self)") }
                return forward(layer, x)
            }
        }
    }

    static let cases: [Case] =
        [
            Case("conv2d") { Conv2d(inputChannels: 3, outputChannels: 4, kernel: 3, padding: .zeros(1), using: nil) },
            Case("conv2d-strided") {
                Conv2d(
                    inputChannels: 4, outputChannels: 6, kernel: [3, 5], stride: [2, 1],
                    padding: .zeros(vertical: 0, horizontal: 2), dilation: [2, 1], groups: 2, using: nil)
            },
            Case("conv1d") {
                Conv1d(
                    inputChannels: 4, outputChannels: 6, kernel: 3, stride: 2, padding: 2, dilation: 2, groups: 2,
                    using: nil)
            },
            Case("transposed") {
                ConvTransposed2d(
                    inputChannels: 4, outputChannels: 6, kernel: [3, 2], stride: [2, 3], padding: [1, 0],
                    outputPadding: [1, 0], groups: 2, using: nil)
            },
            Case("linear") { Linear(inputs: 5, outputs: 3, using: nil) },
            Case("batchnorm") { BatchNorm2d(channels: 4, epsilon: 1e-3, momentum: 0.01) },
            Case("batchnorm-training", training: true) { BatchNorm2d(channels: 4, epsilon: 1e-3, momentum: 0.01) },
            Case("groupnorm") { GroupNorm(groups: 2, channels: 6) },
            Case("layernorm") { LayerNorm(sizes: [4, 3]) },
            Case("prelu") { PReLU(channels: 3) },
            Case("prelu-one") { PReLU() },
            Case("upsample") { PixelShuffleUpsample(inputChannels: 3, outputChannels: 2, using: nil) },
            Case("upsample-training", training: true) {
                PixelShuffleUpsample(inputChannels: 3, outputChannels: 2, using: nil)
            },
            Case("attention") { SelfAttention2d(channels: 16, using: nil) },
            Case("spectral") {
                SpectralConv2d(inputChannels: 3, outputChannels: 4, kernel: 3, padding: 1, using: nil)
            },
            Case("spectral-training", training: true, repeats: 2) {
                SpectralConv2d(
                    inputChannels: 3, outputChannels: 4, kernel: 3, stride: 2, padding: 1, bias: false, using: nil)
            },
            Case("gru", { GRU(inputSize: 5, hiddenSize: 4, using: nil) }) { $0($1).output },
            Case("gru-both", { GRU(inputSize: 5, hiddenSize: 4, bidirectional: true, using: nil) }) { gru, x in
                let (output, state) = gru(x)
                return concatenated([output.flattened(from: 1), state.swappingAxes(0, 1).flattened(from: 1)], axis: 1)
            },
        ]
        + [(3, 2), (5, 2), (5, 1)].flatMap { kernel, stride in
            [8, 9].map { size in
                Case("conv2d-same-\(size)-\(kernel)-\(stride)") {
                    Conv2d(
                        inputChannels: 3, outputChannels: 3, kernel: kernel, stride: stride, padding: .same, groups: 3,
                        bias: false, using: nil)
                }
            }
        }

    /// Both sides add the same float32 products in another order: the error of a sum follows its largest terms, so a
    /// tensor's largest value sets the scale (measured: up to 2e-6 of it).
    private func expectAgreement(_ found: Tensor, _ expected: Tensor, _ what: String) {
        let scale = expected.count == 0 ? 1 : max(1, expected.abs().max().item())
        expectClose(found, expected, absolute: 4e-6 * scale, what)
    }

    @Test(arguments: cases) func agreesWithPyTorch(_ test: Case) throws {
        let all = try Fixture.tensors("layers/layers.safetensors")
        func part(_ kind: String) -> [String: Tensor] {
            let prefix = "\(test.name)/\(kind)/"
            return Dictionary(
                uniqueKeysWithValues: all.filter { $0.key.hasPrefix(prefix) }.map {
                    (String($0.key.dropFirst(prefix.count)), $0.value)
                })
        }
        let layer = test.make()
        try layer.load(part("state"))
        layer.train(test.training)
        let x = try #require(all["\(test.name)/x"]).copied().requireGradient()
        let (w, y) = (try #require(all["\(test.name)/w"]), try #require(all["\(test.name)/y"]))
        var output = test.forward(layer, x)
        for _ in 1..<test.repeats { output = test.forward(layer, x) }
        expectAgreement(output.detached(), y, "output")
        (output * w).sum().backward()
        var gradients = part("grad")
        let ofInput = try #require(gradients["x"])
        gradients["x"] = nil
        expectAgreement(try #require(x.gradient), ofInput, "gradient of the input")
        #expect(Set(gradients.keys) == Set(layer.namedParameters().map(\.name)))
        for (name, parameter) in layer.namedParameters() {
            let expected = try #require(gradients[name])
            expectAgreement(try #require(parameter.gradient), expected, "gradient of \(name)")
        }
        let after = part("after")
        #expect(Set(after.keys) == Set(layer.namedBuffers().map(\.name)))
        for (name, buffer) in layer.namedBuffers() {
            expectAgreement(buffer.to(dtype: .float64), try #require(after[name]).to(dtype: .float64), "buffer \(name)")
        }
    }

    @Test func everyCaseOfTheFileIsRun() throws {
        let names = try Fixture.tensors("layers/layers.safetensors").keys.map { String($0.prefix { $0 != "/" }) }
        #expect(Set(names) == Set(Self.cases.map(\.name)))
    }
}
