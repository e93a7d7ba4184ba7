/// One stream of a file.
public struct StreamSummary: Sendable, Hashable, Codable {
    /// What a stream carries.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// Moving pictures.
        case video
        /// A still picture that belongs to the file, as an album has a cover.
        case cover
        /// Sound.
        case audio
        /// Subtitles, as text or as pictures.
        case subtitle
        /// A file within the file: a font, say.
        case attachment
        /// Anything else: time codes, positions.
        case data
    }

    /// The position among the file's streams.
    public var index: Int
    /// What it carries.
    public var kind: Kind
    /// FFmpeg's name of the coding: "h264".
    public var codec: String
    /// The profile of the coding; nil where unknown.
    public var profile: String?
    /// The tick of its timestamps.
    public var timeBase: Rational?
    /// When it starts; nil where unknown.
    public var start: MediaTime?
    /// How long it is; nil where the container does not say.
    public var duration: MediaTime?
    /// The number of frames that the container states; nil where it does not.
    public var frameCount: Int?
    /// Bits in a second; nil where unknown.
    public var bitRate: Int64?
    /// What it is meant for: "default", "forced", "hearing_impaired", …
    public var dispositions: [String]
    /// Language, title and so on, as the file spells them.
    public var metadata: [String: String]
    /// Facts of a picture; nil for other kinds.
    public var picture: PictureSummary?
    /// Facts of a sound; nil for other kinds.
    public var sound: SoundSummary?

    /// The language (ISO 639-2, "eng"); nil where nobody said.
    public var language: String? { metadata["language"] }
    /// The name for people; nil where it has none.
    public var title: String? { metadata["title"] }
}
