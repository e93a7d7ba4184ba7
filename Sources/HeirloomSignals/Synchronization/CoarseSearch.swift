import HeirloomTensors

/// Where one recording lies in another, wherever that is.
///
/// Segments of the shorter one are compared with the whole of the longer one; what most of them agree on is the place.
struct CoarseSearch {
    let phat: WeightedPHAT
    /// The largest drift, as a fraction.
    let maximumDrift: Double

    /// A place found.
    struct Match {
        /// File seconds at reference second 0, and file seconds in a reference second.
        let map: ClockMap
        /// 0...1.
        let confidence: Double
        /// How many segments agree.
        let segmentCount: Int
        /// Evidence for the best other place over that for this one.
        let rivalry: Double
        /// +1 or −1 by most segments.
        let polarity: Int
    }

    private static let rate = Double(AnalysisSamples.sampleRate)
    private static let maximumSegments = 24

    /// The best place of `file` on the clock of `reference`; nil where nothing could be compared.
    func callAsFunction(
        _ reference: any AnalysisSource, _ first: ActivityProfile, _ file: any AnalysisSource, _ second: ActivityProfile
    ) throws -> Match? {
        let isSwapped = reference.sampleCount < file.sampleCount
        let (long, short) = isSwapped ? (file, reference) : (reference, file)
        let (longProfile, shortProfile) = isSwapped ? (second, first) : (first, second)
        let isLong = short.duration >= 120 && long.duration > 600
        let result =
            isLong
            ? try byEnvelope(long, longProfile, short, shortProfile) : try direct(long, short, shortProfile)
        guard let result else { return nil }
        // Lags lead from the shorter recording to the longer one.
        let points = result.members.map {
            LineFit.Point(time: $0.time, lag: $0.lag, weight: $0.quality * $0.quality, piece: 0)
        }
        let span = (points.last?.time ?? 0) - (points.first?.time ?? 0)
        let line = LineFit(
            points, scale: 0.001, slopes: -maximumDrift...maximumDrift,
            prior: (0, span > 4 ? 1e-4 : 1e-7))
        let toLong = ClockMap(pieces: [
            ClockMap.Piece(
                start: -.infinity, end: .infinity, reference: 0, file: line.offsets[0], rate: 1 + line.slope)
        ])
        return Match(
            map: isSwapped ? toLong : toLong.inverse, confidence: result.confidence,
            segmentCount: result.members.count, rivalry: result.rivalry, polarity: 1)
    }

    /// Every segment against the whole, by weighted PHAT.
    private func direct(
        _ long: any AnalysisSource, _ short: any AnalysisSource, _ profile: ActivityProfile
    ) throws -> LagConsensus.Result? {
        let length = min(6, max(0.33, short.duration / 3))
        var segments = Self.places(in: profile, duration: short.duration, length: length, hop: length / 2)
        // A short piece in hours of sound: every segment costs a pass over all of it.
        let most = long.duration > 1200 ? 8 : Self.maximumSegments
        segments = Array(segments.prefix(most))
        guard !segments.isEmpty else { return nil }
        let consensus = LagConsensus(tolerance: 0.004, slope: max(maximumDrift, 350e-6))
        // The liveliest first: when these agree, the others need not be asked.
        var candidates: [LagConsensus.Candidate] = []
        for batch in stride(from: 0, to: segments.count, by: 8) {
            let part = Array(segments[batch..<min(batch + 8, segments.count)])
            candidates += try search(long, short, part, length: length, firstIndex: batch)
            if let found = consensus(candidates), found.confidence > 0.7, found.members.count >= 6,
                found.rivalry < 0.4
            {
                return found
            }
        }
        return consensus(candidates)
    }

    /// Starts of segments in seconds, the liveliest first, at most one for each hop.
    static func places(in profile: ActivityProfile, duration: Double, length: Double, hop: Double) -> [Double] {
        var starts = Array(stride(from: 0, through: max(0, duration - length), by: hop))
        if starts.isEmpty { starts = [0] }
        let lively = profile.liveliness(starts, seconds: length)
        return starts.indices.sorted { lively[$0] > lively[$1] }.map { starts[$0] }
    }

    /// The best three places of each segment.
    private func search(
        _ long: any AnalysisSource, _ short: any AnalysisSource, _ starts: [Double], length: Double, firstIndex: Int
    ) throws -> [LagConsensus.Candidate] {
        let count = Int(length * Self.rate)
        let n = WeightedPHAT.transformLength(min(long.sampleCount + 2 * count, 1 << 19))
        let positions = starts.map { Int($0 * Self.rate) }
        let segments = Tensor(
            try positions.flatMap { try short.padded(from: $0, count: count) }, shape: [starts.count, count])
        // Frequencies above the band are empty: half the rate is enough to find the place.
        let spectra = half(phat.spectra(segments, length: n), n)
        let valid = n - count
        var peaks = [[(lag: Int, height: Float)]](repeating: [], count: starts.count)
        var energy = [Double](repeating: 0, count: starts.count)
        var lags = 0
        for begin in stride(from: -count / 2, to: long.sampleCount, by: valid) {
            let block = Tensor(try long.padded(from: begin, count: n), shape: [1, n])
            let blockSpectrum = half(phat.spectra(block, length: n), n)
            // All segments in one transform: preparing a transform of this length costs as much as several of them.
            let curves = phat.correlation(spectra, blockSpectrum, length: n / 2)
                .sliced(axis: 1, from: 0, to: valid / 2).abs()
            let powers = curves.squared().sum(axes: [1]).contiguous().scalars(as: Float.self)
            for row in starts.indices {
                energy[row] += Double(powers[row])
                let curve = curves.sliced(axis: 0, from: row, to: row + 1)
                for peak in Self.highest(curve, count: 3, distance: 16) {
                    peaks[row].append((begin + 2 * peak.index, peak.height))
                }
            }
            lags += valid / 2
        }
        return starts.indices.flatMap { row in
            // The median magnitude of noise, from its power.
            let median = 0.6745 * (energy[row] / Double(lags)).squareRoot()
            let best = peaks[row].sorted { $0.height > $1.height }.prefix(3)
            return best.filter { $0.height > 0 }.map { peak in
                LagConsensus.Candidate(
                    time: starts[row] + length / 2, lag: Double(peak.lag - positions[row]) / Self.rate,
                    quality: Double(peak.height) / max(median, 1e-30), segment: firstIndex + row)
            }
        }
    }

    private func half(_ spectra: Tensor, _ n: Int) -> Tensor { spectra.sliced(axis: 1, from: 0, to: n / 4 + 1) }

    /// The highest places of a curve `[1, n]`, at least a distance apart.
    static func highest(_ curve: Tensor, count: Int, distance: Int) -> [(index: Int, height: Float)] {
        let found = curve.top(min(16 * count, curve.shape[1]), axis: 1)
        let heights = found.values.contiguous().scalars(as: Float.self)
        let indices = found.indices.contiguous().scalars(as: Int64.self)
        var result: [(index: Int, height: Float)] = []
        for (height, index) in zip(heights, indices) where result.count < count {
            if result.allSatisfy({ abs($0.index - Int(index)) > distance }) { result.append((Int(index), height)) }
        }
        return result
    }
}
