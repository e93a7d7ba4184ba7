import HeirloomTensors

/// Finds out whether talkers at several places take turns: which pieces of time belong together.
///
/// In each piece the direction of the speech is the principal vector of its covariance, whitened by the noise. Pieces whose
/// directions agree are one place.
struct TalkerPlaces {
    /// How much less two places must agree than each with itself to be two: talkers in turn at one table reach 0.25, one
    /// talker 0.7 to 0.9.
    static let contrast = 0.6
    /// The smallest share of the speech that makes a place.
    static let share = 0.1
    /// The largest number of places.
    static let limit = 4

    /// The place of each piece of time, from 0; pieces without speech belong to the place before.
    let places: [Int]

    /// The number of places, at least 1.
    var count: Int { (places.max() ?? 0) + 1 }

    /// Groups the pieces of statistics by the directions in a range of bins.
    init(_ statistics: SpatialStatistics, noise: Tensor, bins: Range<Int>) {
        let pieces = statistics.count
        let activity = statistics.activity(bins: bins)
        let mean = activity.reduce(0, +) / Double(max(1, pieces))
        let active = (0..<pieces).filter { activity[$0] > 0.5 * mean }
        guard active.count >= 4, noise.shape[1] > 1 else {
            places = [Int](repeating: 0, count: pieces)
            return
        }
        let alike = TalkerPlaces.agreement(statistics, active, noise: noise, bins: bins)
        let groups = TalkerPlaces.groups(alike, weights: active.map { activity[$0] })
        var found = [Int?](repeating: nil, count: pieces)
        for (place, group) in groups.enumerated() { for index in group { found[active[index]] = place } }
        var last = found.compactMap(\.self).first ?? 0
        places = found.map { place in
            last = place ?? last
            return last
        }
    }

    /// How much the directions of pieces agree: the mean cosine over frequencies, `[n][n]`.
    private static func agreement(
        _ statistics: SpatialStatistics, _ pieces: [Int], noise: Tensor, bins: Range<Int>
    ) -> [[Double]] {
        func part(_ x: Tensor, axis: Int) -> Tensor { x.sliced(axis: axis, from: bins.lowerBound, to: bins.upperBound) }
        let (values, vectors) = part(noise, axis: 0).loaded(1e-3).eigenHermitian()
        let white = values.clamped(to: 1e-30...).rsqrt().unsqueezed(-1) * vectors.adjoint  // [f, D, D]
        let speech = part(statistics.speech, axis: 1).gatheredRows(axis: 0, Tensor(pieces.map(Int64.init)))
            .to(dtype: .complex128)
        let shaped = white.matmul(speech).matmul(white.adjoint).hermitian
        let top = shaped.eigenHermitian().vectors.selected(axis: 3, index: noise.shape[1] - 1)  // [n, f, D]
        let byBin = top.transposed([1, 0, 2])
        let cosines = byBin.conjugate().matmul(byBin.swappingAxes(1, 2)).abs().mean(axes: [0])
        let all = cosines.scalars(as: Double.self)
        return (0..<pieces.count).map { Array(all[($0 * pieces.count)..<(($0 + 1) * pieces.count)]) }
    }

    /// Joins the pieces that agree most until those left are places of their own.
    static func groups(_ alike: [[Double]], weights: [Double]) -> [[Int]] {
        let total = weights.reduce(0, +)
        func mean(_ a: [Int], _ b: [Int]) -> Double {
            var (sum, count) = (0.0, 0.0)
            for i in a { for j in b where i != j { (sum, count) = (sum + alike[i][j], count + 1) } }
            return count > 0 ? sum / count : 1
        }
        var groups = weights.indices.map { [$0] }
        while groups.count > 1 {
            var best = (value: -1.0, a: 0, b: 1)
            for a in groups.indices {
                for b in groups.indices where b > a {
                    let value = mean(groups[a], groups[b])
                    if value > best.value { best = (value, a, b) }
                }
            }
            let (first, second) = (groups[best.a], groups[best.b])
            let isPlace = { (group: [Int]) in group.count > 1 && group.reduce(0) { $0 + weights[$1] } >= share * total }
            let apart =
                isPlace(first) && isPlace(second)
                && best.value < contrast * min(mean(first, first), mean(second, second))
            // What is too small to be a place joins the nearest, and so do all when there are too many.
            if groups.count <= limit, groups.allSatisfy(isPlace), apart { break }
            groups[best.a] = first + second
            groups.remove(at: best.b)
        }
        return groups
    }
}
