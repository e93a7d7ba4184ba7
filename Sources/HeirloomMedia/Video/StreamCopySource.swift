/// Where a writer takes the streams from that are not the film: sound, subtitles, chapters and all else.
public struct StreamCopySource: Sendable, Hashable {
    /// The file that the film was read from.
    public var path: String
    /// The stream of that file that is the film and is not copied.
    public var videoStreamIndex: Int
    /// Where the trial piece begins, counted from the start of the film; nil for a whole film.
    public var from: MediaTime?
    /// How long the trial piece is; nil for up to the end.
    public var limit: MediaTime?

    /// How much longer everything lasts in the output than in the file: 3/2 for a film of 24 frames a second that is
    /// shown at 16.
    public var stretch: Rational

    /// Makes a source.
    public init(
        path: String, videoStreamIndex: Int, from: MediaTime? = nil, limit: MediaTime? = nil, stretch: Rational = .one
    ) {
        self.path = path
        self.videoStreamIndex = videoStreamIndex
        self.from = from
        self.limit = limit
        self.stretch = stretch
    }

    /// Whether only a piece of the film is taken, so that the output's clock starts at its first frame.
    var isPiece: Bool { from != nil || limit != nil }
}
