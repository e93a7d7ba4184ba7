import HeirloomDatasets

/// A mean over pictures with what chance could make of it.
public struct MeanInterval: Codable, Sendable, Equatable {
    /// The mean.
    public let mean: Double
    /// The 95 % interval of the mean by the bootstrap (Efron 1979): pictures drawn again with replacement, by a fixed seed.
    public let low: Double, high: Double

    /// The mean of some values with its interval.
    ///
    /// - Precondition: there is a value.
    public init(of values: [Double], resamples: Int = 1000) {
        precondition(!values.isEmpty && resamples > 0, "the mean of no values")
        let count = values.count
        mean = values.reduce(0, +) / Double(count)
        var random = RandomSequence(0xB0_07, UInt64(count))
        var means: [Double] = []
        means.reserveCapacity(resamples)
        for _ in 0..<resamples {
            var sum = 0.0
            for _ in 0..<count { sum += values[Int(random.uniform() * Double(count))] }
            means.append(sum / Double(count))
        }
        means.sort()
        low = means[resamples * 25 / 1000]
        high = means[min(resamples * 975 / 1000, resamples - 1)]
    }
}
