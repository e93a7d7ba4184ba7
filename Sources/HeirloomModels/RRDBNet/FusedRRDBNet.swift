import HeirloomLayers
import HeirloomTensors

/// An ``RRDBNet`` prepared for inference: the same function, in one pass over the pictures for each convolution.
///
/// - Each dense block works in one room of features + 4 · growth channels: its input lies in the first ones, every
///   convolution reads all channels before its own, and nothing is ever concatenated.
/// - The residual factors of 0.2 are in the weights of the convolutions before them.
/// - Nearest enlargement happens while a convolution reads, and what comes after it goes in strips of rows, so that the
///   large pictures with 64 channels never exist as a whole.
///
/// It holds no weights that could be saved; ``RRDBNet`` does.
final class FusedRRDBNet: Module, ImageRestorer {
    let configuration: RRDBNetConfiguration
    let description: ModelDescription
    var architecture: String { "rrdbnet" }

    private let first: FusedConv2d
    private let denseBlocks: [[FusedConv2d]]
    private let trunk: FusedConv2d
    private let tail: FusedTail
    private let device: Device
    private let dtype: DType

    /// Fuses a network for a device and an element type; nil packs where that is the fastest.
    init(_ network: RRDBNet, device: Device, dtype: DType, packed: Bool? = nil) {
        func fused(
            _ conv: Conv2d, _ activation: FusedConv2d.Activation = .none, scale: Double = 1
        ) -> FusedConv2d {
            FusedConv2d(conv, activation, scale: scale, device: device, dtype: dtype, packed: packed)
        }
        let leaky = FusedConv2d.Activation.leakyRelu(slope: RRDBNet.slope)
        func dense(_ block: ResidualDenseBlock, scale: Double) -> [FusedConv2d] {
            [block.conv1, block.conv2, block.conv3, block.conv4].map { fused($0, leaky) }
                + [fused(block.conv5, scale: scale)]
        }
        let scale = RRDBNet.residualScale
        configuration = network.configuration
        description = network.description.requiring(float32: 3_600, half: 1_900, area: network.configuration.fold)
        first = fused(network.first)
        denseBlocks = network.body.flatMap {
            // The third one's output is scaled once more, on its way out of the outer block.
            [dense($0.dense1, scale: scale), dense($0.dense2, scale: scale), dense($0.dense3, scale: scale * scale)]
        }
        trunk = fused(network.trunk)
        tail = FusedTail(
            doublings: [fused(network.upsample1, leaky), fused(network.upsample2, leaky)],
            refine: fused(network.refine, leaky), last: fused(network.last))
        self.device = device
        self.dtype = dtype
    }

    /// Builds a plain network and fuses it for the CPU.
    convenience init(_ configuration: RRDBNetConfiguration, using generator: Generator?) {
        self.init(RRDBNet(configuration, using: generator), device: .cpu, dtype: .float32)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        guard x.isDefined else { return x }
        let fold = configuration.fold
        let shape = x.shape
        precondition(
            shape.count == 4 && shape[1] == 3 && shape[2] % fold == 0 && shape[3] % fold == 0,
            "RRDBNet ×\(configuration.scale) of \(x.summary): expected [N, 3, H, W] with multiples of \(fold)")
        let folded = fold == 1 ? x : x.pixelUnshuffled(fold)  // [N, 3·fold², h, w]
        return tail(features(of: folded.contiguous(.channelsLast)))  // [N, 3, 4·h, 4·w]
    }

    func preparedForInference(device: Device, dtype: DType) -> any ImageRestorer {
        precondition(
            device == self.device && dtype == self.dtype, "an RRDBNet that was prepared for another device or type")
        return self
    }

    /// The trunk's output for all pixels of the folded input.
    private func features(of x: Tensor) -> Tensor {
        let (features, growth) = (configuration.features, configuration.growth)
        let shape = x.shape
        let rooms = (0..<3).map { _ in
            Tensor.empty(
                [shape[0], features + 4 * growth, shape[2], shape[3]], dtype: x.dtype, device: x.device,
                format: .channelsLast)
        }
        let inputs = rooms.map { $0.sliced(axis: 1, from: 0, to: features) }
        first.write(x, to: inputs[0])
        let shallow = inputs[0].copied(.channelsLast)
        for (index, convs) in denseBlocks.enumerated() {
            let here = index % 3
            let room = rooms[here]
            for (step, conv) in convs.dropLast().enumerated() {
                let seen = features + step * growth
                conv.write(
                    room.sliced(axis: 1, from: 0, to: seen), to: room.sliced(axis: 1, from: seen, to: seen + growth))
            }
            // The third block closes the outer residual: 0.2 · (its own sum) + the first one's input, in whose place the
            // result goes.
            let residuals: [PackedConvolution.Addition] =
                here < 2 ? [.init(inputs[here])] : [.init(inputs[2], scale: RRDBNet.residualScale), .init(inputs[0])]
            convs[4].write(room, adding: residuals, to: inputs[(here + 1) % 3])
        }
        return trunk(inputs[0], adding: [.init(shallow)])
    }
}
