/// The order in which an epoch visits its samples, as a pure function of seed and epoch.
public struct Sampler: Sendable {
    /// How often each sample is drawn.
    public enum Order: Sendable {
        /// In the given order, once each: for validation.
        case sequential
        /// Once each, shuffled anew every epoch.
        case shuffled
        /// With replacement, each sample in proportion to its weight.
        case weighted([Double])
    }

    /// Number of samples, and of positions in an epoch.
    public let count: Int
    /// The seed.
    public let seed: UInt64
    private let order: Order
    private let cumulative: [Double]

    /// Describes an order.
    /// - Precondition: Weights, where given, are one per sample, finite, not negative and not all 0.
    public init(count: Int, order: Order = .shuffled, seed: UInt64) {
        precondition(count > 0, "a sampler of no samples")
        self.count = count
        self.seed = seed
        self.order = order
        guard case .weighted(let weights) = order else {
            cumulative = []
            return
        }
        precondition(
            weights.count == count && weights.allSatisfy { $0 >= 0 && $0.isFinite },
            "\(weights.count) weights for \(count) samples")
        var sum = 0.0
        cumulative = weights.map {
            sum += $0
            return sum
        }
        precondition(sum > 0, "all weights are 0")
    }

    /// The samples of an epoch in order.
    public func order(epoch: Int) -> [Int] {
        var random = RandomSequence(seed, 0x0A_0D_E2, UInt64(epoch))
        switch order {
        case .sequential: return Array(0..<count)
        case .shuffled: return (0..<count).shuffled(using: &random)
        case .weighted:
            // One draw in each of `count` equal strata, then shuffled: close to the weights in every epoch.
            let total = cumulative[count - 1]
            var next = 0
            let drawn = (0..<count).map { position in
                let target = (Double(position) + random.uniform()) / Double(count) * total
                while next < count - 1 && cumulative[next] <= target { next += 1 }
                return next
            }
            return drawn.shuffled(using: &random)
        }
    }
}
