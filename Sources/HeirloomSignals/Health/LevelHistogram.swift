import Foundation

/// How often levels in dB occurred, in steps of a tenth from −180 to 40: percentiles in constant memory.
struct LevelHistogram {
    private static let (lowest, step, size) = (-180.0, 0.1, 2200)
    private var counts = [Int](repeating: 0, count: size)
    private(set) var total = 0

    /// Counts the level of a mean square.
    mutating func add(power: Double) {
        let level = 10 * log10(max(power, 1e-18))
        counts[min(max(Int((level - Self.lowest) / Self.step), 0), Self.size - 1)] += 1
        total += 1
    }

    /// The level that the given part of all counted ones stays below; the lowest there is where nothing was counted.
    func quantile(_ part: Double) -> Double {
        let wanted = part * Double(total)
        var seen = 0.0
        for (index, count) in counts.enumerated() where count > 0 {
            let next = seen + Double(count)
            if next >= wanted {
                return Self.lowest + Self.step * (Double(index) + (wanted - seen) / Double(count))
            }
            seen = next
        }
        return Self.lowest
    }
}
