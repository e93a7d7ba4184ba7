public import HeirloomDatasets
public import HeirloomTensors

/// Keeps pairs of past batches and mixes them into new ones: what is drawn once for a whole batch is then different
/// within it.
public final class PairPool {
    /// How many pairs it keeps.
    public let capacity: Int
    private var pairs: [(input: Tensor, truth: Tensor)] = []

    /// An empty pool.
    public init(capacity: Int = 180) {
        precondition(capacity > 0, "a pool of \(capacity) pairs")
        self.capacity = capacity
    }

    /// Takes a batch in, and gives one of the same size back: the batch itself until the pool is full, then pairs drawn
    /// from it, whose places the new ones take.
    ///
    /// - Parameters:
    ///   - input: `[N, C, h, w]`, truth: `[N, C, H, W]`; the same shapes every time, N at most the capacity.
    public func exchange(
        input: Tensor, truth: Tensor, random: inout RandomSequence
    ) -> (input: Tensor, truth: Tensor) {
        let count = input.shape[0]
        precondition(truth.shape[0] == count && count <= capacity, "a batch of \(count) for a pool of \(capacity)")
        func pair(_ index: Int) -> (input: Tensor, truth: Tensor) {
            // Copies: a view would keep its whole batch in memory.
            (
                input.sliced(axis: 0, from: index, to: index + 1).copied(),
                truth.sliced(axis: 0, from: index, to: index + 1).copied()
            )
        }
        guard pairs.count + count > capacity else {
            pairs += (0..<count).map(pair)
            return (input, truth)
        }
        pairs.shuffle(using: &random)
        let drawn = Array(pairs[0..<count])
        for index in 0..<count { pairs[index] = pair(index) }
        return (concatenated(drawn.map(\.input), axis: 0), concatenated(drawn.map(\.truth), axis: 0))
    }
}
