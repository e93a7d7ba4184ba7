/// A run of frames between two cuts.
public struct Shot: Sendable, Codable, Equatable {
    /// The number of its first frame, counted from 0.
    public var firstFrame: Int
    /// When it begins, in seconds of the film: for people, not for computing.
    public var seconds: Double
    /// How many frames it has.
    public var frameCount: Int

    /// A shot from its parts.
    public init(firstFrame: Int, seconds: Double, frameCount: Int) {
        self.firstFrame = firstFrame
        self.seconds = seconds
        self.frameCount = frameCount
    }
}

/// What a stage tells about its work, for the report.
public struct StageSummary: Sendable {
    /// Sentences worth showing: what was assumed, reduced or given up.
    public var notes: [String] = []
    /// Seconds spent inside the network alone.
    public var networkSeconds = 0.0
    /// Seconds spent in each step, by name; empty where nobody measures.
    public var stepSeconds: [String: Double] = [:]
    /// The shots found; empty where cuts are not looked for.
    public var shots: [Shot] = []
    /// Columns of what the network saw.
    public var renderWidth = 0
    /// Rows of what the network saw.
    public var renderHeight = 0
    /// Frames per call of the network.
    public var batch = 0
    /// Frames that are computed as one, so that last digits hang on how many they are; 0 where nothing is computed.
    public var group = 0
    /// The side of a tile that the network saw at most; 0 where pictures are not cut.
    public var tile = 0
    /// The number type that the network computed in.
    public var precision = ""
    /// The device that the network computed on.
    public var device = ""

    /// Nothing to tell.
    public init() {}
}
