/// A moment or a span of a film as an exact rational: a whole number of ticks of a time base.
///
/// Times are compared by value across time bases, without rounding: 1 tick of 1/25 s equals 512 ticks of 1/12800 s.
public struct MediaTime: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// The number of ticks.
    public let value: Int64
    /// The length of a tick in seconds; positive.
    public let timeBase: Rational

    /// Which neighbour to take where a time is not a whole number of ticks.
    public enum Rounding: Sendable {
        /// The nearest tick, halves away from zero.
        case nearest
        /// The tick before.
        case down
        /// The tick after.
        case up
    }

    /// Makes a time of `value` ticks.
    ///
    /// - Precondition: the time base is positive.
    public init(_ value: Int64, _ timeBase: Rational) {
        precondition(timeBase.numerator > 0, "a time base must be positive, not \(timeBase)")
        self.value = value
        self.timeBase = timeBase
    }

    /// Makes a time from seconds, rounded to whole microseconds: for what a person types, never for timestamps.
    ///
    /// - Precondition: the seconds are finite and within ±290,000 years.
    public init(seconds: Double) {
        precondition(seconds.isFinite && abs(seconds) < 9e12, "\(seconds) s is out of range for a time")
        self.init(Int64((seconds * 1_000_000).rounded()), MediaTime.microsecond)
    }

    /// The time base 1/1,000,000 s.
    public static let microsecond = Rational(1, 1_000_000)
    /// No time at all.
    public static let zero = MediaTime(0, microsecond)

    /// The nearest `Double` of seconds: for display and estimates, never for timestamps.
    public var seconds: Double { Double(value) * Double(timeBase.numerator) / Double(timeBase.denominator) }

    /// The same time in another time base, rounded where it is not a whole number of ticks there.
    ///
    /// - Precondition: the result fits 64 bits.
    public func rescaled(to other: Rational, rounding: Rounding = .nearest) -> MediaTime {
        precondition(other.numerator > 0, "a time base must be positive, not \(other)")
        let above = Int128(value) * Int128(timeBase.numerator) * Int128(other.denominator)
        let below = Int128(timeBase.denominator) * Int128(other.numerator)
        let (whole, rest) = above.quotientAndRemainder(dividingBy: below)
        var quotient = whole
        switch rounding {
        case .nearest: if rest.magnitude * 2 >= below.magnitude { quotient += rest < 0 ? -1 : 1 }
        case .down: if rest < 0 { quotient -= 1 }
        case .up: if rest > 0 { quotient += 1 }
        }
        return MediaTime(Int64(quotient), other)
    }

    /// The same number of ticks, each so many times as long; exact where their length is a ratio of 32-bit numbers.
    func stretched(by factor: Rational) -> MediaTime {
        factor == .one ? self : MediaTime(value, timeBase.times(factor))
    }

    /// Whether the time is a whole number of ticks of another time base.
    public func isExact(in other: Rational) -> Bool { rescaled(to: other) == self }

    /// The sum, exact where both time bases have a common multiple within 32 bits, else to the nanosecond.
    public static func + (left: MediaTime, right: MediaTime) -> MediaTime {
        let base = commonTimeBase(left.timeBase, right.timeBase)
        return MediaTime(left.rescaled(to: base).value + right.rescaled(to: base).value, base)
    }

    /// The difference, exact where both time bases have a common multiple within 32 bits, else to the nanosecond.
    public static func - (left: MediaTime, right: MediaTime) -> MediaTime {
        left + MediaTime(-right.value, right.timeBase)
    }

    /// Whether both are the same moment.
    public static func == (left: MediaTime, right: MediaTime) -> Bool {
        let (first, second) = crossed(left, right)
        return first == second
    }

    /// Whether the left moment comes first.
    public static func < (left: MediaTime, right: MediaTime) -> Bool {
        let (first, second) = crossed(left, right)
        return first < second
    }

    /// Feeds the lowest terms, so that equal times hash alike.
    public func hash(into hasher: inout Hasher) {
        let above = Int128(value) * Int128(timeBase.numerator)
        let below = Int128(timeBase.denominator)
        let divisor = Int128(Rational.greatestCommonDivisor(above.magnitude, below.magnitude))
        hasher.combine(above / divisor)
        hasher.combine(below / divisor)
    }

    /// "12.345 s".
    public var description: String {
        let milliseconds = rescaled(to: Rational(1, 1000)).value
        let fraction = String(milliseconds.magnitude % 1000)
        let sign = milliseconds < 0 ? "-" : ""
        return "\(sign)\(milliseconds.magnitude / 1000)."
            + String(repeating: "0", count: 3 - fraction.count) + fraction + " s"
    }

    private static func crossed(_ left: MediaTime, _ right: MediaTime) -> (Int128, Int128) {
        // 63 + 31 + 31 bits: no overflow.
        (
            Int128(left.value) * Int128(left.timeBase.numerator) * Int128(right.timeBase.denominator),
            Int128(right.value) * Int128(right.timeBase.numerator) * Int128(left.timeBase.denominator)
        )
    }

    private static func commonTimeBase(_ left: Rational, _ right: Rational) -> Rational {
        if left.numerator == right.numerator && left.denominator == right.denominator { return left }
        let first = Int64(left.denominator)
        let second = Int64(right.denominator)
        let multiple = first / Rational.greatestCommonDivisor(first, second) * second
        guard multiple <= Int64(Int32.max) else { return Rational(1, 1_000_000_000) }
        return Rational(1, Int32(multiple))
    }
}
