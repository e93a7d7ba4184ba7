import HeirloomLayers
import HeirloomTensors
import TestSupport
import Testing

/// Fused layers against the layers that they replace, with a fast path and composed of single operations.
@Suite struct FusedConv2dTests {
    private let activations: [(name: String, make: (Int, Generator) -> FusedConv2d.Activation)] = [
        ("none", { _, _ in .none }),
        ("leaky", { _, _ in .leakyRelu(slope: 0.2) }),
        (
            "prelu",
            { channels, generator in
                let layer = PReLU(channels: channels)
                withoutGradients { layer.weight.fillUniform(from: -0.4, to: 0.4, using: generator) }
                return .prelu(layer)
            }
        ),
    ]

    private func plain(
        _ x: Tensor, _ conv: Conv2d, _ activation: FusedConv2d.Activation, scale: Double, enlargement: Int
    ) -> Tensor {
        let y = conv(
            x.resized(height: x.shape[2] * enlargement, width: x.shape[3] * enlargement, mode: .nearest))
        switch activation {
        case .none: return y * scale
        case .leakyRelu(let slope): return y.leakyRelu(slope: slope) * scale
        case .prelu(let layer): return layer(y) * scale
        }
    }

    /// Float32 differs by the order of sums of 9 · 24 products; half precisions by some roundings of 2⁻⁹ or 2⁻¹² of values
    /// up to 4.
    @Test(arguments: [
        (DType.float32, 1e-5, true), (.float32, 1e-5, false), (.bfloat16, 0.02, true), (.bfloat16, 0.04, false),
        (.float16, 0.006, false),
    ])
    func agreesWithSingleLayers(dtype: DType, tolerance: Double, packed: Bool) {
        guard !packed || PackedConvolution.isAvailable(dtype, on: .cpu) else { return }
        let generator = Generator(seed: 5)
        for (name, make) in activations {
            for bias in [true, false] {
                let conv = Conv2d(
                    inputChannels: 24, outputChannels: 20, kernel: 3, padding: .zeros(1), bias: bias, using: generator)
                let activation = make(20, generator)
                let fused = FusedConv2d(
                    conv, activation, scale: 0.2, device: .cpu, dtype: dtype, packed: packed)
                let x = Tensor.normal([2, 24, 7, 10], using: generator).to(dtype: dtype)
                let other = Tensor.normal([2, 20, 14, 20], using: generator).to(dtype: dtype).contiguous(.channelsLast)
                withoutGradients {
                    let expected =
                        plain(x.to(dtype: .float32), conv, activation, scale: 0.2, enlargement: 2)
                        + other.to(dtype: .float32) * 0.5
                    let result = fused(x, enlargement: 2, adding: [.init(other, scale: 0.5)])
                    #expect(result.dtype == dtype)
                    expectClose(
                        result.to(dtype: .float32), expected, absolute: tolerance, "\(name), bias \(bias), \(dtype)")
                    let room = Tensor.zeros([2, 30, 14, 20], dtype: dtype).contiguous(.channelsLast)
                    let slice = room.sliced(axis: 1, from: 4, to: 24)
                    fused.write(x, enlargement: 2, adding: [.init(other, scale: 0.5)], to: slice)
                    expectEqual(slice, result, "into a slice")
                    #expect(room.sliced(axis: 1, from: 24, to: 30).abs().max().item() == 0)
                }
            }
        }
    }

    @Test func saysWhatItFuses() {
        func conv(kernel: Int = 3, stride: Int = 1, padding: ConvolutionPadding, groups: Int = 1) -> Conv2d {
            Conv2d(
                inputChannels: 4, outputChannels: 4, kernel: kernel, stride: stride, padding: padding, groups: groups,
                using: nil)
        }
        #expect(FusedConv2d.fuses(conv(padding: .zeros(1))) && FusedConv2d.fuses(conv(padding: .same)))
        for other in [
            conv(kernel: 1, padding: .zeros(0)), conv(stride: 2, padding: .zeros(1)), conv(padding: .zeros(0)),
            conv(padding: .zeros(1), groups: 2), conv(kernel: 5, padding: .same),
        ] {
            #expect(!FusedConv2d.fuses(other))
        }
    }

    /// The weights are copies: training the layer afterwards does not reach the frozen one.
    @Test func freezes() {
        let generator = Generator(seed: 6)
        for packed in [true, false] where !packed || PackedConvolution.isAvailable(.float32, on: .cpu) {
            let conv = Conv2d(inputChannels: 3, outputChannels: 4, kernel: 3, padding: .zeros(1), using: generator)
            let fused = FusedConv2d(conv, device: .cpu, dtype: .float32, packed: packed)
            let x = Tensor.normal([1, 3, 5, 5], using: generator)
            withoutGradients {
                let before = fused(x)
                conv.weight.fill(0)
                expectEqual(fused(x), before)
            }
        }
    }
}
