/// What is wrong with one channel of a recording, and how far it can be trusted.
public struct HealthReport: Sendable, Codable, Equatable {
    /// A stretch in which nothing was recorded: zeros, or one value again and again.
    public struct Gap: Sendable, Codable, Equatable {
        /// The first sample of it.
        public let start: Int
        /// How many samples it has.
        public let count: Int

        /// A gap.
        public init(start: Int, count: Int) {
            self.start = start
            self.count = count
        }
    }

    /// The tone of the mains and its overtones.
    public struct Hum: Sendable, Codable, Equatable {
        /// 50 or 60 Hz.
        public let mains: Double
        /// The frequencies found, in Hz, lowest first: what ``HumFilter`` takes.
        public let frequencies: [Double]
        /// Level of all of them together in dB full scale.
        public let level: Double
    }

    /// The magnitudes at which a converter cuts off.
    public struct Limits: Sendable, Codable, Equatable {
        /// Of the negative side, nil where nothing is cut off.
        public let negative: Double?
        /// Of the positive side, nil where nothing is cut off.
        public let positive: Double?

        /// Limits.
        public init(negative: Double?, positive: Double?) {
            self.negative = negative
            self.positive = positive
        }
    }

    /// A third of an octave.
    public struct Band: Sendable, Codable, Equatable {
        /// Its middle in Hz.
        public let center: Double
        /// Level in dB full scale that a tenth of the 64 ms frames stay below: the noise.
        public let floor: Double
        /// Level in dB full scale that a tenth of the frames exceed: speech, if there is any.
        public let loud: Double

        /// How far the two are apart, in dB.
        public var range: Double { loud - floor }
    }

    /// Samples per second.
    public let sampleRate: Int
    /// Samples in all.
    public let sampleCount: Int
    /// Samples that were no numbers or infinite; they are counted as zeros in everything else.
    public let invalidCount: Int
    /// The largest magnitude, 1 full scale.
    public let peak: Double
    /// Level of the whole in dB full scale, gaps left out.
    public let level: Double
    /// Level in dB full scale that a twentieth of the 20 ms frames exceed.
    public let loudLevel: Double
    /// Level in dB full scale that a twentieth of the 20 ms frames stay below, gaps left out.
    public let quietLevel: Double
    /// By how many dB the speech band, 300 to 3400 Hz, rises and falls.
    public let speechRange: Double
    /// The constant part, 1 full scale.
    public let offset: Double
    /// Part of the samples that are cut off at the converter's limit, 0...1.
    public let clippedFraction: Double
    /// Where they are cut off, nil where nothing is: what ``Declipper`` takes.
    public let clipLimits: Limits?
    /// Stretches of at least 5 ms in which nothing was recorded, in order.
    public let gaps: [Gap]
    /// Samples in gaps that were too many to list.
    public let unlistedGapSamples: Int
    /// The mains, if they are heard.
    public let hum: Hum?
    /// Up to which frequency in Hz the recording holds anything that changes.
    public let validBand: Double
    /// The frequency in Hz at which a telephone, codec or filter cut the recording off; nil if it uses its rate.
    public let bandLimit: Double?
    /// How peaked the loudest hundredth of the samples is distributed: 5 to 9 for speech,
    /// below 3.5 for softly saturated sound.
    public let topKurtosis: Double
    /// Level of noise and sound in thirds of an octave.
    public let bands: [Band]

    /// True if nothing but a constant noise or hum is in it.
    public let isDead: Bool

    /// The ``loudLevel`` below which there is no sound, in dB full scale.
    static let silentLevel = -75.0

    /// True if there is no sound in it at all.
    public var isSilent: Bool { loudLevel < Self.silentLevel }
}
