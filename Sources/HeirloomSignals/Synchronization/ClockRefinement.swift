import HeirloomTensors

/// Drift and offset between two recordings to a few millionths and a few hundredths of a millisecond: lags of many windows,
/// a robust line through them, the file read along that line, and again.
struct ClockRefinement {
    let correlator: WindowCorrelator
    /// The reference recording's loudness, for choosing windows.
    let profile: ActivityProfile
    /// The largest drift, as a fraction.
    let maximumDrift: Double

    static let rate = Double(AnalysisSamples.sampleRate)
    static let maximumWindows = 600

    /// Window, hop, search and scale of a round, in seconds.
    struct Round {
        let window: Double
        let hop: Double
        let search: Double
        let scale: Double
    }

    static let rounds = [
        Round(window: 4, hop: 1, search: 0.040, scale: 0.001),
        Round(window: 3, hop: 0.75, search: 0.012, scale: 0.0004),
        Round(window: 2, hop: 0.5, search: 0.006, scale: 0.0002),
        Round(window: 2, hop: 0.5, search: 0.004, scale: 0.0001),
    ]

    /// A window of one stretch.
    struct Placed {
        let start: Double
        let stretch: Int
    }

    /// Windows of all stretches.
    func windows(_ track: ClockTrack, length: Double, hop: Double) -> [Placed] {
        let total = track.stretches.reduce(0) { $0 + $1.range.upperBound - $1.range.lowerBound }
        let step = max(hop, total / Double(Self.maximumWindows))
        // Whole samples, so that windows that overlap can share their work.
        let hop = (step * Self.rate).rounded() / Self.rate
        return track.stretches.enumerated().flatMap { index, stretch in
            stride(
                from: (stretch.range.lowerBound * Self.rate).rounded(.up) / Self.rate,
                through: stretch.range.upperBound - length, by: hop
            )
            .map { Placed(start: $0, stretch: index) }
        }
    }

    /// The lags of windows, weighted by how clear they are.
    func points(_ track: ClockTrack, _ round: Round) throws -> (points: [LineFit.Point], signs: [Int]) {
        let placed = windows(track, length: round.window, hop: round.hop)
        let margin = Int(round.search * Self.rate)
        let curves = try correlator.curves(
            placed.map {
                WindowCorrelator.Window(
                    start: $0.start, piece: track.piece($0.stretch, at: $0.start + round.window / 2))
            },
            length: Int(round.window * Self.rate), margin: margin)
        var points: [LineFit.Point] = []
        var signs: [Int] = []
        for (window, curve) in zip(placed, curves) {
            guard let peak = Self.peak(of: curve) else { continue }
            points.append(
                LineFit.Point(
                    time: window.start + round.window / 2, lag: (peak.place - Double(margin)) / Self.rate,
                    weight: peak.weight, piece: window.stretch))
            signs.append(peak.sign)
        }
        return (points, signs)
    }

    /// The highest magnitude of a curve, between samples; nil where it is at an end or nothing stands out.
    static func peak(of curve: [Float]) -> (place: Double, weight: Double, sign: Int)? {
        curve.withUnsafeBufferPointer { curve in
            var best = 0
            var power = 0.0
            for index in 0..<curve.count {
                power += Double(curve[index] * curve[index])
                if abs(curve[index]) > abs(curve[best]) { best = index }
            }
            guard best > 0, best < curve.count - 1, curve[best] != 0 else { return nil }
            let sign: Float = curve[best] < 0 ? -1 : 1
            let (left, top, right) = (sign * curve[best - 1], sign * curve[best], sign * curve[best + 1])
            let bend = left - 2 * top + right
            let shift = bend < 0 ? 0.5 * (left - right) / bend : 0
            var second: Float = 0
            // Farther than the peak's own width.
            for index in 0..<curve.count where abs(index - best) > 6 { second = max(second, abs(curve[index])) }
            let median = 0.6745 * (power / Double(curve.count)).squareRoot()
            let weight = Double(top - second) * Double(top) / (median * median)
            return (Double(best) + Double(shift), max(weight, 0), sign < 0 ? -1 : 1)
        }
    }

    /// Rounds of measuring and fitting.
    ///
    /// - Parameter rounds: which; windows are shortened where the recordings overlap for seconds only.
    func fitted(_ track: ClockTrack, rounds: ArraySlice<Round> = Self.rounds[...]) throws -> ClockTrack {
        var track = track
        let longest = track.stretches.map(\.length).max() ?? 0
        for round in rounds {
            let share = min(1, longest / 3 / round.window)
            let round = Round(
                window: round.window * share, hop: round.hop * share, search: round.search, scale: round.scale)
            for _ in 0..<3 {
                let measured = try points(track, round).points
                guard measured.count >= 2 else { return track }
                if track.stretches.contains(where: { !$0.knots.isEmpty }) {
                    bend(&track, measured, scale: round.scale)
                    break
                }
                let fit = fit(measured, track, scale: round.scale)
                track.correct(by: fit)
                if abs(fit.slope) < 0.2e-6 {
                    if round.search > 0.02 { bendWhereNeeded(&track, try points(track, round).points, round.scale) }
                    break
                }
            }
        }
        return track
    }

    func fit(_ points: [LineFit.Point], _ track: ClockTrack, scale: Double) -> LineFit {
        let now = track.rate - 1
        let range = min(-maximumDrift - now, 0)...max(maximumDrift - now, 0)
        // Recorders differ by tens of millionths; seconds of sound cannot say otherwise.
        return LineFit(
            points, pieceCount: track.stretches.count, scale: scale, slopes: range, prior: (-now, 1e-4))
    }
}
