/// The rates of a network's layer groups, from the input's side to the output's: what fastai's `fit_one_cycle` takes as
/// a number or a slice (Howard & Ruder 2018, discriminative fine-tuning).
public enum GroupRates: Codable, Sendable, Equatable {
    /// One rate for all groups.
    case same(Double)
    /// `slice(rate)`: a tenth of the rate for every group but the last.
    case sliced(Double)
    /// `slice(first, last)`: a geometric row; a single group takes the last.
    case geometric(from: Double, to: Double)

    /// One rate for each group.
    public func rates(count: Int) -> [Double] {
        switch self {
        case .same(let rate): Array(repeating: rate, count: count)
        case .sliced(let rate): DiscriminativeRates.sliced(rate, count: count)
        case .geometric(let first, let last): DiscriminativeRates.geometric(from: first, to: last, count: count)
        }
    }
}
