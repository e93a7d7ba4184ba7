/// Pillow's bilinear resampling of interleaved 8-bit pictures, bit for bit (versions 9 to 12).
///
/// A triangle filter that widens when shrinking; columns first, then rows, with rounding to 8 bits in between, and no
/// pass where the size does not change.
struct PillowBilinear {
    /// What one output sample is made of: the first input sample, and weights in 2⁻²².
    private struct Tap {
        let first: Int
        let weights: [Int32]
    }

    private static let bits = 22

    /// A picture in another size.
    /// - Parameters:
    ///   - samples: Row by row, the channels of a pixel side by side.
    ///   - size: Width and height.
    ///   - target: Width and height.
    static func resized(
        _ samples: [UInt8], channels: Int, size: (width: Int, height: Int), to target: (width: Int, height: Int)
    ) -> [UInt8] {
        precondition(
            samples.count == size.width * size.height * channels && target.width > 0 && target.height > 0,
            "\(samples.count) samples of \(size) with \(channels) channels, to \(target)")
        var result = samples
        if target.width != size.width {
            // Each row is a picture of one row.
            result = pass(
                result, lines: size.height, stride: channels, from: size.width, to: target.width)
        }
        if target.height != size.height {
            result = pass(result, lines: 1, stride: channels * target.width, from: size.height, to: target.height)
        }
        return result
    }

    /// Resamples an axis: `lines` blocks of `from` elements of `stride` samples each become blocks of `to` elements.
    private static func pass(_ samples: [UInt8], lines: Int, stride: Int, from: Int, to: Int) -> [UInt8] {
        let taps = taps(from: from, to: to)
        return [UInt8](unsafeUninitializedCapacity: lines * to * stride) { output, count in
            samples.withUnsafeBufferPointer { input in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: stride) { sums in
                    for line in 0..<lines {
                        let (source, target) = (line * from * stride, line * to * stride)
                        for (place, tap) in taps.enumerated() {
                            sums.update(repeating: 1 << Int32(bits - 1))
                            for (offset, weight) in tap.weights.enumerated() {
                                let start = source &+ (tap.first &+ offset) &* stride
                                for i in 0..<stride { sums[i] &+= weight &* Int32(input[start &+ i]) }
                            }
                            let start = target &+ place &* stride
                            for i in 0..<stride {
                                output[start &+ i] = UInt8(truncatingIfNeeded: min(max(sums[i] >> Int32(bits), 0), 255))
                            }
                        }
                    }
                }
            }
            count = lines * to * stride
        }
    }

    private static func taps(from: Int, to: Int) -> [Tap] {
        let scale = Double(from) / Double(to)
        let width = max(scale, 1)
        let step = 1 / width
        return (0..<to).map { index in
            let center = (Double(index) + 0.5) * scale
            let first = max(0, Int(center - width + 0.5))
            let last = min(from, Int(center + width + 0.5))
            let raw = (first..<last).map { max(0, 1 - abs((Double($0) - center + 0.5) * step)) }
            let sum = raw.reduce(0, +)
            let weights = raw.map { Int32(0.5 + (sum == 0 ? $0 : $0 / sum) * Double(1 << bits)) }
            return Tap(first: first, weights: weights)
        }
    }
}
