/// A clock map while it is being found: one rate, a line for each stretch between jumps, and bends where the rate changes.
struct ClockTrack {
    /// A place of a bent line.
    struct Knot {
        /// Reference seconds.
        let time: Double
        /// Seconds that the file is beyond the straight line.
        var lag: Double
    }

    /// A stretch without a jump.
    struct Stretch {
        /// Reference seconds that surely belong to it.
        var range: ClosedRange<Double>
        /// The file time that the line has at reference time 0.
        var file: Double
        /// Where it bends, in order; none for a steady clock.
        var knots: [Knot] = []

        var length: Double { range.upperBound - range.lowerBound }
    }

    /// File seconds in a reference second.
    var rate: Double
    /// In order, at least one.
    var stretches: [Stretch]

    /// The straight part of the clock around a reference time.
    func piece(_ stretch: Int, at time: Double) -> ClockMap.Piece {
        let line = stretches[stretch]
        let straight = ClockMap.Piece(
            start: -.infinity, end: .infinity, reference: 0, file: line.file, rate: rate)
        guard let after = line.knots.firstIndex(where: { $0.time > time }), after > 0 else {
            guard let outer = time < line.knots.first?.time ?? 0 ? line.knots.first : line.knots.last else {
                return straight
            }
            return ClockMap.Piece(
                start: -.infinity, end: .infinity, reference: 0, file: line.file + outer.lag, rate: rate)
        }
        let (left, right) = (line.knots[after - 1], line.knots[after])
        let slope = (right.lag - left.lag) / (right.time - left.time)
        return ClockMap.Piece(
            start: -.infinity, end: .infinity, reference: 0, file: line.file + left.lag - slope * left.time,
            rate: rate + slope)
    }

    /// Moves every line by what a fit found.
    mutating func correct(by fit: LineFit) {
        rate += fit.slope
        for index in stretches.indices { stretches[index].file += fit.offsets[index] }
    }

    /// Seconds that the file lacks between a stretch and the next one; negative: has too much.
    func lost(after stretch: Int) -> Double {
        let (end, start) = (stretches[stretch].range.upperBound, stretches[stretch + 1].range.lowerBound)
        let (left, right) = (piece(stretch, at: end), piece(stretch + 1, at: start))
        return (left.fileTime(at: end) - right.fileTime(at: end)) / right.rate
    }

    /// Makes one of neighbours between which no more than a few milliseconds were lost: evidence too weak for a jump.
    mutating func joinStretches(closerThan seconds: Double) {
        var index = 0
        while index + 1 < stretches.count {
            guard abs(lost(after: index)) < seconds else {
                index += 1
                continue
            }
            let (left, right) = (stretches[index], stretches[index + 1])
            var joined = left.length < right.length ? right : left
            joined.range = left.range.lowerBound...right.range.upperBound
            joined.knots = (left.knots + right.knots).sorted { $0.time < $1.time }
            stretches.replaceSubrange(index...index + 1, with: [joined])
        }
    }

    /// The map, with its jumps at `places`: reference seconds at which the stretches end.
    func map(places: [Double], driftError: Double) -> ClockMap {
        var pieces: [ClockMap.Piece] = []
        for index in stretches.indices {
            let start = index == 0 ? -.infinity : places[index - 1] + max(0, lost(after: index - 1))
            let end = index == stretches.count - 1 ? .infinity : max(places[index], start + 1e-3)
            let times = stretches[index].knots.map(\.time).filter { $0 > start && $0 < end }
            for (from, to) in zip([start] + times, times + [end]) {
                // Bends lie at the ends: anywhere inside will do.
                let inside = from == -.infinity ? to - 1 : to == .infinity ? from + 1 : (from + to) / 2
                let line = piece(index, at: inside.isFinite ? inside : 0)
                pieces.append(
                    ClockMap.Piece(start: from, end: to, reference: line.reference, file: line.file, rate: line.rate))
            }
        }
        return ClockMap(pieces: pieces, driftError: driftError)
    }
}
