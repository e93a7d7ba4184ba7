public import HeirloomMedia

/// How a film is read and written.
public struct FilmSettings: Sendable, Codable {
    /// Codec, quality and preset of the output.
    public var encoding = VideoEncoding()
    /// What to do with an interlaced film.
    public var fields = FieldHandling.detect
    /// Where a trial piece begins, counted from the start of the film; nil for the start.
    public var from: MediaTime?
    /// How long a trial piece is; nil for up to the end.
    public var limit: MediaTime?
    /// How many frames a second the film shall show, for silent films that were transferred too fast; nil for as it is.
    public var speed: Rational?
    /// Whether an output that exists is replaced.
    public var overwrite = false
    /// Whether what an earlier run of the job has kept is thrown away.
    public var restart = false
    /// Whether a frame that cannot be treated is passed on as plainly as possible and listed, instead of failing the job.
    public var keepGoing = false
    /// The share of the film that this run does; nil for the whole film.
    public var shard: Shard?
    /// Devices that work on the film side by side, a part of it each; empty for the one of the treatment's settings.
    public var devices: [DeviceChoice] = []
    /// Frames in a segment, rounded up to what the treatment can be divided into; nil for about ten seconds of film, three
    /// where it is enlarged.
    public var segmentFrames: Int?
    /// Threads of the encoder, 1...64; nil to choose by the size of the picture. The bytes hang on it, so it never goes by
    /// the machine.
    public var encoderThreads: Int?
    /// Bytes of frames that may wait between two stages.
    public var queueBytes = 256 << 20
    /// Frames that may wait between two stages.
    public var queueFrames = 16

    /// The standard settings: the whole film as H.264.
    public init() {}

    var readerOptions: VideoReaderOptions {
        var options = VideoReaderOptions()
        options.fields = fields
        options.from = from
        options.limit = limit
        options.speed = speed
        return options
    }
}
