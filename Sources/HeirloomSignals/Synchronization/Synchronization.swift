/// Where several recordings of one event lie on one clock.
///
/// ```swift
/// let found = try Synchronizer().synchronize(sources, reference: nil) { step in print(step.fraction) }
/// for file in found.files where file.isPlaced {
///     print(file.map.offset, file.map.driftPPM, file.map.jumps, file.polarity)
/// }
/// let onMine = found.relative(to: bestMicrophone)  // another reference, chosen later
/// ```
public struct Synchronization: Sendable, Codable, Equatable {
    /// What became of one recording.
    public enum Status: Sendable, Codable, Equatable {
        /// It has a place on the common clock.
        case placed
        /// It has none; the reason is a sentence without the file's name.
        case unrelated(reason: String)
    }

    /// One recording.
    public struct File: Sendable, Codable, Equatable {
        /// Whether it could be placed.
        public var status: Status
        /// Its clock against the reference's; meaningless when it is not placed.
        public var map: ClockMap
        /// 0...1: the share of the evidence that speaks for this place.
        public var confidence: Double
        /// +1, or −1 when the sound is upside down against the reference's.
        public var polarity: Int
        /// How far the measured lags lie from the map, in seconds: their median magnitude, echoes and noise included.
        public var residual: Double
        /// How many windows spoke for the map.
        public var windowCount: Int
        /// The file through which it found its place: the reference, or one that overlaps with both.
        public var placedThrough: Int?
        /// The earlier file in the list that holds the very same recording.
        public var duplicateOf: Int?

        /// Whether it has a place.
        public var isPlaced: Bool { status == .placed }

        /// A recording with a place, or the reason why it has none.
        public init(
            status: Status, map: ClockMap, confidence: Double, polarity: Int, residual: Double, windowCount: Int,
            placedThrough: Int? = nil, duplicateOf: Int? = nil
        ) {
            self.status = status
            self.map = map
            self.confidence = confidence
            self.polarity = polarity
            self.residual = residual
            self.windowCount = windowCount
            self.placedThrough = placedThrough
            self.duplicateOf = duplicateOf
        }
    }

    /// The recording whose clock is the common one.
    public var reference: Int
    /// All recordings, in the order given.
    public var files: [File]

    /// Places of recordings.
    public init(reference: Int, files: [File]) {
        self.reference = reference
        self.files = files
    }

    /// The same places, told on another recording's clock.
    ///
    /// - Precondition: that recording has a place.
    public func relative(to index: Int) -> Synchronization {
        precondition(files[index].isPlaced, "a recording without a place cannot be the reference")
        guard index != reference else { return self }
        var result = self
        let toOld = files[index].map.inverse
        let sign = files[index].polarity
        for place in files.indices where files[place].isPlaced {
            result.files[place].map = place == index ? ClockMap() : toOld.composed(with: files[place].map)
            result.files[place].polarity *= sign
        }
        result.files[reference].placedThrough = index
        result.files[reference].residual = files[index].residual
        result.files[reference].windowCount = files[index].windowCount
        result.files[index].placedThrough = nil
        result.files[index].residual = 0
        result.reference = index
        return result
    }
}
