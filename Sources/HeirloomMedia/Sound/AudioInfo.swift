public import Foundation

/// What a sound file, or one sound track of a film, is and says about itself.
public struct AudioInfo: Sendable, Hashable, Codable {
    /// The file, as the caller named it.
    public var url: URL
    /// Samples in a second and channel.
    public var sampleRate: Int
    /// Channels, 1 ... 64.
    public var channelCount: Int
    /// Samples in each channel, as the file states; exact for uncompressed sound, nil where nobody knows. A damaged
    /// file may end earlier: the end is where `AudioReader.read` gives nil.
    public var sampleCount: Int?
    /// The kind of file, for a person: "WAV (Microsoft)", "QuickTime / MOV".
    public var container: String
    /// The coding of the samples, for a person: "Signed 24 bit PCM", "aac".
    public var codec: String
    /// How the samples are stored.
    public var sampleFormat: SampleFormat
    /// Title, artist, date and so on, with keys in lower case.
    public var tags: [String: String] = [:]
    /// The broadcast extension of a WAV file; nil where there is none.
    public var broadcast: BroadcastInfo?
    /// The marked places, in order.
    public var cues: [AudioCue] = []
    /// When the first sample is heard on the film's own clock, in seconds; 0 in files that hold sound only.
    public var startTime: Double = 0
    /// The position of this track among the sound tracks of its file, from 0.
    public var track: Int = 0
    /// The sound tracks of the file.
    public var trackCount: Int = 1

    /// The first sample's position in samples since midnight, where the file has a broadcast extension.
    public var timeReference: Int? { broadcast?.timeReference }

    /// How long it is in seconds, as the file states; nil where nobody knows.
    public var duration: Double? { sampleCount.map { Double($0) / Double(sampleRate) } }

    /// Makes a description.
    public init(
        url: URL, sampleRate: Int, channelCount: Int, sampleCount: Int?, container: String, codec: String,
        sampleFormat: SampleFormat
    ) {
        self.url = url
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        self.sampleCount = sampleCount
        self.container = container
        self.codec = codec
        self.sampleFormat = sampleFormat
    }
}
