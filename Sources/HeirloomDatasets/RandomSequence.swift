/// A small generator of random numbers with a value as its whole state (SplitMix64): data order and crops are functions
/// of seed, epoch and position, so a resumed run meets the same pictures without replaying the ones before.
public struct RandomSequence: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts a sequence that depends on every one of the numbers and on their order.
    public init(_ numbers: UInt64...) {
        state = 0x9E37_79B9_7F4A_7C15
        for number in numbers {
            state ^= number
            state = next()
        }
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A uniform number in `0 ..< 1`.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A uniform number in `low ..< high`.
    public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }
}
