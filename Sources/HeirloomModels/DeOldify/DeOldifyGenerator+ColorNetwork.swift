import HeirloomLayers
import HeirloomSignals
public import HeirloomTensors

extension DeOldifyGenerator: ColorNetwork {
    /// A square of 16 times the render factor, as the original has it; its author found squeezing better than margins.
    ///
    /// Half precision only where it is asked for: attention's products are not scaled, and nobody has measured it.
    public static let rendering = ColorRendering(
        shape: .square, stillSide: sizeMultiple * OriginalColorizing.stillRenderFactor,
        filmSide: sizeMultiple * OriginalColorizing.filmRenderFactor, factorUnit: sizeMultiple, gain: 1, isLight: false)

    /// ``rendering-swift.type.property``.
    public var rendering: ColorRendering { Self.rendering }

    /// The colour differences of the network's picture, whose own luma is left out.
    public func predictedChroma(of luma: Tensor) -> Tensor {
        let x = Self.normalized(luma.expanded([-1, 3, -1, -1]))
        let y = self(isChannelsLast ? x.contiguous(.channelsLast) : x)
        return YCbCrMatrix.bt601.split(Self.denormalized(y.to(dtype: .float32)).clamped(to: 0...1)).chroma
    }

    /// Folded and channels-last.
    public func prepared(device: Device, dtype: DType) -> any ColorNetwork {
        preparedForInference(device: device, dtype: dtype)
    }

    private var isChannelsLast: Bool { encoder.stem.conv.weight.isContiguous(.channelsLast) }
}
