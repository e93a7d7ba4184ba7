import HeirloomLayers
import HeirloomTensors
import TestSupport
import Testing

/// Folded networks compute what the original computes in inference.
@Suite struct FoldingTests {
    private func randomised(_ norm: BatchNorm2d?, _ generator: Generator) {
        guard let norm else { return }
        withoutGradients {
            norm.weight.fillUniform(from: 0.5, to: 1.5, using: generator)
            norm.bias.fillNormal(using: generator)
            norm.runningMean.fillNormal(using: generator)
            norm.runningVariance.fillUniform(from: 0.2, to: 2, using: generator)
        }
    }

    @Test(arguments: [true, false]) func convolutionAndNorm(bias: Bool) {
        let generator = Generator(seed: 8)
        let conv = Conv2d(
            inputChannels: 4, outputChannels: 6, kernel: 3, stride: 2, padding: .same, groups: 2, bias: bias,
            using: generator)
        let norm = BatchNorm2d(channels: 6, epsilon: 1e-3)
        randomised(norm, generator)
        let x = Tensor.normal([2, 4, 9, 7], using: generator)
        withoutGradients {
            // Float32 sums of 18 products in another order.
            expectClose(conv.foldingBatchNorm(norm)(x), norm(conv(x)), absolute: 1e-5, relative: 1e-5)
        }
    }

    @Test func wholeTree() {
        let generator = Generator(seed: 9)
        let unit = ConvNorm2d(
            Conv2d(inputChannels: 3, outputChannels: 8, kernel: 3, bias: false, using: generator),
            BatchNorm2d(channels: 8), .relu6)
        let up = PixelShuffleUpsample(inputChannels: 8, outputChannels: 2, using: generator)
        let net = Sequential(unit, up)
        randomised(unit.norm, generator)
        randomised(up.norm, generator)
        let x = Tensor.normal([1, 3, 8, 8], using: generator)
        withoutGradients {
            let before = net(x)
            net.foldBatchNorms()
            #expect(unit.norm == nil && up.norm == nil && unit.conv.bias != nil)
            expectClose(net(x), before, absolute: 1e-5, relative: 1e-5)
        }
    }

    @Test func spectralConvolution() {
        let generator = Generator(seed: 10)
        let layer = SpectralConv2d(inputChannels: 3, outputChannels: 4, kernel: 3, padding: 1, using: generator)
        let x = Tensor.normal([1, 3, 5, 5], using: generator)
        withoutGradients { expectClose(layer.folded()(x), layer(x), absolute: 1e-6) }
    }
}
