/// What a whole job will take, by what pieces of it took on this machine.
public struct PlanEstimate: Sendable, Codable, Equatable {
    /// A number that is likely, and between which it lies in all likelihood.
    public struct Span: Sendable, Codable, Equatable {
        /// Hardly less.
        public var low: Double
        /// The best guess.
        public var likely: Double
        /// Hardly more.
        public var high: Double

        /// A guess that may be wrong by a fraction.
        init(_ likely: Double, within fraction: Double) {
            self.likely = likely
            low = likely * (1 - fraction)
            high = likely * (1 + fraction)
        }
    }

    /// The frames of the whole film.
    public var frames: Int
    /// Seconds for everything.
    public var seconds: Span
    /// Of these, seconds to start, load and prepare.
    public var setupSeconds: Double
    /// Of these, seconds for the picture: decoding, treatment and encoding side by side.
    public var pictureSeconds: Double
    /// Of these, seconds to clean the sound; 0 where it is copied.
    public var soundSeconds: Double
    /// Of these, seconds to join and verify the result.
    public var joinSeconds: Double
    /// Bytes of the result.
    public var outputBytes: Span
    /// Bytes beside the result while it is being joined, at most.
    public var scratchBytes: Double
    /// The most memory that the process held in the trial, in bytes.
    public var memoryBytes: Int
    /// Bytes that are free on the disk where the result goes; nil where the system does not tell.
    public var freeBytes: Int?

    /// "about 42 min (38…46), 1.3 GB for the result and as much again while joining, 0.6 GB of memory"
    public var sentence: String {
        let size = Self.bytes(outputBytes.likely)
        let scratch =
            scratchBytes >= 0.85 * outputBytes.likely ? "as much again" : "\(Self.bytes(scratchBytes)) more"
        return "about \(Self.time(seconds)), \(size) for the result and \(scratch) while joining,"
            + " \(Self.bytes(Double(memoryBytes))) of memory"
    }

    /// What is to be said where the disk is too small; nil where it suffices or nobody knows.
    public var warning: String? {
        guard let freeBytes else { return nil }
        let needed = outputBytes.high + scratchBytes * outputBytes.high / max(outputBytes.likely, 1)
        guard Double(freeBytes) < needed else { return nil }
        return "The disk has \(Self.bytes(Double(freeBytes))) free, but up to \(Self.bytes(needed)) are needed;"
            + " free some space or write to another disk."
    }

    /// A span of time in the unit that fits it: "42 min (38…46)".
    static func time(_ span: Span) -> String {
        let (unit, name): (Double, String) =
            span.likely < 90 ? (1, "s") : span.likely < 120 * 60 ? (60, "min") : (3600, "h")
        func words(_ seconds: Double) -> String {
            let value = seconds / unit
            guard name == "h" || value < 9.95 && unit > 1 else { return "\(max(1, Int(value.rounded())))" }
            let tenths = Int((value * 10).rounded())
            return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
        }
        return "\(words(span.likely)) \(name) (\(words(span.low))…\(words(span.high)))"
    }

    /// A size for a person: "1.3 GB".
    static func bytes(_ count: Double) -> String {
        let (unit, name): (Double, String) = count < 999.5e3 ? (1e3, "kB") : count < 999.5e6 ? (1e6, "MB") : (1e9, "GB")
        let value = count / unit
        guard value < 9.95 else { return "\(Int(value.rounded())) \(name)" }
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0
            ? "\(max(tenths / 10, tenths == 0 ? 0 : 1)) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
    }
}
