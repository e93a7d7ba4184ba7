public import HeirloomTensors

/// What a caller has to know of a network to run it.
public struct ModelDescription: Hashable, Sendable {
    /// How a large picture is fed to the network.
    public enum Tiling: Hashable, Sendable {
        /// Whole: the network needs to see all of the picture, make it smaller instead of cutting it.
        case whole
        /// In tiles that overlap by so many pixels.
        case overlapping(Int)
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

    /// Describes a network.
    public init(
        task: String, inputChannels: Int, outputChannels: Int, scale: Int = 1, sizeMultiple: Int = 1,
        dtypes: [DType] = [.float32, .bfloat16, .float16], tiling: Tiling = .whole
    ) {
        self.task = task
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.scale = scale
        self.sizeMultiple = sizeMultiple
        self.dtypes = dtypes
        self.tiling = tiling
    }
}
