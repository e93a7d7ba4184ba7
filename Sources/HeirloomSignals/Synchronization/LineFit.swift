/// Lags along time, told apart from outliers: a common slope with an offset for each piece.
struct LineFit {
    /// A measured lag.
    struct Point {
        /// Seconds.
        let time: Double
        /// Seconds.
        let lag: Double
        /// How much it counts.
        let weight: Double
        /// Which piece of the map it lies in.
        let piece: Int
    }

    /// Seconds per second.
    var slope: Double
    /// The lag at time 0 of each piece.
    var offsets: [Double]
    /// The weight that each point ended with, 0...1 times its own.
    var weights: [Double]

    func lag(at time: Double, piece: Int) -> Double { offsets[piece] + slope * time }

    /// Fits by random pairs, then by least squares with Cauchy's weights.
    ///
    /// - Parameters:
    ///   - points: the lags.
    ///   - pieceCount: how many pieces; one without points has the offset of its neighbours' line.
    ///   - scale: what counts as noise, in seconds.
    ///   - slopes: the slopes allowed.
    ///   - prior: the slope expected and how far real ones lie from it: decides when the points do not.
    init(
        _ points: [Point], pieceCount: Int = 1, scale: Double, slopes: ClosedRange<Double>,
        prior: (slope: Double, spread: Double)
    ) {
        var best = (score: -1.0, slope: prior.slope, offsets: [Double](repeating: 0, count: pieceCount))
        for slope in [prior.slope] + Self.slopesOfPairs(points, within: slopes) {
            let offsets = Self.offsets(points, slope: slope, pieceCount: pieceCount)
            let score = points.reduce(0.0) { sum, point in
                let error = (point.lag - offsets[point.piece] - slope * point.time) / scale
                return sum + point.weight / (1 + error * error)
            }
            if score > best.score { best = (score, slope, offsets) }
        }
        (slope, offsets) = (best.slope, best.offsets)
        weights = [Double](repeating: 0, count: points.count)
        for _ in 0..<15 { improve(points, scale: scale, slopes: slopes, prior: prior) }
    }

    private mutating func improve(
        _ points: [Point], scale: Double, slopes: ClosedRange<Double>, prior: (slope: Double, spread: Double)
    ) {
        let mean = max(points.reduce(0) { $0 + $1.weight } / Double(max(points.count, 1)), 1e-300)
        var sums = [(w: Double, t: Double, y: Double)](repeating: (0, 0, 0), count: offsets.count)
        for (index, point) in points.enumerated() {
            let error = (point.lag - lag(at: point.time, piece: point.piece)) / scale
            let cauchy = 1 / ((1 + error * error) * (1 + error * error))
            weights[index] = point.weight / mean * cauchy
            sums[point.piece].w += weights[index]
            sums[point.piece].t += weights[index] * point.time
            sums[point.piece].y += weights[index] * point.lag
        }
        var (along, across) = (0.0, 0.0)
        for (index, point) in points.enumerated() where sums[point.piece].w > 0 {
            let sum = sums[point.piece]
            let t = point.time - sum.t / sum.w
            along += weights[index] * t * t
            across += weights[index] * t * (point.lag - sum.y / sum.w)
        }
        let trust = scale * scale / (prior.spread * prior.spread)
        slope = min(max((across + trust * prior.slope) / (along + trust), slopes.lowerBound), slopes.upperBound)
        for piece in offsets.indices where sums[piece].w > 0 {
            offsets[piece] = (sums[piece].y - slope * sums[piece].t) / sums[piece].w
        }
    }

    /// Slopes through pairs of points of one piece: all pairs, or three hundred drawn by a fixed rule.
    private static func slopesOfPairs(_ points: [Point], within range: ClosedRange<Double>) -> [Double] {
        guard points.count > 1 else { return [] }
        var result: [Double] = []
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func draw() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(points.count))
        }
        for _ in 0..<min(300, points.count * points.count) {
            let (one, other) = (points[draw()], points[draw()])
            guard one.piece == other.piece, abs(one.time - other.time) > 1e-6 else { continue }
            let slope = (one.lag - other.lag) / (one.time - other.time)
            if range.contains(slope) { result.append(slope) }
        }
        return result
    }

    /// The weighted median of what each piece is off.
    private static func offsets(_ points: [Point], slope: Double, pieceCount: Int) -> [Double] {
        var lists = [[(value: Double, weight: Double)]](repeating: [], count: pieceCount)
        for point in points { lists[point.piece].append((point.lag - slope * point.time, point.weight)) }
        return lists.map { list in
            let half = list.reduce(0) { $0 + $1.weight } / 2
            var sum = 0.0
            for entry in list.sorted(by: { $0.value < $1.value }) {
                sum += entry.weight
                if sum >= half { return entry.value }
            }
            return 0
        }
    }
}
