import HeirloomLayers
import HeirloomTensors

/// Five convolutions, each of which sees the input and the outputs of all before it; a fifth of the last one's output is
/// added to the input.
///
/// - Shape: `[N, features, H, W]` → the same.
final class ResidualDenseBlock: Module, UnaryLayer {
    let conv1: Conv2d
    let conv2: Conv2d
    let conv3: Conv2d
    let conv4: Conv2d
    let conv5: Conv2d

    init(_ sizes: RRDBNetConfiguration, using generator: Generator?) {
        func conv(_ index: Int) -> Conv2d {
            let inputs = sizes.features + (index - 1) * sizes.growth
            // A tenth of He's deviation: the 69 nested residual sums would explode otherwise (ESRGAN, section 3.1).
            let deviation = 0.1 * (2 / Double(9 * inputs)).squareRoot()
            return Conv2d(
                inputChannels: inputs, outputChannels: index < 5 ? sizes.growth : sizes.features, kernel: 3,
                padding: .zeros(1), initializer: .normal(standardDeviation: deviation), using: generator)
        }
        conv1 = conv(1)
        conv2 = conv(2)
        conv3 = conv(3)
        conv4 = conv(4)
        conv5 = conv(5)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        var seen = [x]
        for conv in [conv1, conv2, conv3, conv4] {
            seen.append(conv(concatenated(seen, axis: 1)).leakyRelu(slope: RRDBNet.slope))  // [N, growth, H, W]
        }
        return x + conv5(concatenated(seen, axis: 1)) * RRDBNet.residualScale
    }
}

/// Three dense blocks in a row; a fifth of their output is added to the input.
///
/// - Shape: `[N, features, H, W]` → the same.
final class ResidualInResidualBlock: Module, UnaryLayer {
    let dense1: ResidualDenseBlock
    let dense2: ResidualDenseBlock
    let dense3: ResidualDenseBlock

    init(_ sizes: RRDBNetConfiguration, using generator: Generator?) {
        dense1 = ResidualDenseBlock(sizes, using: generator)
        dense2 = ResidualDenseBlock(sizes, using: generator)
        dense3 = ResidualDenseBlock(sizes, using: generator)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { x + dense3(dense2(dense1(x))) * RRDBNet.residualScale }
}
