import Foundation
public import HeirloomTensors

extension Tensor {
    /// The picture under a Gaussian, read a whole or fractional number of samples further down and right, edges repeated.
    ///
    /// The Gaussian is sampled around the place itself, which for deviations from 0.6 on is exact to four digits: filter
    /// and sub-pixel shift in one.
    /// - Shape: `[N, C, H, W]` → the same.
    /// - Parameter deviation: of the Gaussian, in samples.
    /// - Precondition: the deviation is positive.
    public func gaussianFiltered(deviation: Double, down: Double = 0, right: Double = 0) -> Tensor {
        guard isDefined else { return self }
        precondition(deviation > 0, "a Gaussian of deviation \(deviation)")
        let shape = shape
        var x = reshaped([shape[0] * shape[1], 1, shape[2], shape[3]])
        for (axis, offset) in [(2, down), (3, right)] {
            let whole = offset.rounded()
            let bell = Self.bell(deviation: deviation, at: offset - whole)
            let reach = bell.count / 2
            let weights = Tensor(bell, device: device).to(dtype: dtype)
                .reshaped(axis == 2 ? [1, 1, bell.count, 1] : [1, 1, 1, bell.count])
            x = x.rowsRepeated(axis: axis, from: Int(whole) - reach, count: shape[axis] + 2 * reach).conv2d(weights)
        }
        return x.reshaped(shape)
    }

    /// A Gaussian around a fraction of a sample, cut at four deviations; the weights sum to 1.
    static func bell(deviation: Double, at centre: Double) -> [Double] {
        let reach = Int((4 * deviation + 0.5).rounded(.up))
        let values = (-reach...reach).map { (place: Int) -> Double in
            let distance = (Double(place) - centre) / deviation
            return Foundation.exp(-0.5 * distance * distance)
        }
        let sum = values.reduce(0, +)
        return values.map { $0 / sum }
    }

    /// Samples `from ..< from + count` of an axis, the outermost repeated where they lie outside.
    func rowsRepeated(axis: Int, from start: Int, count: Int) -> Tensor {
        let size = shape[axis]
        if start >= 0 && start + count <= size { return sliced(axis: axis, from: start, to: start + count) }
        let indices = (start..<start + count).map { Int64(Swift.min(Swift.max($0, 0), size - 1)) }
        return gatheredRows(axis: axis, Tensor(indices, device: device))
    }
}
