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
