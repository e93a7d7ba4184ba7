/// Divides the segments that are left among several that work side by side.
enum FilmParts {
    /// Runs of segments for each, near equal and in the order of the film; fewer lists where there is too little to do.
    ///
    /// - Parameter runs: what is left; only the last may be open.
    static func divided(
        _ runs: [(first: Int, end: Int?)], _ record: JobRecord, among count: Int
    ) -> [[(first: Int, end: Int?)]] {
        guard count > 1 else { return [runs] }
        let expected = record.estimatedFrames.map { ($0 + record.segmentFrames - 1) / record.segmentFrames }
        // An open end is where the container says; the last one goes on if there is more.
        let lengths = runs.map { run in
            max(1, (run.end ?? max(run.first + 1, expected ?? 0)) - run.first)
        }
        let total = lengths.reduce(0, +)
        let shares = min(count, total)
        var parts = [[(first: Int, end: Int?)]](repeating: [], count: shares)
        var before = 0
        for (run, length) in zip(runs, lengths) {
            for share in 0..<shares {
                let (low, high) = (total * share / shares, total * (share + 1) / shares)
                let (from, to) = (max(low, before), min(high, before + length))
                guard from < to else { continue }
                let isEnd = to == before + length
                parts[share].append((run.first + from - before, isEnd ? run.end : run.first + to - before))
            }
            before += length
        }
        return parts.filter { !$0.isEmpty }
    }

    /// What two lists of runs have in common.
    static func common(
        _ runs: [(first: Int, end: Int?)], _ others: [(first: Int, end: Int?)]
    ) -> [(first: Int, end: Int?)] {
        runs.flatMap { run in
            others.compactMap { other in
                let first = max(run.first, other.first)
                let end = [run.end, other.end].compactMap(\.self).min()
                return end.map { first < $0 } ?? true ? (first, end) : nil
            }
        }
    }
}
