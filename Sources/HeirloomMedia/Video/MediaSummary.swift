/// What a film, a picture track or a sound file is made of, without decoding it: for `heirloom info` and for logs.
public struct MediaSummary: Sendable, Hashable, Codable {
    /// The file, as the caller named it.
    public var path: String
    /// Bytes of the file.
    public var byteCount: Int64
    /// The container, for a person: "QuickTime / MOV".
    public var container: String
    /// The container's short names: "mov,mp4,m4a,3gp,3g2,mj2".
    public var formatName: String
    /// How long it is, as the container states or as its data suggest; nil where unknown.
    public var duration: MediaTime?
    /// When it starts on the clock of its timestamps.
    public var start: MediaTime
    /// Bits in a second on average; nil where unknown.
    public var bitRate: Int64?
    /// Title, date and so on, as the file spells them.
    public var metadata: [String: String]
    /// All streams, in the order of their indices.
    public var streams: [StreamSummary]
    /// All chapters, in order.
    public var chapters: [ChapterSummary]
    /// The index of the stream that is the film; nil where there is none.
    public var filmIndex: Int?

    /// The stream that is the film; nil where there is none.
    public var film: StreamSummary? { filmIndex.map { streams[$0] } }
}

/// A chapter mark.
public struct ChapterSummary: Sendable, Hashable, Codable {
    /// Where it starts.
    public var start: MediaTime
    /// Where it ends.
    public var end: MediaTime
    /// Its name; empty where it has none.
    public var title: String
}

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

/// Facts of a stream of pictures.
public struct PictureSummary: Sendable, Hashable, Codable {
    /// Columns of samples, as stored.
    public var width: Int
    /// Lines of samples, as stored.
    public var height: Int
    /// The width of a sample over its height.
    public var sampleAspectRatio: Rational
    /// The width over the height of the picture as stored, lowest terms.
    public var displayAspectRatio: Rational
    /// Frames in a second on average; nil where unknown.
    public var averageFrameRate: Rational?
    /// The smallest rate whose ticks hold all timestamps; nil where unknown.
    public var nominalFrameRate: Rational?
    /// Whether both rates differ so much that frames surely do not come evenly.
    public var isVariableFrameRate: Bool
    /// FFmpeg's name of the pixel format.
    public var pixelFormat: String
    /// Bits of a sample.
    public var bitDepth: Int
    /// Colour as the file states it.
    public var taggedColor: ColorInfo
    /// Colour as it is taken.
    public var color: ColorInfo
    /// What was assumed; nil where everything is stated.
    public var colorNote: String?
    /// How the picture must be turned to stand upright, in words.
    public var orientation: String
    /// "progressive", "top field first", "bottom field first" or "unknown", as the header says.
    public var fieldOrder: String
}

/// Facts of a stream of sound.
public struct SoundSummary: Sendable, Hashable, Codable {
    /// Samples in a second and channel.
    public var sampleRate: Int
    /// Channels.
    public var channelCount: Int
    /// The arrangement of the channels: "stereo", "5.1(side)".
    public var channelLayout: String
    /// FFmpeg's name of the sample format.
    public var sampleFormat: String
}
