/// A sound file that takes the place of a film's sound track while the film is joined.
public struct NewSound: Sendable, Hashable, Codable {
    /// The sound file.
    public var path: String
    /// The position of the track that it replaces among the film's sound tracks, from 0; nil for the one that players
    /// choose.
    public var track: Int?
    /// When its first sample is heard on the film's clock, in seconds; nil for when the first sample of the old track
    /// is.
    public var start: Double?
    /// Whether the old track is kept behind all other streams.
    public var keepOriginal: Bool

    /// Makes a choice.
    public init(path: String, track: Int? = nil, start: Double? = nil, keepOriginal: Bool = true) {
        self.path = path
        self.track = track
        self.start = start
        self.keepOriginal = keepOriginal
    }

    /// Bytes that a second of new sound takes in a film of that name, where they are known without encoding it.
    ///
    /// - Parameters:
    ///   - film: a film; its ending tells the container.
    ///   - sampleRate: samples of the new sound in a second and channel.
    ///   - channelCount: its channels.
    /// - Returns: nil for Matroska, where it is lossless and takes what it takes.
    public static func bytesPerSecond(in film: String, sampleRate: Int, channelCount: Int) -> Double? {
        if (try? VideoContainer(path: film, operation: "measure")) == .matroska { return nil }
        return Double(SoundEncoder.aacBitRate(sampleRate: sampleRate, channelCount: channelCount)) / 8
    }
}
