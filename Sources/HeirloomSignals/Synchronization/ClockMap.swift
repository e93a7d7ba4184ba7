/// Where one recorder's clock stands when the reference's stands at t: straight pieces, with gaps where buffers were lost
/// or silence was put in.
///
/// Times are seconds: the reference's own time (sample / nominal rate, 0 at its first sample) and the file's own time
/// (the same for the file). Before the first piece and after the last one the outer pieces go on; whether the file has
/// samples there is the caller's to know.
public struct ClockMap: Sendable, Equatable {
    /// A stretch of steady clock: file = `file` + (reference − `reference`) × `rate`.
    public struct Piece: Sendable, Equatable {
        /// Where in reference time the piece begins; −∞ for the first one.
        public let start: Double
        /// Where in reference time it ends; +∞ for the last one.
        public let end: Double
        /// A reference time in or beside the piece.
        public let reference: Double
        /// The file time that belongs to `reference`.
        public let file: Double
        /// Seconds of the file in a second of the reference: 1 + drift.
        public let rate: Double

        /// A piece.
        public init(start: Double, end: Double, reference: Double, file: Double, rate: Double) {
            precondition(start < end && rate > 0, "a clock's piece \(start)..<\(end) at rate \(rate)")
            (self.start, self.end, self.reference, self.file, self.rate) = (start, end, reference, file, rate)
        }

        /// The file time at a reference time, inside the piece or beyond.
        public func fileTime(at time: Double) -> Double { file + (time - reference) * rate }
        /// The reference time at a file time, inside the piece or beyond.
        public func referenceTime(at time: Double) -> Double { reference + (time - file) / rate }
        /// Where in file time the piece begins.
        public var fileStart: Double { start == -.infinity ? start : fileTime(at: start) }
        /// Where in file time it ends.
        public var fileEnd: Double { end == .infinity ? end : fileTime(at: end) }
    }

    /// A place where the two clocks jump against each other.
    public struct Jump: Sendable, Codable, Equatable {
        /// When, in the reference's seconds.
        public let reference: Double
        /// When, in the file's seconds.
        public let file: Double
        /// Seconds that the file lacks; negative where it has more than happened: inserted silence.
        public let seconds: Double
    }

    /// The pieces in order; neither reference nor file time overlaps.
    public let pieces: [Piece]
    /// The standard error of the drift, in ppm.
    public let driftError: Double

    /// A map of pieces.
    ///
    /// - Precondition: there is a piece; the first begins at −∞, the last ends at +∞, none overlaps the next one.
    public init(pieces: [Piece], driftError: Double = 0) {
        precondition(
            pieces.first?.start == -.infinity && pieces.last?.end == .infinity,
            "a clock map must reach over all times")
        precondition(
            zip(pieces, pieces.dropFirst()).allSatisfy {
                $0.end <= $1.start && $0.fileEnd <= $1.fileStart + 1e-9
            }, "the pieces of a clock map overlap")
        self.pieces = pieces
        self.driftError = driftError
    }

    /// A steady clock.
    ///
    /// - Parameters:
    ///   - offset: when the file starts, in the reference's seconds; negative when it started first.
    ///   - driftPPM: how much faster than the reference's its clock runs, in millionths.
    ///   - driftError: the standard error of that.
    public init(offset: Double = 0, driftPPM: Double = 0, driftError: Double = 0) {
        self.init(
            pieces: [
                Piece(start: -.infinity, end: .infinity, reference: offset, file: 0, rate: 1 + driftPPM * 1e-6)
            ], driftError: driftError)
    }

    /// The file's time at a reference time; nil where the file has a gap: its recorder lost what happened then.
    public func fileTime(at time: Double) -> Double? {
        let piece = pieces[index(at: time)]
        return time >= piece.start && time < piece.end ? piece.fileTime(at: time) : nil
    }

    /// The reference's time at a file time; nil where nothing of the event is in the file: silence that its recorder put in,
    /// or what the reference's recorder lost.
    public func referenceTime(at fileTime: Double) -> Double? {
        let piece = pieces.last { $0.fileStart <= fileTime } ?? pieces[0]
        return fileTime < piece.fileEnd ? piece.referenceTime(at: fileTime) : nil
    }

    /// When the file starts, in the reference's seconds: what "starts 12.148 s later" means.
    public var offset: Double { referenceTime(at: 0) ?? pieces[0].referenceTime(at: 0) }

    /// How much faster than the reference's the file's clock runs, in millionths: over all pieces, without the jumps.
    public var driftPPM: Double {
        let inner = pieces.filter { $0.end - $0.start < .infinity }
        let outer = [pieces[0], pieces[pieces.count - 1]]
        let length = inner.reduce(0) { $0 + $1.end - $1.start }
        // The outer pieces have no length of their own: they count like the inner ones on average.
        let weight = inner.isEmpty ? 1 : max(length / Double(inner.count), 1e-3)
        let sum =
            inner.reduce(0) { $0 + ($1.rate - 1) * ($1.end - $1.start) }
            + outer.reduce(0) { $0 + ($1.rate - 1) * weight }
        return sum / (length + 2 * weight) * 1e6
    }

    /// Where the clocks jump: lost buffers and inserted silence, in order.
    public var jumps: [Jump] {
        zip(pieces, pieces.dropFirst()).compactMap { before, after in
            let lost = (after.start - before.end) - (after.fileStart - before.fileEnd) / after.rate
            guard abs(lost) > 1e-6 else { return nil }
            return Jump(reference: before.end, file: before.fileEnd, seconds: lost)
        }
    }

    /// The piece that holds a reference time, or the one before the gap that holds it.
    func index(at time: Double) -> Int {
        var low = 0
        var high = pieces.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if pieces[middle].start <= time { low = middle } else { high = middle }
        }
        return low
    }
}
