/// What several segments agree on, each having named a few lags.
struct LagConsensus {
    /// A place where a segment of one recording might lie in the other.
    struct Candidate {
        /// The middle of the segment, in its own recording's seconds.
        let time: Double
        /// Seconds from there to the place in the other recording.
        let lag: Double
        /// How far the correlation stands out.
        let quality: Double
        /// Which segment.
        let segment: Int
    }

    /// How far two lags may differ, and how much more for each second between their segments.
    let tolerance: Double
    let slope: Double
    /// Lags as near as this are no rivals: the file may have lost as much between them.
    var kinship = 1.5

    /// An agreement.
    struct Result {
        /// The best candidate of each agreeing segment.
        let members: [Candidate]
        /// The share of all segments' evidence that agrees.
        let confidence: Double
        /// What the best other lag has of this one's evidence.
        let rivalry: Double
    }

    /// The lag with the most evidence; nil without candidates.
    func callAsFunction(_ candidates: [Candidate]) -> Result? {
        let segments = Dictionary(grouping: candidates, by: \.segment)
        let total = segments.values.reduce(0) { $0 + ($1.map { $0.quality * $0.quality }.max() ?? 0) }
        guard total > 0 else { return nil }
        var best: (sum: Double, members: [Candidate], centre: Candidate)?
        var sums: [(sum: Double, centre: Candidate)] = []
        for centre in candidates {
            let members = agreeing(with: centre, segments)
            let sum = members.reduce(0) { $0 + $1.quality * $1.quality }
            sums.append((sum, centre))
            if sum > best?.sum ?? 0 { best = (sum, members, centre) }
        }
        guard let best else { return nil }
        let rival =
            sums.filter { entry in
                !best.members.contains { abs($0.lag - entry.centre.lag) < kinship + reach($0, entry.centre) }
            }.map(\.sum).max() ?? 0
        return Result(
            members: best.members.sorted { $0.time < $1.time }, confidence: best.sum / total,
            rivalry: rival / best.sum)
    }

    private func reach(_ one: Candidate, _ other: Candidate) -> Double {
        tolerance + slope * abs(one.time - other.time)
    }

    private func agreeing(with centre: Candidate, _ segments: [Int: [Candidate]]) -> [Candidate] {
        segments.values.compactMap { list in
            list.filter { abs($0.lag - centre.lag) < reach($0, centre) }.max { $0.quality < $1.quality }
        }
    }
}
