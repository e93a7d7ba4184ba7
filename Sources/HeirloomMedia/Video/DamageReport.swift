/// What was damaged in a film and what was done about it.
public struct DamageReport: Sendable, Hashable, Codable {
    /// Packets of the picture that gave no frame: these frames are missing, the one before stays longer.
    public internal(set) var undecodablePackets = 0
    /// Frames that the decoder gave but called damaged.
    public internal(set) var corruptFrames = 0
    /// How many frames seem to be missing, by the gaps in an otherwise even film; an estimate.
    public internal(set) var missingFrames = 0
    /// Timestamps that were missing or not increasing and were made up from their neighbours.
    public internal(set) var repairedTimestamps = 0
    /// When damaged packets and frames would appear, in the order of finding, on the film's clock; no more than 1000.
    public internal(set) var timestamps: [MediaTime] = []
    /// Why the film ends before the end that its header states; nil where it does not.
    public internal(set) var endsEarly: String?

    /// A report of no damage.
    public init() {}

    /// Whether nothing is wrong.
    public var isEmpty: Bool {
        undecodablePackets == 0 && corruptFrames == 0 && missingFrames == 0 && repairedTimestamps == 0
            && endsEarly == nil
    }

    /// The report for a person; empty where nothing is wrong.
    public var sentences: [String] {
        var result: [String] = []
        let places = timestamps.prefix(5).map(\.description).joined(separator: ", ")
        let more = timestamps.count > 5 ? ", …" : ""
        let at = timestamps.isEmpty ? "" : " (at \(places)\(more))"
        if undecodablePackets > 0 {
            let what = undecodablePackets == 1 ? "1 packet" : "\(undecodablePackets) packets"
            result.append("\(what) of the picture could not be decoded\(at).")
        }
        if corruptFrames > 0 {
            let what = corruptFrames == 1 ? "1 frame is damaged" : "\(corruptFrames) frames are damaged"
            result.append("\(what) in the source\(undecodablePackets > 0 ? "" : at) and passed on as decoded.")
        }
        if missingFrames > 0 {
            let what = missingFrames == 1 ? "1 frame is" : "\(missingFrames) frames are"
            result.append("\(what) missing from the source; the frames before stay longer in their place.")
        }
        if repairedTimestamps > 0 {
            let what = repairedTimestamps == 1 ? "1 timestamp was" : "\(repairedTimestamps) timestamps were"
            result.append("\(what) missing or not increasing and set from the neighbours.")
        }
        if let endsEarly { result.append("The film ends early: \(endsEarly).") }
        return result
    }

    mutating func note(_ time: MediaTime?) {
        if let time, timestamps.count < 1000 { timestamps.append(time) }
    }
}
