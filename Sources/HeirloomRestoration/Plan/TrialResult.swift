import HeirloomMedia

/// What a trial showed.
struct TrialResult: Sendable {
    /// Seconds to load the network and prepare it.
    var setupSeconds: Double
    /// Seconds from the first frame to the closed file.
    var totalSeconds: Double
    /// Frames that the treatment took.
    var frames: Int
    /// Seconds a frame in the steady part; nil where the piece was too short to have one.
    var secondsPerFrame: Double?
    /// Sizes of the packets that can be decoded by themselves.
    var keyBytes: [Int]
    /// Sizes of the other packets.
    var otherBytes: [Int]
    /// The most memory that the process held, without the frames that only a trial keeps.
    var peakResidentBytes: Int
    /// Bytes of a frame that waits for the treatment.
    var waitingBytes: Int
    /// The piece on the film's clock.
    var from: MediaTime
    /// Where it ends, excluded.
    var end: MediaTime
    /// The telling frame as it was; nil where the reader gave none at its time.
    var before: VideoFrame?
    /// The telling frame as it became.
    var after: VideoFrame?
    /// What the treated frames have in common.
    var format: VideoFormat
    /// The treated frames from the telling one on, for a second treatment; empty where they were encoded.
    var kept: [VideoFrame] = []

    /// Two treatments that one thread does in turn, from a trial of each.
    ///
    /// Their times add up; of the pictures the first one's beginning and the second one's end are shown.
    func followed(by second: TrialResult) -> TrialResult {
        var both = second
        both.setupSeconds += setupSeconds
        both.secondsPerFrame = secondsPerFrame.flatMap { one in second.secondsPerFrame.map { one + $0 } }
        both.totalSeconds +=
            totalSeconds - Double(frames) * (secondsPerFrame ?? 0)
            + Double(second.frames) * (secondsPerFrame ?? 0)
        both.peakResidentBytes = max(peakResidentBytes, second.peakResidentBytes)
        both.waitingBytes = waitingBytes
        both.before = before
        return both
    }

    /// Seconds a frame, from the moments at which the steady part's frames were taken; nil where that part is too short.
    ///
    /// A piece that ends by itself may do so just after the pipeline was full. The few frames that are left then go as fast
    /// as they wait, not as fast as they are encoded: such a piece of five told a fifth of the time.
    ///
    /// - Parameters:
    ///   - frames: those of the whole piece.
    ///   - seconds: how long the steady part was to be.
    static func rate(of times: [Double], among frames: Int, seconds: Double) -> Double? {
        guard let first = times.first, let last = times.last else { return nil }
        guard 3 * times.count >= frames || last - first >= seconds / 2 else { return nil }
        return slope(of: times)
    }

    /// The step of numbers that grow evenly, by the straight line that fits best; nil for fewer than three.
    static func slope(of times: [Double]) -> Double? {
        guard times.count >= 3 else { return nil }
        let count = Double(times.count)
        let middle = (count - 1) / 2
        let mean = times.reduce(0, +) / count
        var (above, below) = (0.0, 0.0)
        for (place, time) in times.enumerated() {
            above += (Double(place) - middle) * (time - mean)
            below += (Double(place) - middle) * (Double(place) - middle)
        }
        return above > 0 ? above / below : nil
    }
}
