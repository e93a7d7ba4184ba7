import HeirloomMedia

extension StillImage {
    /// The picture at another size as 8-bit colour: samples averaged where it shrinks, interpolated where it grows.
    ///
    /// Grey fills the three channels; opacity is laid on the background.
    func drawn(width newWidth: Int, height newHeight: Int, on background: UInt8) -> [UInt8] {
        let columns = Self.weights(from: width, to: newWidth)
        let rows = Self.weights(from: height, to: newHeight)
        var narrow = [Float](repeating: 0, count: height * newWidth * 3)
        for y in 0..<height {
            let line = (0..<width).map { color(at: y * width + $0, on: background) }
            for (x, weight) in columns.enumerated() {
                var sum = SIMD3<Float>()
                for (index, part) in weight.parts.enumerated() { sum += line[weight.first + index] * part }
                for channel in 0..<3 { narrow[3 * (y * newWidth + x) + channel] = sum[channel] }
            }
        }
        var result: [UInt8] = []
        result.reserveCapacity(newWidth * newHeight * 3)
        for weight in rows {
            for place in 0..<newWidth * 3 {
                var sum: Float = 0
                for (index, part) in weight.parts.enumerated() {
                    sum += narrow[(weight.first + index) * newWidth * 3 + place] * part
                }
                result.append(UInt8(min(max(sum.rounded(), 0), 255)))
            }
        }
        return result
    }

    /// Red, green and blue of a pixel, 0...255.
    private func color(at pixel: Int, on background: UInt8) -> SIMD3<Float> {
        func sample(_ channel: Int) -> Float {
            let index = pixel * channels.count + channel
            guard depth == .sixteen else { return Float(pixels[index]) }
            return with16BitSamples { Float($0[index]) / 257 }
        }
        let color = channels.isGrey ? SIMD3(repeating: sample(0)) : SIMD3(sample(0), sample(1), sample(2))
        guard channels.hasAlpha else { return color }
        let opacity = sample(channels.count - 1) / 255
        return color * opacity + Float(background) * (1 - opacity)
    }

    private struct Weights {
        var first: Int
        var parts: [Float]
    }

    /// Triangle weights of the old samples in each new one, as wide as the step where the picture shrinks.
    private static func weights(from old: Int, to new: Int) -> [Weights] {
        let step = Float(old) / Float(new)
        let reach = max(1, step)
        return (0..<new).map { index in
            let center = (Float(index) + 0.5) * step - 0.5
            let first = max(0, Int((center - reach).rounded(.up)))
            let last = max(first, min(old - 1, Int((center + reach).rounded(.down))))
            var parts = (first...last).map { max(0, 1 - abs(Float($0) - center) / reach) }
            let sum = parts.reduce(0, +)
            for index in parts.indices { parts[index] /= sum }
            return Weights(first: first, parts: parts)
        }
    }
}
