public import HeirloomDatasets
import HeirloomTensors

/// Finds how many samples a batch may have: one step each at two small sizes tells what a sample takes, the rest is a
/// line through free memory.
///
/// It leaves no trace in the learner. What it finds is a round number, so that two runs on one machine find the same.
public struct BatchSizing: Sendable {
    /// What was measured and found.
    public struct Result: Sendable, Equatable, Codable {
        /// Samples in a batch.
        public var size: Int
        /// Bytes that each sample of a batch takes; 0 where the largest batch was tried and took none.
        public var bytesPerSample: Double
        /// Bytes that the training may hold in all.
        public var limit: UInt64
    }

    /// The largest size of interest: beyond it a larger batch teaches no faster.
    public var largest: Int
    /// Part of the memory that may be filled.
    public var share: Double

    /// Describes a search.
    public init(largest: Int = 64, share: Double = 0.85) {
        precondition(largest > 0 && share > 0 && share <= 1, "a batch of up to \(largest) in \(share) of the memory")
        self.largest = largest
        self.share = share
    }

    /// Measures and finds.
    /// - Parameter batch: Makes a batch of a size.
    /// - Throws: ``TrainingError`` with code `outOfMemory` when a single sample does not fit; what the data throws.
    public func callAsFunction(_ learner: Learner, batch: (_ size: Int) throws -> Batch) throws -> Result {
        try find(learner, batch: batch, probe: MemoryProbe(learner.device))
    }

    func find(_ learner: Learner, batch: (_ size: Int) throws -> Batch, probe: MemoryProbe) throws -> Result {
        try learner.withoutTrace {
            let limit = try probe.limit()
            func peak(_ size: Int) throws -> UInt64? {
                do { return try probe.peak { try learner.step(batch(size)) } } catch let error as TorchError
                    where error.code == .outOfMemory
                {
                    learner.optimizer.clearGradients()
                    learner.device.releaseCachedMemory()
                    if size == 1 { try learner.split(after: error, samples: 1) }
                    return nil
                }
            }
            // From 2: batch normalisation of single numbers needs two. The first step of all makes gradients and work
            // space that later ones find there.
            var size = min(2, largest)
            guard try peak(size) != nil, var before = try peak(size) else {
                _ = try peak(1)
                return Result(size: 1, bytesPerSample: Double(limit), limit: limit)
            }
            while size < largest {
                let next = min(2 * size, largest)
                guard let after = try peak(next) else {
                    return Result(size: size, bytesPerSample: Double(limit) / Double(next), limit: limit)
                }
                // Smaller differences are what the allocators keep or round.
                if after > before, after - before > 8 << 20 {
                    let each = Double(after - before) / Double(next - size)
                    let free = share * Double(limit) - Double(after)
                    let most = max(Double(next) + free / each, 1)
                    return Result(
                        size: Self.round(min(Int(min(most, 1e9)), largest)), bytesPerSample: each, limit: limit)
                }
                (size, before) = (next, max(before, after))
            }
            return Result(size: largest, bytesPerSample: 0, limit: limit)
        }
    }

    /// The next smaller of 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, …
    static func round(_ size: Int) -> Int {
        var power = 1
        while power * 2 <= size { power *= 2 }
        return power >= 2 && power + power / 2 <= size ? power + power / 2 : power
    }
}
