/// How to clean sound.
public struct CleanSettings: Sendable, Codable {
    /// What is done.
    public var stages = CleanStages.all
    /// Which network, for the masks of the beamformer and for what comes after it.
    public var model = CleanModel.standard
    /// How much of the network's result there is, 0...1; the rest is its input.
    public var strength = 1.0
    /// By how many dB the network may turn anything down; nil for the standard, infinite for no limit.
    public var limit: Double?
    /// Whether music and singing are treated like noise around speech.
    public var treatsMusic = false
    /// The recording on whose timeline the result lies and whose sound it has; nil to choose.
    public var reference: String?
    /// Recordings that are used whatever is wrong with them.
    public var used: [String] = []
    /// Recordings that are left out.
    public var ignored: [String] = []
    /// Known offsets: the reference's time at which a recording begins, in seconds.
    public var offsets: [String: Double] = [:]
    /// The loudness of the result in LUFS (EBU R128); nil leaves it as it comes.
    public var loudness: Double? = -16
    /// The result's rate in Hz; nil for the reference's.
    public var rate: Int?
    /// Bits of the result's samples; nil for 24, and for kinds of files that have no bits.
    public var depth: SoundDepth?
    /// The piece of the timeline to do, in seconds; open where nil.
    public var from: Double?
    /// Where the piece ends.
    public var to: Double?
    /// Whether what was taken away is written beside the result.
    public var keepsRemoved = false
    /// Whether one aligned file for each microphone is written instead of one clean file.
    public var alignsOnly = false
    /// Where the report goes; nil for none.
    public var report: String?
    /// Where to compute.
    public var device = DeviceChoice.auto
    /// CPU threads of one network call; nil to choose.
    public var threads: Int?
    /// Whether files that exist may be replaced.
    public var overwrite = false

    /// The standard settings.
    public init() {}

    /// The standard limit for one microphone, in dB: voices stay natural.
    public static let soloLimit = 12.0
    /// Rates that can be asked for, in Hz.
    public static let rates = 8_000...192_000
    /// Loudnesses that can be asked for, in LUFS.
    public static let loudnesses = -40.0 ... -5.0

    /// Throws where a setting makes no sense.
    ///
    /// - Throws: `badRequest`, naming the setting and what is possible.
    public func validate() throws {
        guard (0...1).contains(strength) else { throw Self.outOfRange("strength", strength, "0 to 1") }
        if let limit, !(limit > 0) { throw Self.outOfRange("limit", limit, "more than 0 dB") }
        if let loudness, !Self.loudnesses.contains(loudness) {
            throw Self.outOfRange("loudness", loudness, "-40 to -5 LUFS, or off")
        }
        if let rate, !Self.rates.contains(rate) { throw Self.outOfRange("rate", rate, "8000 to 192000 Hz") }
        if let threads, !(1...256).contains(threads) { throw Self.outOfRange("number of threads", threads, "1 to 256") }
        if let from, let to, !(from < to) {
            throw RestorationError(.badRequest, "The piece from \(from) s to \(to) s is empty; give a later end.")
        }
    }

    private static func outOfRange(_ name: String, _ value: some Any, _ range: String) -> RestorationError {
        RestorationError(.badRequest, "The \(name) \(value) is out of range; choose \(range).")
    }
}
