public import HeirloomMedia
public import HeirloomTensors

extension Tensor {
    /// The luma of some rows of a picture: Y of BT.601 full range of the coded values, or grey itself. Opacity is left
    /// out.
    ///
    /// - Parameter rows: which rows; all when nil.
    /// - Shape: `[1, 1, rows, W]`, float32, on the CPU.
    /// - Range: 0...1.
    public convenience init(luma image: StillImage, rows: Range<Int>? = nil) {
        let rows = image.checked(rows)
        let mix: [Float] = image.channels.isGrey ? [1] : [0.299, 0.587, 0.114]
        self.init(image.numbers(rows: rows, mixes: [mix]), shape: [1, 1, rows.count, image.width])
    }

    /// Red, green and blue of some rows of a picture, as coded; grey fills all three. Opacity is left out.
    ///
    /// - Parameter rows: which rows; all when nil.
    /// - Shape: `[1, 3, rows, W]`, float32, on the CPU.
    /// - Range: 0...1.
    public convenience init(rgb image: StillImage, rows: Range<Int>? = nil) {
        let rows = image.checked(rows)
        let mixes: [[Float]] = image.channels.isGrey ? [[1], [1], [1]] : [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        self.init(image.numbers(rows: rows, mixes: mixes), shape: [1, 3, rows.count, image.width])
    }
}

extension StillImage {
    func checked(_ rows: Range<Int>?) -> Range<Int> {
        let rows = rows ?? 0..<height
        precondition(!rows.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= height, "no rows \(rows) of \(height)")
        return rows
    }

    /// Weighted sums of the channels, a plane for each mix, 0...1; a mix with a 1 is that channel alone.
    func numbers(rows: Range<Int>, mixes: [[Float]]) -> [Float] {
        depth == .eight
            ? numbers(as: UInt8.self, rows: rows, mixes: mixes) : numbers(as: UInt16.self, rows: rows, mixes: mixes)
    }

    private func numbers<Sample: FixedWidthInteger & UnsignedInteger>(
        as type: Sample.Type, rows: Range<Int>, mixes: [[Float]]
    ) -> [Float] {
        let plane = rows.count * width
        let step = channels.count
        let factor = 1 / Float(depth.maximum)
        return [Float](unsafeUninitializedCapacity: plane * mixes.count) { numbers, initialized in
            pixels.withUnsafeBytes { bytes in
                guard let numbers = numbers.baseAddress, let bytes = bytes.baseAddress else { return }
                let first = (bytes + rows.lowerBound * width * step * depth.bytes).assumingMemoryBound(to: Sample.self)
                for (index, mix) in mixes.enumerated() {
                    let line = numbers + index * plane
                    if mix.count == 3 && !mix.contains(1) {
                        let (red, green, blue) = (mix[0] * factor, mix[1] * factor, mix[2] * factor)
                        for pixel in 0..<plane {
                            let samples = first + pixel &* step
                            line[pixel] = Float(samples[0]) * red + Float(samples[1]) * green + Float(samples[2]) * blue
                        }
                    } else {
                        let channel = mix.firstIndex(of: 1) ?? 0
                        SampleRows.read(
                            first + channel, stride: step, count: plane, dividedBy: Float(depth.maximum), into: line)
                    }
                }
            }
            initialized = plane * mixes.count
        }
    }
}
