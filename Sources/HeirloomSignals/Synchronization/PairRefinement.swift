/// The exact clock of one recording against another, from a rough place: jumps, drift, offset, polarity.
struct PairRefinement {
    let reference: any AnalysisSource
    let profile: ActivityProfile
    let file: any AnalysisSource
    let phat: WeightedPHAT
    let options: Synchronizer.Options

    /// What was found.
    struct Estimate {
        var map: ClockMap
        var polarity: Int
        /// The median distance of the windows' lags from the map, in seconds.
        let residual: Double
        let windowCount: Int
    }

    /// Where both recordings run, in the reference's seconds; nil when nowhere.
    func overlap(_ map: ClockMap) -> ClosedRange<Double>? {
        let start = max(0, map.referenceTime(at: 0) ?? 0)
        let end = min(reference.duration, map.referenceTime(at: file.duration) ?? reference.duration)
        return end - start > 0.3 ? start...end : nil
    }

    /// Refines a place; nil where the windows do not confirm it.
    func estimate(from start: ClockMap) throws -> Estimate? {
        guard let overlap = overlap(start) else { return nil }
        let middle = (overlap.lowerBound + overlap.upperBound) / 2
        let piece = start.pieces[start.index(at: middle)]
        var track = ClockTrack(
            rate: piece.rate,
            stretches: [ClockTrack.Stretch(range: overlap, file: piece.fileTime(at: 0))])
        let correlator = WindowCorrelator(reference: reference, file: file, phat: phat)
        let refinement = ClockRefinement(
            correlator: correlator, profile: profile, maximumDrift: options.maximumDriftPPM * 1e-6)
        if options.findsJumps {
            let search = JumpSearch(correlator: correlator, minimumJump: options.minimumJump)
            track = try search(track, overlap: overlap)
        }
        track = try refinement.fitted(track)
        let count = track.stretches.count
        track.joinStretches(closerThan: 0.75 * options.minimumJump)
        if track.stretches.count < count {
            track = try refinement.fitted(track, rounds: ClockRefinement.rounds[1...])
        }
        let stack = StackedRefinement(refinement: refinement)
        var result = try stack(track)
        var places: [Double] = []
        if track.stretches.count > 1 {
            let placement = JumpPlacement(correlator: correlator)
            let rough = try placement(result.track)
            result = try stack(Self.cut(rough.track, at: rough.places))
            (result.track, places) = try placement(result.track)
        }
        return try checked(result, places: places, refinement)
    }

    /// Stretches that reach up to the jumps.
    private static func cut(_ track: ClockTrack, at places: [Double]) -> ClockTrack {
        var track = track
        for index in track.stretches.indices {
            let range = track.stretches[index].range
            let from = index == 0 ? range.lowerBound : places[index - 1] + max(0, track.lost(after: index - 1))
            let to = index == track.stretches.count - 1 ? range.upperBound : places[index]
            track.stretches[index].range = min(from, to)...max(from, to)
        }
        return track
    }

    private func checked(
        _ result: StackedRefinement.Result, places: [Double], _ refinement: ClockRefinement
    ) throws -> Estimate? {
        let last = ClockRefinement.Round(window: 2, hop: 0.5, search: 0.040, scale: 0.0002)
        let longest = result.track.stretches.map(\.length).max() ?? 0
        let share = min(1, longest / 3 / last.window)
        let round = ClockRefinement.Round(
            window: last.window * share, hop: last.hop * share, search: last.search, scale: last.scale)
        let points = try refinement.points(result.track, round).points
        let errors = points.map { abs($0.lag) }.sorted()
        let near = points.filter { abs($0.lag) < 0.002 }
        // A window of noise names any lag of eighty milliseconds: one in twenty lies this near by chance.
        guard near.count >= min(3, points.count), Double(near.count) >= 0.25 * Double(points.count), !points.isEmpty
        else { return nil }
        let times = near.map(\.time)
        let span = (times.max() ?? 0) - (times.min() ?? 0)
        let independent = max(2, Double(near.count) * round.hop / round.window)
        let typical = near.map { abs($0.lag) }.sorted()[near.count / 2] * 1.48
        let error = span > 0 ? typical / (span * (independent / 12).squareRoot()) * 1e6 : 100
        return Estimate(
            map: result.track.map(places: places, driftError: min(error, 100)), polarity: result.polarity,
            residual: errors[errors.count / 2], windowCount: near.count)
    }
}
