/// A ``GuidedFilter`` of radius 1, subsampling 2 and fidelity 1 over plain numbers, without a tensor: for the thread that
/// writes films while the network works.
///
/// Gives the maps of a ``GuidedModel``: the target is kept exactly at its own resolution, and takes detail above it from
/// the guide.
public struct GuidedFit: Sendable {
    /// Variance of the guide below which a window counts as flat.
    public let epsilon: Float

    /// A fit.
    ///
    /// - Precondition: epsilon is positive.
    public init(epsilon: Float) {
        precondition(epsilon > 0, "epsilon \(epsilon) is not positive")
        self.epsilon = epsilon
    }

    /// Fits two channels to a guide.
    ///
    /// - Parameters:
    ///   - target: two pictures of `height` rows of `width` numbers, one behind the other.
    ///   - guide: one picture of that size.
    /// - Returns: the slopes of both channels, then the intercepts: four pictures.
    /// - Precondition: both sides are even.
    public func callAsFunction(_ target: [Float], guide: [Float], width: Int, height: Int) -> [Float] {
        let size = width * height
        precondition(
            width > 0 && height > 0 && width % 2 == 0 && height % 2 == 0 && guide.count == size
                && target.count == 2 * size,
            "\(target.count) and \(guide.count) numbers are no two channels and a guide of \(width)×\(height)")
        let (w, h) = (width / 2, height / 2)
        var slopes = smallSlopes(target, guide, width, height)
        for channel in 0..<2 { Self.boxMean(&slopes, at: channel * w * h, w, h) }
        return [Float](unsafeUninitializedCapacity: 4 * size) { maps, count in
            target.withUnsafeBufferPointer { target in
                guide.withUnsafeBufferPointer { guide in
                    slopes.withUnsafeBufferPointer { slopes in
                        guard let maps = maps.baseAddress, let target = target.baseAddress,
                            let guide = guide.baseAddress, let slopes = slopes.baseAddress
                        else { return }
                        for channel in 0..<2 {
                            let slope = maps + channel * size
                            Self.double(slopes + channel * w * h, w, h, into: slope)
                            let intercept = maps + (2 + channel) * size
                            let value = target + channel * size
                            for index in 0..<size { intercept[index] = value[index] - slope[index] * guide[index] }
                        }
                    }
                }
            }
            count = 4 * size
        }
    }

    /// The slopes of both channels at half the size, not yet averaged over the windows that contain a sample.
    private func smallSlopes(_ target: [Float], _ guide: [Float], _ width: Int, _ height: Int) -> [Float] {
        let (w, h) = (width / 2, height / 2)
        let size = w * h
        // Guide, guide², both channels, guide times both channels.
        var sums = [Float](repeating: 0, count: 6 * size)
        sums.withUnsafeMutableBufferPointer { sums in
            target.withUnsafeBufferPointer { target in
                guide.withUnsafeBufferPointer { guide in
                    guard let sums = sums.baseAddress, let target = target.baseAddress, let guide = guide.baseAddress
                    else { return }
                    Self.halve(guide, width, height, into: sums)
                    for channel in 0..<2 {
                        Self.halve(target + channel * width * height, width, height, into: sums + (2 + channel) * size)
                    }
                    let (g, square) = (sums, sums + size)
                    for index in 0..<size { square[index] = g[index] * g[index] }
                    for channel in 0..<2 {
                        let (t, product) = (sums + (2 + channel) * size, sums + (4 + channel) * size)
                        for index in 0..<size { product[index] = g[index] * t[index] }
                    }
                }
            }
        }
        for plane in 0..<6 { Self.boxMean(&sums, at: plane * size, w, h) }
        return [Float](unsafeUninitializedCapacity: 2 * size) { slopes, count in
            sums.withUnsafeBufferPointer { sums in
                guard let slopes = slopes.baseAddress, let sums = sums.baseAddress else { return }
                for channel in 0..<2 {
                    let (t, product) = (sums + (2 + channel) * size, sums + (4 + channel) * size)
                    let slope = slopes + channel * size
                    for index in 0..<size {
                        let mean = sums[index]
                        let variance = sums[size &+ index] - mean * mean
                        slope[index] = (product[index] - mean * t[index]) / (variance + epsilon)
                    }
                }
            }
            count = 2 * size
        }
    }

    /// Means of 2 × 2.
    private static func halve(
        _ source: UnsafePointer<Float>, _ width: Int, _ height: Int, into target: UnsafeMutablePointer<Float>
    ) {
        let w = width / 2
        for row in 0..<height / 2 {
            let first = source + 2 * row * width
            let second = first + width
            let line = target + row * w
            for column in 0..<w {
                let (left, right) = (column &* 2, column &* 2 &+ 1)
                line[column] = (first[left] + first[right] + second[left] + second[right]) * 0.25
            }
        }
    }

    /// Means over 3 × 3 in place, edges repeated.
    private static func boxMean(_ numbers: inout [Float], at start: Int, _ w: Int, _ h: Int) {
        numbers.withUnsafeMutableBufferPointer { numbers in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * w + 2) { scratch in
                guard let base = numbers.baseAddress, let sums = scratch.baseAddress else { return }
                let picture = base + start
                // The rows above and here as they were, because the picture is overwritten row by row.
                var above = sums + w + 2
                var here = above + w
                above.update(from: picture, count: w)
                here.update(from: picture, count: w)
                for row in 0..<h {
                    let line = picture + row * w
                    let below = row + 1 < h ? line + w : here
                    for column in 0..<w { sums[column &+ 1] = above[column] + here[column] + below[column] }
                    sums[0] = sums[1]
                    sums[w + 1] = sums[w]
                    swap(&above, &here)
                    if row + 1 < h { here.update(from: line + w, count: w) }
                    for column in 0..<w {
                        line[column] = (sums[column] + sums[column &+ 1] + sums[column &+ 2]) * (1 / 9)
                    }
                }
            }
        }
    }

    /// Twice the size, linear between samples, edges repeated.
    private static func double(
        _ source: UnsafePointer<Float>, _ w: Int, _ h: Int, into target: UnsafeMutablePointer<Float>
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: w + 2) { scratch in
            guard let mixed = scratch.baseAddress else { return }
            for row in 0..<2 * h {
                let near = source + (row / 2) * w
                let far = source + min(max(row / 2 + (row % 2 == 0 ? -1 : 1), 0), h - 1) * w
                for column in 0..<w { mixed[column &+ 1] = near[column] * 0.75 + far[column] * 0.25 }
                mixed[0] = mixed[1]
                mixed[w + 1] = mixed[w]
                let line = target + row * 2 * w
                for column in 0..<w {
                    let middle = mixed[column &+ 1] * 0.75
                    line[column &* 2] = middle + mixed[column] * 0.25
                    line[column &* 2 &+ 1] = middle + mixed[column &+ 2] * 0.25
                }
            }
        }
    }
}
