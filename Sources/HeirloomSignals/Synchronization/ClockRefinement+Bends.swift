extension ClockRefinement {
    /// How far the bends of a clock lie apart, in seconds.
    private static let spacing = 300.0
    /// What a straight line may be wrong by, in seconds.
    private static let tolerance = 0.0003

    /// Gives knots to long stretches whose lags do not lie on a line: clocks that warm up, recorders that change their rate.
    func bendWhereNeeded(_ track: inout ClockTrack, _ points: [LineFit.Point], _ scale: Double) {
        var bent = track
        for index in track.stretches.indices where track.stretches[index].length > 2 * Self.spacing {
            let stretch = track.stretches[index]
            let count = Int((stretch.length / Self.spacing).rounded())
            bent.stretches[index].knots = (0...count).map {
                ClockTrack.Knot(
                    time: stretch.range.lowerBound + stretch.length * Double($0) / Double(count), lag: 0)
            }
        }
        bend(&bent, points, scale: scale)
        for index in track.stretches.indices {
            let knots = bent.stretches[index].knots
            if knots.contains(where: { abs($0.lag) > Self.tolerance }) { track.stretches[index].knots = knots }
        }
    }

    /// Moves each knot to where a robust line through the lags around it passes.
    func bend(_ track: inout ClockTrack, _ points: [LineFit.Point], scale: Double) {
        for index in track.stretches.indices {
            let own = points.filter { $0.piece == index }
            for knot in track.stretches[index].knots.indices {
                let time = track.stretches[index].knots[knot].time
                let near = own.filter { abs($0.time - time) < Self.spacing }.map {
                    LineFit.Point(
                        time: $0.time - time, lag: $0.lag,
                        weight: $0.weight * (1 - abs($0.time - time) / Self.spacing), piece: 0)
                }
                guard near.count >= 4 else { continue }
                let line = LineFit(near, scale: scale, slopes: -3e-5...3e-5, prior: (0, 1e-5))
                track.stretches[index].knots[knot].lag += line.offsets[0]
            }
        }
    }
}
