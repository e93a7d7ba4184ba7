import HeirloomMedia

/// Reads a luma plane row by row where its chroma samples sit: weighted means of the neighbours by the siting.
struct SitedLuma<Sample: FixedWidthInteger & UnsignedInteger> {
    private let plane: VideoFrame.Plane
    private let siting: ChromaSiting
    private let scale: SampleScale

    init(_ plane: VideoFrame.Plane, as type: Sample.Type, _ siting: ChromaSiting, _ scale: SampleScale) {
        self.plane = plane
        self.siting = siting
        self.scale = scale
    }

    /// Lends a function that fills a row of luma 0...1: its number, where to, how many samples.
    func withRows<R>(_ body: ((Int, UnsafeMutablePointer<Float>, Int) -> Void) -> R) -> R {
        let down = siting.vertical.weights
        let across = siting.horizontal.weights.map { $0 / scale.span }
        let (w0, w1, w2, w3) = (across[0], across[1], across[2], across[3])
        let rowStep = siting.vertical == .each ? 1 : 2
        let columnStep = siting.horizontal == .each ? 1 : 2
        let offset = -scale.zero / scale.span
        return plane.bytes.withUnsafeBytes { bytes in
            // sums[i + 1] belongs to column i; a column before and up to three behind repeat the edge.
            withUnsafeTemporaryAllocation(of: Float.self, capacity: plane.width + 4) { buffer in
                guard let sums = buffer.baseAddress, let bytes = bytes.baseAddress else {
                    fatalError("a luma plane without memory")
                }
                return body { row, line, count in
                    sums.initialize(repeating: 0, count: plane.width + 4)
                    for (tap, weight) in down.enumerated() where weight > 0 {
                        let source = min(max(row * rowStep + tap - 1, 0), plane.height - 1)
                        SampleRows.accumulate(
                            (bytes + source * plane.bytesPerRow).assumingMemoryBound(to: Sample.self),
                            count: plane.width, weight: weight, into: sums + 1)
                    }
                    sums[0] = sums[1]
                    for margin in 1...3 { sums[plane.width + margin] = sums[plane.width] }
                    if columnStep == 1 {
                        for column in 0..<count { line[column] = sums[column &+ 1] * w1 + offset }
                    } else {
                        for column in 0..<count {
                            let first = sums + column &* 2
                            line[column] = first[0] * w0 + first[1] * w1 + first[2] * w2 + first[3] * w3 + offset
                        }
                    }
                }
            }
        }
    }
}
