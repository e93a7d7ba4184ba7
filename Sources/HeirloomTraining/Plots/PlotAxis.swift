import Foundation

/// Maps values to a stretch of the page and chooses round numbers for its marks.
struct PlotAxis {
    let isLogarithmic: Bool
    /// The values at both ends, their logarithms on a logarithmic axis.
    private let low: Double, high: Double
    /// The places of both ends on the page.
    private let start: Double, end: Double

    /// An axis for some values. On a logarithmic one, values of 0 and below have no place.
    init(_ values: [Double], isLogarithmic: Bool, padded: Bool, from start: Double, to end: Double) {
        let usable = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
        let scaled = usable.map { isLogarithmic ? log10($0) : $0 }
        let (least, most) = (scaled.min() ?? 0, scaled.max() ?? 1)
        // One value alone stands in the middle.
        let spread = most > least ? most - least : max(abs(most) * 0.2, 1e-9)
        let margin = padded || most == least ? spread * 0.06 : 0
        (low, high) = (least - margin, most + margin)
        (self.start, self.end) = (start, end)
        self.isLogarithmic = isLogarithmic
    }

    /// The place of a value; nil where it has none.
    func place(_ value: Double) -> Double? {
        guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
        let scaled = isLogarithmic ? log10(value) : value
        return start + (scaled - low) / (high - low) * (end - start)
    }

    /// Round values inside the axis with what to write there.
    var marks: [(value: Double, text: String)] {
        if isLogarithmic {
            let powers = Int(low.rounded(.up))...max(Int(low.rounded(.up)), Int(high.rounded(.down)))
            let step = max(1, powers.count / 7)
            let decades = powers.filter { $0 % step == 0 }.map { pow(10, Double($0)) }
            let fine = decades.count < 3 ? decades.flatMap { [$0 / 5, $0 / 2, $0, $0 * 2, $0 * 5] } : decades
            return Array(Set(fine)).sorted().filter { (low...high).contains(log10($0)) }.map { ($0, Self.text($0)) }
        }
        let rough = (high - low) / 5
        let power = pow(10, log10(rough).rounded(.down))
        // A little less, so that rounding does not decide.
        let step = ([1, 2, 5, 10].first { $0 * power >= rough * (1 - 1e-9) } ?? 10) * power
        let first = (low / step - 1e-9).rounded(.up)
        let values = (0...12).map { index -> Double in
            let value = (first + Double(index)) * step
            return abs(value) < step * 1e-9 ? 0 : value
        }
        return values.filter { $0 <= high + step * 1e-9 }.map { ($0, Self.text($0)) }
    }

    /// A number as people write it: 0.02, 1500, 3e-5.
    static func text(_ value: Double) -> String {
        let size = abs(value)
        if size != 0, size < 1e-3 || size >= 1e6 {
            let exponent = Int(log10(size).rounded(.down))
            let digits = String(format: "%.3g", value / pow(10, Double(exponent)))
            return digits == "10" ? "1e\(exponent + 1)" : "\(digits)e\(exponent)"
        }
        return String(format: "%.4g", value)
    }
}
