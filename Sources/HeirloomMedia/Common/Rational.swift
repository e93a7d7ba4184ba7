/// A ratio of two 32-bit integers, kept as given: time bases, frame rates, sample aspect ratios.
///
/// Two ratios are equal when their values are: 2/4 equals 1/2.
public struct Rational: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// The number above the line.
    public let numerator: Int32
    /// The number below the line; positive.
    public let denominator: Int32

    /// Makes a ratio.
    ///
    /// - Precondition: the denominator is positive.
    public init(_ numerator: Int32, _ denominator: Int32) {
        precondition(denominator > 0, "a ratio needs a positive denominator, not \(denominator)")
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The ratio 1/1.
    public static let one = Rational(1, 1)

    /// The nearest `Double`.
    public var doubleValue: Double { Double(numerator) / Double(denominator) }

    /// The denominator over the numerator.
    ///
    /// - Precondition: the ratio is positive.
    public var inverted: Rational {
        precondition(numerator > 0, "only a positive ratio can be inverted, not \(self)")
        return Rational(denominator, numerator)
    }

    /// "30000/1001".
    public var description: String { "\(numerator)/\(denominator)" }

    /// Whether the values are equal.
    public static func == (left: Rational, right: Rational) -> Bool {
        Int64(left.numerator) * Int64(right.denominator) == Int64(right.numerator) * Int64(left.denominator)
    }

    /// Whether the left value is smaller.
    public static func < (left: Rational, right: Rational) -> Bool {
        Int64(left.numerator) * Int64(right.denominator) < Int64(right.numerator) * Int64(left.denominator)
    }

    /// Feeds the lowest terms, so that equal ratios hash alike.
    public func hash(into hasher: inout Hasher) {
        let divisor = Rational.greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
        hasher.combine(Int64(numerator) / Int64(divisor))
        hasher.combine(Int64(denominator) / Int64(divisor))
    }

    static func greatestCommonDivisor<Number: FixedWidthInteger>(_ first: Number, _ second: Number) -> Number {
        var (a, b) = (first, second)
        while b != 0 { (a, b) = (b, a % b) }
        return a == 0 ? 1 : a
    }
}
