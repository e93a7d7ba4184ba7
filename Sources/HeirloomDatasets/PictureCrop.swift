/// Cuts a rectangle out of a picture and shrinks or enlarges it to the size of a batch.
///
/// Plain Swift on bytes: it runs on loader threads, where tensors do not go.
struct PictureCrop: Sendable {
    /// The rectangle, in pixels of the picture.
    var x: Double, y: Double, width: Double, height: Double
    /// Whether left and right are exchanged.
    var isMirrored: Bool

    /// Weights of the source samples of every target sample: a triangle as wide as the larger of both sampling steps.
    private struct Taps {
        var first: [Int] = []
        var count: [Int] = []
        var weights: [Float] = []
        var largest = 0

        init(from start: Double, length: Double, to size: Int, limit: Int) {
            let scale = length / Double(size)
            let support = max(scale, 1)
            largest = Int(2 * support) + 2
            for target in 0..<size {
                let center = start + (Double(target) + 0.5) * scale
                // Sample `i` has its middle at `i + 0.5`.
                let low = max(Int((center - support - 0.5).rounded(.up)), 0)
                let high = min(Int((center + support - 0.5).rounded(.down)), limit - 1)
                var row: [Double] = []
                for sample in low...max(low, high) {
                    row.append(max(0, 1 - abs((Double(sample) + 0.5 - center) / support)))
                }
                let sum = row.reduce(0, +)
                first.append(min(low, limit - 1))
                count.append(row.count)
                weights += row.map { Float(sum > 0 ? $0 / sum : 1 / Double(row.count)) }
                weights += [Float](repeating: 0, count: largest - row.count)
            }
        }
    }

    /// Resamples into `size · size` RGB pixels at `target`.
    func render(
        _ pixels: UnsafeBufferPointer<UInt8>, pictureWidth: Int, pictureHeight: Int, size: Int,
        target: UnsafeMutablePointer<UInt8>
    ) {
        let columns = Taps(from: x, length: width, to: size, limit: pictureWidth)
        let rows = Taps(from: y, length: height, to: size, limit: pictureHeight)
        guard let top = rows.first.min(), let base = pixels.baseAddress else { return }
        let bottom = zip(rows.first, rows.count).map(+).max() ?? top
        let stride = size * 3
        var band = [Float](repeating: 0, count: (bottom - top) * stride)
        band.withUnsafeMutableBufferPointer { band in
            columns.weights.withUnsafeBufferPointer { weights in
                for row in top..<bottom {
                    let line = base + row * pictureWidth * 3
                    for column in 0..<size {
                        var red: Float = 0, green: Float = 0, blue: Float = 0
                        let start = columns.first[column] * 3
                        let offset = column * columns.largest
                        for tap in 0..<columns.count[column] {
                            let weight = weights[offset + tap]
                            red += weight * Float(line[start + tap * 3])
                            green += weight * Float(line[start + tap * 3 + 1])
                            blue += weight * Float(line[start + tap * 3 + 2])
                        }
                        let place = (row - top) * stride + (isMirrored ? size - 1 - column : column) * 3
                        band[place] = red
                        band[place + 1] = green
                        band[place + 2] = blue
                    }
                }
            }
            for row in 0..<size {
                for value in 0..<stride {
                    var sum: Float = 0.5
                    for tap in 0..<rows.count[row] {
                        let line = rows.first[row] + tap - top
                        sum += rows.weights[row * rows.largest + tap] * band[line * stride + value]
                    }
                    target[row * stride + value] = UInt8(min(max(sum, 0), 255))
                }
            }
        }
    }
}
