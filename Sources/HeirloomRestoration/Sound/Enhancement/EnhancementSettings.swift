/// How much of what a network removes is really removed.
public struct EnhancementSettings: Hashable, Sendable {
    /// How much of the cleaned sound there is in the result, 0 to 1; the rest is the sound as it was. At 0 nothing changes.
    public var strength: Double
    /// By how many dB anything may be turned down at most, at each moment and frequency, so that voices stay natural; nil
    /// for no limit.
    public var limit: Double?

    /// Chooses.
    /// - Precondition: The strength is 0 to 1 and the limit not negative.
    public init(strength: Double = 0.85, limit: Double? = 12) {
        precondition((0...1).contains(strength), "a strength of \(strength) is not in 0...1")
        precondition(limit.map { $0 >= 0 } ?? true, "a limit of \(limit ?? 0) dB would turn up what it should keep")
        self.strength = strength
        self.limit = limit
    }
}
