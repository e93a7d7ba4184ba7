/// Which pairs of recordings are compared, and the tree along which each finds its place.
struct PairSearch {
    /// A pair that belongs together.
    struct Edge {
        let one: Int
        let other: Int
        /// From the time of `one` to that of `other`.
        let match: CoarseSearch.Match
    }

    /// Edges between files, the surest first.
    var edges: [Edge] = []

    /// Drops the weakest edge of every triangle that does not close.
    ///
    /// - Parameter tolerance: seconds that the three offsets may leave over.
    mutating func dropContradictions(fileCount: Int, tolerance: Double = 0.010) {
        var isChanged = true
        while isChanged {
            isChanged = false
            for i in 0..<fileCount {
                for j in i + 1..<max(i + 1, fileCount) {
                    for k in j + 1..<max(j + 1, fileCount) {
                        guard let first = edge(i, j), let second = edge(j, k), let third = edge(i, k) else { continue }
                        if closes(i, j, k, tolerance) { continue }
                        let weakest = [first, second, third].min {
                            edges[$0].match.confidence < edges[$1].match.confidence
                        }
                        if let weakest { edges.remove(at: weakest) }
                        isChanged = true
                    }
                }
            }
        }
    }

    private func edge(_ one: Int, _ other: Int) -> Int? {
        edges.firstIndex { ($0.one == one && $0.other == other) || ($0.one == other && $0.other == one) }
    }

    private func closes(_ i: Int, _ j: Int, _ k: Int, _ tolerance: Double) -> Bool {
        guard let first = map(i, j), let second = map(j, k), let direct = map(i, k) else { return true }
        let around = first.composed(with: second)
        // A file with a jump may be bound to the others by different sides of it: as much as it may have lost.
        let slack = tolerance + 300e-6 * 10
        let times = [0.0, 10]
        return times.contains { time in
            abs((around.fileTime(at: time) ?? 0) - (direct.fileTime(at: time) ?? 0)) < slack
        }
    }

    /// From the time of one file to that of another, when they were compared directly.
    func map(_ one: Int, _ other: Int) -> ClockMap? {
        guard let index = edge(one, other) else { return nil }
        return edges[index].one == one ? edges[index].match.map : edges[index].match.map.inverse
    }

    func confidence(_ one: Int, _ other: Int) -> Double {
        edge(one, other).map { edges[$0].match.confidence } ?? 0
    }

    /// The tree of most confidence that grows from a root: each file with the one it hangs on, parents first.
    func tree(root: Int, fileCount: Int) -> [(file: Int, parent: Int)] {
        var inside: Set<Int> = [root]
        var result: [(file: Int, parent: Int)] = []
        while true {
            var best: (confidence: Double, file: Int, parent: Int)?
            for edge in edges {
                let reaching =
                    inside.contains(edge.one) && !inside.contains(edge.other)
                    ? (edge.other, edge.one)
                    : inside.contains(edge.other) && !inside.contains(edge.one) ? (edge.one, edge.other) : nil
                guard let (file, parent) = reaching else { continue }
                // Directly on the root where that is nearly as sure: every edge in between adds its error.
                let confidence = edge.match.confidence * (parent == root ? 1.5 : 1)
                if confidence > best?.confidence ?? 0 { best = (confidence, file, parent) }
            }
            guard let best else { return result }
            inside.insert(best.file)
            result.append((best.file, best.parent))
        }
    }
}
