import HeirloomMedia

extension Rational {
    /// The ratio of two positive numbers in lowest terms; numbers too large for it lose their last digits.
    init(reducing numerator: Int64, over denominator: Int64) {
        var (a, b) = (numerator, denominator)
        while b != 0 { (a, b) = (b, a % b) }
        var (above, below) = (numerator / a, denominator / a)
        while above > Int64(Int32.max) || below > Int64(Int32.max) { (above, below) = (above / 2, below / 2) }
        self.init(Int32(max(1, above)), Int32(max(1, below)))
    }
}
