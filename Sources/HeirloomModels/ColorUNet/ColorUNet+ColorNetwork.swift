public import HeirloomTensors

extension ColorUNet: ColorNetwork {
    /// A small picture of the true shape.
    ///
    /// The network was trained on pictures whose short side was 64 to about 160 samples: at 224 and 320 trees turn blue
    /// and colours pale. Networks trained for the least error stay on the pale side; the gain makes up for it without
    /// reaching neon.
    public static let rendering = ColorRendering(
        shape: .trueAspect, stillSide: 160, filmSide: 160, factorUnit: nil, gain: 1.2, isLight: true)

    /// ``rendering-swift.type.property``.
    public var rendering: ColorRendering { Self.rendering }

    /// The network's output as it is.
    public func predictedChroma(of luma: Tensor) -> Tensor { self(luma).to(dtype: .float32) }

    /// Folded and channels-last.
    public func prepared(device: Device, dtype: DType) -> any ColorNetwork {
        preparedForInference(device: device, dtype: dtype)
    }
}
