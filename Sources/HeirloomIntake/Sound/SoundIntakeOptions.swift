/// Which recordings are taken in for training, and how they are kept.
public struct SoundIntakeOptions: Sendable, Equatable {
    /// What the recordings are for.
    public enum Purpose: String, Sendable, Codable {
        /// Clean speech: what a network shall produce, so nothing else may be in it.
        case speech
        /// Noise: anything that can be heard.
        case noise
    }

    /// What the recordings are for.
    public var purpose: Purpose
    /// Rates in Hz at which each recording is kept, where its own rate allows.
    public var sampleRates: [Int]
    /// How far the loud 5 % of a recording of speech must stand above its quiet 5 %, in dB: less is noise in the pauses.
    public var leastRange: Double
    /// Shortest piece in seconds.
    public var leastLength: Double
    /// Longest clip in seconds; longer recordings become several.
    public var longestClip: Double
    /// Whether copies of what came before are left out.
    public var leavesOutDuplicates: Bool

    /// Endings of the files that are taken for recordings.
    static let endings: Set = [
        "wav", "wave", "w64", "rf64", "flac", "aif", "aiff", "aifc", "caf", "au", "ogg", "oga", "opus", "mp3", "m4a",
        "aac", "wma", "g722", "amr",
    ]

    /// Sets the options.
    ///
    /// - Parameter leastLength: nil: a quarter of a second for speech, a twentieth for noise.
    /// - Precondition: there is a rate; lengths are positive.
    public init(
        purpose: Purpose, sampleRates: [Int] = [16_000], leastRange: Double = 35, leastLength: Double? = nil,
        longestClip: Double = 60, leavesOutDuplicates: Bool = true
    ) {
        precondition(!sampleRates.isEmpty && sampleRates.allSatisfy { $0 >= 8000 }, "no rate to keep sound at")
        precondition(leastLength ?? 1 > 0 && longestClip > leastLength ?? 0, "clips of \(longestClip) s")
        self.purpose = purpose
        self.sampleRates = sampleRates
        self.leastRange = leastRange
        self.leastLength = leastLength ?? (purpose == .speech ? 0.25 : 0.05)
        self.longestClip = longestClip
        self.leavesOutDuplicates = leavesOutDuplicates
    }

    /// Upper end that the band of clean speech must reach at a rate, in Hz.
    static func leastBand(at sampleRate: Int) -> Double { sampleRate <= 16_000 ? 0.4 * Double(sampleRate) : 14_000 }
}
