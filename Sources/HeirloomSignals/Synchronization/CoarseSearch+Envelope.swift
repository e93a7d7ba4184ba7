import HeirloomTensors

extension CoarseSearch {
    /// For hours of sound: first how the loudness of four bands changes, a hundred times a second, then weighted PHAT near
    /// the place found.
    func byEnvelope(
        _ long: any AnalysisSource, _ longProfile: ActivityProfile, _ short: any AnalysisSource,
        _ shortProfile: ActivityProfile
    ) throws -> LagConsensus.Result? {
        // Longer segments would be smeared by drift, shorter ones say little.
        let length = 40.0
        let all = Self.places(in: shortProfile, duration: short.duration, length: length, hop: length / 2)
        let segments = Self.spread(all, count: 24, duration: short.duration)
        let frames = Int(length * ActivityProfile.rate)
        let n = WeightedPHAT.transformLength(longProfile.count + frames)
        let whole = longProfile.changes(0..<longProfile.count).realFFT(length: n)
        var candidates: [LagConsensus.Candidate] = []
        for (index, start) in segments.enumerated() {
            let first = Int(start * ActivityProfile.rate)
            guard first + frames <= shortProfile.count else { continue }
            let part = shortProfile.changes(first..<first + frames).realFFT(length: n)
            let curve = (whole * part.conjugate()).sum(axes: [0], keepingDimensions: true).inverseRealFFT(length: n)
            let deviation = curve.squared().mean().item().squareRoot()
            for peak in Self.highest(curve, count: 3, distance: 10) {
                let lag = peak.index < longProfile.count ? peak.index : peak.index - n
                candidates.append(
                    LagConsensus.Candidate(
                        time: start + length / 2, lag: Double(lag - first) / ActivityProfile.rate,
                        quality: Double(peak.height) / (0.6745 * deviation + 1e-30), segment: index))
            }
        }
        let rough = LagConsensus(tolerance: 0.05, slope: maximumDrift)
        guard let found = rough(candidates), found.members.count >= 3 else { return rough(candidates) }
        return try sharpened(found, long, short, shortProfile)
    }

    /// The liveliest starts of as many equal stretches.
    static func spread(_ starts: [Double], count: Int, duration: Double) -> [Double] {
        var taken: Set<Int> = []
        var result: [Double] = []
        for start in starts where taken.insert(Int(start / duration * Double(count))).inserted { result.append(start) }
        return result
    }

    /// The same places to a fraction of a millisecond.
    private func sharpened(
        _ rough: LagConsensus.Result, _ long: any AnalysisSource, _ short: any AnalysisSource,
        _ profile: ActivityProfile
    ) throws -> LagConsensus.Result? {
        let rate = Double(AnalysisSamples.sampleRate)
        let line = LineFit(
            rough.members.map { LineFit.Point(time: $0.time, lag: $0.lag, weight: $0.quality, piece: 0) },
            scale: 0.02, slopes: -maximumDrift...maximumDrift, prior: (0, 1e-4))
        let length = 10.0
        let all = Self.places(in: profile, duration: short.duration, length: length, hop: length / 2)
        let map = ClockMap(pieces: [
            ClockMap.Piece(
                start: -.infinity, end: .infinity, reference: 0, file: line.offsets[0], rate: 1 + line.slope)
        ])
        // Only where the longer recording was running too.
        let inside = all.filter { start in
            let place = start + line.lag(at: start, piece: 0)
            return place >= 0 && place + length <= long.duration
        }
        let places = Self.spread(inside, count: 24, duration: short.duration)
        let margin = 0.25
        let correlator = WindowCorrelator(reference: short, file: long, phat: phat)
        var candidates: [LagConsensus.Candidate] = []
        try correlator.correlate(
            places.map { WindowCorrelator.Window(start: $0, piece: map.pieces[0]) }, length: Int(length * rate),
            margin: Int(margin * rate)
        ) { first, curves in
            let curves = curves.abs()
            for row in 0..<curves.shape[0] {
                let curve = curves.sliced(axis: 0, from: row, to: row + 1)
                let deviation = curve.squared().mean().item().squareRoot()
                let time = places[first + row]
                for peak in Self.highest(curve, count: 3, distance: 32) {
                    let lag = Double(peak.index) / rate - margin
                    candidates.append(
                        LagConsensus.Candidate(
                            time: time + length / 2, lag: lag + line.lag(at: time + length / 2, piece: 0),
                            quality: Double(peak.height) / (0.6745 * deviation + 1e-30), segment: first + row))
                }
            }
        }
        let fine = LagConsensus(tolerance: 0.004, slope: 20e-6)
        guard let result = fine(candidates) else { return nil }
        // What the loudness said counts too: among all places, and not only near this one.
        return LagConsensus.Result(
            members: result.members, confidence: (rough.confidence * result.confidence).squareRoot(),
            rivalry: max(rough.rivalry, 0))
    }
}
