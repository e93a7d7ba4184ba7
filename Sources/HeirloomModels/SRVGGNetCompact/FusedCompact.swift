import HeirloomLayers
import HeirloomTensors

/// An ``SRVGGNetCompact`` prepared for inference: the same function, each convolution with its activation in one pass, and
/// the enlarged input added before the pixel shuffle.
///
/// It holds no weights that could be saved; ``SRVGGNetCompact`` does.
final class FusedCompact: Module, ImageRestorer {
    let configuration: SRVGGNetCompactConfiguration
    let description: ModelDescription
    var architecture: String { "srvgg-compact" }

    private let body: [FusedConv2d]
    private let last: FusedConv2d
    private let device: Device
    private let dtype: DType

    /// Fuses a network for a device and an element type; nil packs where that is the fastest.
    init(_ network: SRVGGNetCompact, device: Device, dtype: DType, packed: Bool? = nil) {
        let convs = network.body.compactMap { $0 as? Conv2d }
        let activations = network.body.compactMap { $0 as? PReLU }
        configuration = network.configuration
        description = network.description.requiring(float32: 1_400, half: 700)
        body = zip(convs, activations).map { FusedConv2d($0, .prelu($1), device: device, dtype: dtype, packed: packed) }
        last = FusedConv2d(convs[activations.count], device: device, dtype: dtype, packed: packed)
        self.device = device
        self.dtype = dtype
    }

    /// Builds a plain network and fuses it for the CPU.
    convenience init(_ configuration: SRVGGNetCompactConfiguration, using generator: Generator?) {
        self.init(SRVGGNetCompact(configuration, using: generator), device: .cpu, dtype: .float32)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        guard x.isDefined else { return x }
        let shape = x.shape
        precondition(
            shape.count == 4 && shape[1] == 3, "SRVGGNetCompact of \(x.summary): expected [N, 3, H, W]")
        let x = x.contiguous(.channelsLast)
        let y = body.reduce(x) { $1($0) }  // [N, features, H, W]
        let upscale = configuration.upscale
        // Each of a pixel's parts gets the pixel: nearest enlargement before the shuffle.
        let repeated = x.repeatedElements(upscale * upscale, axis: 1).contiguous(.channelsLast)
        let enlarged = last(y, adding: [.init(repeated)]).pixelShuffled(upscale)  // [N, 3, upscale·H, upscale·W]
        return configuration.resampled(enlarged)  // [N, 3, scale·H, scale·W]
    }

    func preparedForInference(device: Device, dtype: DType) -> any ImageRestorer {
        precondition(
            device == self.device && dtype == self.dtype,
            "an SRVGGNetCompact that was prepared for another device or type")
        return self
    }
}
