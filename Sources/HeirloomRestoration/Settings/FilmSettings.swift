public import HeirloomMedia

/// How a film is read and written.
public struct FilmSettings: Sendable {
    /// Codec, quality and preset of the output.
    public var encoding = VideoEncoding()
    /// What to do with an interlaced film.
    public var fields = FieldHandling.detect
    /// Where a trial piece begins, counted from the start of the film; nil for the start.
    public var from: MediaTime?
    /// How long a trial piece is; nil for up to the end.
    public var limit: MediaTime?
    /// Whether an output that exists is replaced.
    public var overwrite = false
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
        return options
    }
}
