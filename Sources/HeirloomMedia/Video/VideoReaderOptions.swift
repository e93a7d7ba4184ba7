/// How a film is read.
public struct VideoReaderOptions: Sendable {
    /// What to do with a film that is made of fields.
    public var fields = FieldHandling.detect
    /// Whether films of high dynamic range (PQ, HLG) are read rather than refused; samples pass unchanged.
    public var allowsHighDynamicRange = false
    /// Where a trial piece begins, counted from the start of the film; nil for the start.
    public var from: MediaTime?
    /// How long a trial piece is; nil for up to the end.
    public var limit: MediaTime?
    /// How many frames a second the film shall show, for silent films that were transferred at another speed than they
    /// were shot at; nil for as it is. Only the length of a tick changes: every timestamp keeps its number of ticks, and
    /// subtitles and chapters follow. `from` and `limit` count as the file does.
    public var speed: Rational?
    /// Films with more samples in a frame are refused before memory is taken.
    public var maximumPixels = 16384 * 16384
    /// Threads that decode; 0 for as many as there are processors.
    public var threads = 0

    /// The options of a whole film with everything detected.
    public init() {}
}
