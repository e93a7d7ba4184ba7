/// What cleaning found and did: offsets, drifts, qualities, what was used when and why not.
public struct CleanReport: Sendable, Codable {
    /// What became of a recording.
    public enum Use: String, Sendable, Codable {
        /// Its sound is part of the result.
        case used
        /// It was placed on the common clock, but its sound is not used.
        case placed
        /// It was left out.
        case leftOut
    }

    /// A place where a recording lost or repeated time.
    public struct Jump: Sendable, Codable, Equatable {
        /// Where, in seconds of the result's timeline.
        public var at: Double
        /// How much was lost, in seconds; negative where something was inserted.
        public var seconds: Double
    }

    /// One recording.
    public struct Recording: Sendable, Codable {
        /// The file, as the user named it.
        public var file: String
        /// What was done with it.
        public var use: Use
        /// Why it was not used, or what is wrong with it although it was; empty where nothing is.
        public var reasons: [String]
        /// Samples per second.
        public var sampleRate: Int
        /// Channels of the file.
        public var channelCount: Int
        /// Its length in seconds.
        public var seconds: Double
        /// How its samples are stored.
        public var sampleFormat: String
        /// Where it begins on the result's timeline, in seconds; nil where it has no place.
        public var offset: Double?
        /// How much faster than the reference its clock runs, in parts per million.
        public var drift: Double?
        /// The standard error of that.
        public var driftError: Double?
        /// Where it lost time.
        public var jumps: [Jump]
        /// How sure its place is, 0...1.
        public var confidence: Double?
        /// Whether its polarity is the opposite of the reference's.
        public var isInverted: Bool
        /// Its speech level beside the reference's in dB, taken out before the microphones are compared.
        public var gain: Double?
        /// How far its own automatic gain moved, in dB; nil where it stood still.
        public var gainRange: Double?
        /// How far its spectrum is from that of speech: lower is better.
        public var score: Double?
        /// The share of samples that are clipped, 0...1.
        public var clipped: Double
        /// The highest frequency that it holds, in Hz; nil where that is all its rate allows.
        public var bandLimit: Double?
        /// The hum that it has, in Hz: 50 or 60; nil for none.
        public var hum: Double?
        /// Seconds of zeros and frozen samples.
        public var mutedSeconds: Double
    }

    /// A piece of the timeline, and what was done in it.
    public struct Interval: Sendable, Codable {
        /// Where it begins, in seconds of the result.
        public var start: Double
        /// Where it ends.
        public var end: Double
        /// The recordings whose sound is part of it.
        public var files: [String]
        /// What was done: "beamformed", "best microphone", "left as it was" …
        public var method: String
        /// How clearly speech stands out in the reference, 0...1; nil for less than a second.
        public var before: Double?
        /// How clearly it stands out in the result.
        public var after: Double?
        /// What else there is to say.
        public var notes: [String]
    }

    /// The result, or the aligned files.
    public var outputs: [String]
    /// What was taken away, where that was kept.
    public var removed: String?
    /// The recordings, in the order given.
    public var recordings: [Recording]
    /// The recording whose sound the result has.
    public var reference: String?
    /// The recording on whose timeline the result lies.
    public var timeline: String?
    /// The result's length in seconds.
    public var seconds: Double
    /// The result's samples per second.
    public var sampleRate: Int
    /// The result's channels.
    public var channelCount: Int
    /// How the result's samples are stored: "24 bit".
    public var depth: String
    /// The stages that were asked for.
    public var stages: [String]
    /// The network; nil for none.
    public var model: String?
    /// How much of the network's result there is.
    public var strength: Double
    /// By how many dB the network could turn anything down; nil for no limit.
    public var limit: Double?
    /// Loudness before the last step, in LUFS; nil for silence.
    public var loudnessBefore: Double?
    /// Loudness of the result in LUFS.
    public var loudness: Double?
    /// The highest true peak of the result, in dBTP.
    public var truePeak: Double?
    /// Pieces of the timeline.
    public var intervals: [Interval]
    /// Sentences worth showing.
    public var notes: [String]
    /// The version of Heirloom.
    public var version: String
    /// Seconds of work.
    public var workSeconds: Double
}
