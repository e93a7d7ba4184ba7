public import HeirloomTensors

/// A network that gives colour to brightness: Heirloom's own, or DeOldify's.
public protocol ColorNetwork: BuildableModel {
    /// How pictures are shown to it, and what becomes of its colours.
    var rendering: ColorRendering { get }

    /// Cb and Cr of pictures.
    /// - Shape: `[N, 1, H, W]` → `[N, 2, H, W]`, H and W multiples of the description's `sizeMultiple`.
    /// - Range: luma 0...1 (BT.601, full range, of gamma-coded RGB) in the network's element type; float32 Cb and Cr in
    ///   −0.5...0.5, 0 is grey.
    func predictedChroma(of luma: Tensor) -> Tensor

    /// A frozen copy for inference on a device, in an element type.
    func prepared(device: Device, dtype: DType) -> any ColorNetwork
}

/// How a colour network wants its pictures, and what becomes of its colours.
public struct ColorRendering: Hashable, Sendable {
    /// Whether pictures keep their shape.
    public enum Shape: Hashable, Sendable {
        /// As displayed; a size is that of the short side.
        case trueAspect
        /// Squeezed into a square; a size is that of its side.
        case square
    }

    /// The shape where nobody asks for another.
    public let shape: Shape
    /// The size for stills, in samples, where nobody asks for another.
    public let stillSide: Int
    /// The size for films.
    public let filmSide: Int
    /// What one step of the network's render factor is in samples; nil where it has none.
    public let factorUnit: Int?
    /// What chroma is multiplied by at strength 1.
    public let gain: Double
    /// Whether the network is so small that a CPU does better with frames side by side, and so well-tempered that half
    /// precision is chosen without being asked for.
    public let isLight: Bool

    /// Describes a network's wishes.
    public init(shape: Shape, stillSide: Int, filmSide: Int, factorUnit: Int?, gain: Double, isLight: Bool) {
        self.shape = shape
        self.stillSide = stillSide
        self.filmSide = filmSide
        self.factorUnit = factorUnit
        self.gain = gain
        self.isLight = isLight
    }
}
