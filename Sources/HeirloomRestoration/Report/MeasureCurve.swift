/// A measure over the length of a film in bounded memory: as many steps as a chart can show, each with mean and extremes.
public struct MeasureCurve: Sendable, Equatable {
    /// The frames of one step.
    public struct Point: Sendable, Equatable {
        /// When its first value was taken, in seconds of the film.
        public var seconds: Double
        /// The mean of its values.
        public var mean: Double { sum / Double(count) }
        /// The smallest value.
        public var low: Double
        /// The largest value.
        public var high: Double
        /// How many values it has.
        public var count: Int
        fileprivate var sum: Double
    }

    /// The most steps that a curve has.
    public static let limit = 600

    /// The steps in order; nil where nothing could be measured.
    public private(set) var points: [Point?] = []
    /// The mean of all values; nil without any.
    public var mean: Double? { count > 0 ? sum / Double(count) : nil }
    /// The largest value; nil without any.
    public var largest: Double? { points.compactMap { $0?.high }.max() }
    /// How many values were taken.
    public private(set) var count = 0

    private var sum = 0.0
    /// Frames of a step.
    private var span = 1

    /// A curve without values.
    public init() {}

    /// Takes the value of a frame.
    ///
    /// - Parameters:
    ///   - frame: its number; never smaller than the one before.
    ///   - seconds: when it appears.
    mutating func add(_ value: Double, frame: Int, seconds: Double) {
        while frame / span >= Self.limit { halve() }
        while points.count <= frame / span { points.append(nil) }
        let point = Point(seconds: seconds, low: value, high: value, count: 1, sum: value)
        points[frame / span] = points[frame / span].map { Self.joined($0, point) } ?? point
        sum += value
        count += 1
    }

    /// The mean over a time; nil where nothing was measured.
    func mean(from start: Double, to end: Double) -> Double? {
        let inside = points.compactMap { $0 }.filter { $0.seconds >= start && $0.seconds < end }
        let count = inside.reduce(0) { $0 + $1.count }
        return count > 0 ? inside.reduce(0) { $0 + $1.sum } / Double(count) : nil
    }

    private mutating func halve() {
        points = stride(from: 0, to: points.count, by: 2).map { index in
            let second = index + 1 < points.count ? points[index + 1] : nil
            guard let first = points[index] else { return second }
            return second.map { Self.joined(first, $0) } ?? first
        }
        span *= 2
    }

    private static func joined(_ first: Point, _ second: Point) -> Point {
        Point(
            seconds: first.seconds, low: min(first.low, second.low), high: max(first.high, second.high),
            count: first.count + second.count, sum: first.sum + second.sum)
    }
}
