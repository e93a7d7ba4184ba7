import Foundation

/// Rates for the groups of a network, from the input's side to the output's: early layers, already trained, move less
/// (Howard & Ruder 2018).
public enum DiscriminativeRates {
    /// Rates in a geometric row from `first` to `last`; a single group takes `last`.
    public static func geometric(from first: Double, to last: Double, count: Int) -> [Double] {
        precondition(count > 0 && first > 0 && last > 0, "\(count) rates from \(first) to \(last)")
        guard count > 1 else { return [last] }
        return (0..<count).map { first * pow(last / first, Double($0) / Double(count - 1)) }
    }

    /// fastai's `slice(rate)`: a tenth of the rate for every group but the last.
    public static func sliced(_ rate: Double, count: Int) -> [Double] {
        precondition(count > 0, "rates for no groups")
        return Array(repeating: rate / 10, count: count - 1) + [rate]
    }
}
