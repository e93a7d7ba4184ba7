public import HeirloomMedia

/// What a job was when it began: `job.json`, written once.
public struct JobRecord: Sendable, Codable {
    /// The version of the journal's form that this program writes and reads.
    public static let formatVersion = 2

    /// The version of the form.
    public var formatVersion = JobRecord.formatVersion
    /// What is done.
    public var description: JobDescription
    /// What the source was.
    public var source: SourceIdentity
    /// The weights by name, with their SHA-256.
    public var weights: [String: String]
    /// The libraries that samples and bytes hang on, with their versions.
    public var libraries: [String: String]
    /// Frames in a segment.
    public var segmentFrames: Int
    /// The first segment that this run or share does.
    public var firstSegment: Int
    /// The segment after the last one; nil where the film's end is.
    public var endSegment: Int?
    /// Frames of the whole film, as far as its container tells.
    public var estimatedFrames: Int?
    /// Threads of the encoder.
    public var encoderThreads: Int
    /// What the frames of the source have in common.
    public var sourceFormat: VideoFormat
    /// What the frames of the result have in common.
    public var format: VideoFormat
    /// The stream of the source that is the film.
    public var videoStream: Int
    /// How much longer everything lasts in the result than in the source.
    public var stretch: Rational
    /// What was left to the machine to choose.
    public var choices: MachineChoices
    /// Sentences about what was assumed of the source.
    public var notes: [String]
}
