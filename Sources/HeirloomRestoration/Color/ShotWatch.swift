import HeirloomSignals

/// Decides what can only be said of a frame among its neighbours: whether it begins a shot, and how its exposure is
/// steadied.
///
/// The detector of cuts and the medians of the exposure remember frames without a fixed end. To make every decision a
/// function of a bounded piece of the film, they begin anew every ``span`` frames, counted from the film's first, and
/// are heard from when they have seen that many: of two pairs at work one decides while the other learns.
struct ShotWatch {
    /// What was decided about a frame.
    struct Verdict: Equatable {
        var startsShot: Bool
        var correction: ExposureSteadier.Correction
    }

    /// Frames for which one pair decides, after as many that it only saw: more than twice what either looks back.
    static let span = 32

    /// A detector and a steadier that began together.
    private struct Pair {
        private var detector = ShotDetector()
        private var steadier = ExposureSteadier()
        private var undecided: [Float]?

        mutating func push(_ thumbnail: [Float]) -> Verdict? {
            defer { undecided = thumbnail }
            return verdict(detector.push(thumbnail))
        }

        mutating func finish() -> Verdict? { verdict(detector.finish()) }

        private mutating func verdict(_ startsShot: Bool?) -> Verdict? {
            guard let startsShot, let undecided else { return nil }
            return Verdict(
                startsShot: startsShot, correction: steadier.correction(for: undecided, startsShot: startsShot))
        }
    }

    private var deciding = Pair()
    private var learning = Pair()

    /// Takes the next frame and decides about the one before; nil for the first.
    ///
    /// - Parameters:
    ///   - thumbnail: as `ShotDetector` has it.
    ///   - index: the number of the frame in the film.
    mutating func push(_ thumbnail: [Float], index: Int) -> Verdict? {
        let verdict = deciding.push(thumbnail)
        _ = learning.push(thumbnail)
        if index % Self.span == 0 {
            deciding = learning
            learning = Pair()
            _ = learning.push(thumbnail)
        }
        return verdict
    }

    /// Decides about the last frame; nil where there was none.
    mutating func finish() -> Verdict? { deciding.finish() }
}
