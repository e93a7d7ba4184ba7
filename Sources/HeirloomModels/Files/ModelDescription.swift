public import HeirloomTensors

/// What a caller has to know of a network to run it.
public struct ModelDescription: Hashable, Sendable {
    /// How a large picture is fed to the network.
    public enum Tiling: Hashable, Sendable {
        /// Whole: the network needs to see all of the picture, make it smaller instead of cutting it.
        case whole
        /// In overlapping tiles, in pixels of the input.
        ///
        /// - `context`: What each tile sees beyond what is kept of it, on every side that is not the picture's edge.
        /// - `blend`: How far neighbours overlap beyond that and fade into each other; 0 where the context alone makes
        ///   the seams exact.
        case overlapping(context: Int, blend: Int)
    }

    /// What the network is for.
    public let task: String
    /// Channels of a picture that goes in.
    public let inputChannels: Int
    /// Channels of what comes out.
    public let outputChannels: Int
    /// Height and width of the output divided by those of the input.
    public let scale: Int
    /// Height and width of the input are multiples of this.
    public let sizeMultiple: Int
    /// Element types that it computes well in, the most exact first.
    public let dtypes: [DType]
    /// What to do with large pictures.
    public let tiling: Tiling
    private let float32Bytes: Int
    private let halfBytes: Int

    /// Describes a network.
    /// - Parameter workingBytes: Most memory that a forward pass needs for one pixel of the input, in float32 and in the
    ///   half precisions; 0 where it was not measured.
    public init(
        task: String, inputChannels: Int, outputChannels: Int, scale: Int = 1, sizeMultiple: Int = 1,
        dtypes: [DType] = [.float32, .bfloat16, .float16], tiling: Tiling = .whole,
        workingBytes: (float32: Int, half: Int) = (0, 0)
    ) {
        self.task = task
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.scale = scale
        self.sizeMultiple = sizeMultiple
        self.dtypes = dtypes
        self.tiling = tiling
        float32Bytes = workingBytes.float32
        halfBytes = workingBytes.half
    }

    /// The most memory in bytes that a forward pass needs for one pixel of the input beside the weights, measured on the
    /// CPU; 0 where it was not measured.
    public func workingBytes(_ dtype: DType) -> Int { dtype.byteCount >= 4 ? float32Bytes : halfBytes }
}
