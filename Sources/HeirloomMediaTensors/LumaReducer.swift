public import HeirloomMedia

/// Makes the small luma picture that a network sees of a frame: shrunk, with mirrored margins, as plain numbers.
///
/// A pure function of the frame without any tensor, so it can run on the thread that decodes while the network works.
/// The picture is halved (means of 2 × 2) while it is more than twice as large as wanted, then read linearly between
/// samples: every sample counts, at a fraction of the cost of an antialiased resize.
public struct LumaReducer: Sendable {
    /// Columns of the picture, without the margin to the right.
    public let width: Int
    /// Rows of the picture, without the margin below.
    public let height: Int
    /// Columns with the margin.
    public let paddedWidth: Int
    /// Rows with the margin.
    public let paddedHeight: Int

    /// A reducer to `width` × `height`, with margins up to `paddedWidth` × `paddedHeight`.
    ///
    /// - Precondition: everything is positive and the margins are not negative.
    public init(width: Int, height: Int, paddedWidth: Int, paddedHeight: Int) {
        precondition(
            width > 0 && height > 0 && paddedWidth >= width && paddedHeight >= height,
            "no picture of \(width)×\(height) in \(paddedWidth)×\(paddedHeight)")
        self.width = width
        self.height = height
        self.paddedWidth = paddedWidth
        self.paddedHeight = paddedHeight
    }

    /// The luma of a frame, 0...1 limited, row by row with the margins.
    public func callAsFunction(_ frame: VideoFrame) -> [Float] {
        let scale = SampleScale.luma(of: frame.pixelFormat, range: frame.color.range)
        let plane = frame.planes[0]
        let isHalved = plane.width >= 2 * width && plane.height >= 2 * height
        var picture =
            frame.pixelFormat.bytesPerSample == 1
            ? Picture(plane, as: UInt8.self, scale, halving: isHalved)
            : Picture(plane, as: UInt16.self, scale, halving: isHalved)
        while picture.width >= 2 * width && picture.height >= 2 * height { picture = picture.halved() }
        return padded(picture)
    }

    /// Numbers row by row.
    private struct Picture {
        let width: Int
        let height: Int
        let numbers: [Float]

        private init(width: Int, height: Int, numbers: [Float]) {
            self.width = width
            self.height = height
            self.numbers = numbers
        }

        init<Sample: FixedWidthInteger & UnsignedInteger>(
            _ plane: VideoFrame.Plane, as type: Sample.Type, _ scale: SampleScale, halving: Bool
        ) {
            let (width, height) = halving ? (plane.width / 2, plane.height / 2) : (plane.width, plane.height)
            let factor = 1 / scale.span
            let offset = -scale.zero * factor
            self.width = width
            self.height = height
            numbers = [Float](unsafeUninitializedCapacity: width * height) { numbers, count in
                plane.bytes.withUnsafeBytes { bytes in
                    guard let numbers = numbers.baseAddress, let bytes = bytes.baseAddress else { return }
                    for row in 0..<height {
                        let line = numbers + row * width
                        let first = (bytes + (halving ? 2 * row : row) * plane.bytesPerRow)
                            .assumingMemoryBound(to: Sample.self)
                        guard halving else {
                            SampleRows.read(first, count: width, scale: factor, offset: offset, into: line)
                            continue
                        }
                        let second = (bytes + (2 * row + 1) * plane.bytesPerRow).assumingMemoryBound(to: Sample.self)
                        for column in 0..<width {
                            let (left, right) = (column &* 2, column &* 2 &+ 1)
                            let sum =
                                UInt32(first[left]) &+ UInt32(first[right]) &+ UInt32(second[left])
                                &+ UInt32(second[right])
                            line[column] = Float(Int32(truncatingIfNeeded: sum)) * (0.25 * factor) + offset
                        }
                    }
                }
                count = width * height
            }
        }

        func halved() -> Picture {
            let (width, height) = (width / 2, height / 2)
            let halved = [Float](unsafeUninitializedCapacity: width * height) { result, count in
                numbers.withUnsafeBufferPointer { source in
                    guard let result = result.baseAddress, let source = source.baseAddress else { return }
                    for row in 0..<height {
                        let first = source + 2 * row * self.width
                        let second = first + self.width
                        let line = result + row * width
                        for column in 0..<width {
                            let (left, right) = (column &* 2, column &* 2 &+ 1)
                            line[column] = (first[left] + first[right] + second[left] + second[right]) * 0.25
                        }
                    }
                }
                count = width * height
            }
            return Picture(width: width, height: height, numbers: halved)
        }
    }

    /// Linear between samples, limited to 0...1, then mirrored to the right and below.
    private func padded(_ picture: Picture) -> [Float] {
        let columns = LinearTaps(from: picture.width, to: width)
        let rows = LinearTaps(from: picture.height, to: height)
        var mixed = [Float](repeating: 0, count: picture.width)
        return [Float](unsafeUninitializedCapacity: paddedWidth * paddedHeight) { result, count in
            picture.numbers.withUnsafeBufferPointer { source in
                mixed.withUnsafeMutableBufferPointer { mixed in
                    guard let result = result.baseAddress, let source = source.baseAddress,
                        let mixed = mixed.baseAddress
                    else { return }
                    for row in 0..<height {
                        let above = source + rows.first[row] * picture.width
                        let below = source + rows.second[row] * picture.width
                        let weight = rows.weight[row]
                        for column in 0..<picture.width {
                            let value = above[column] + (below[column] - above[column]) * weight
                            mixed[column] = Swift.max(Swift.min(value, 1), 0)
                        }
                        let line = result + row * paddedWidth
                        columns.expand(mixed, into: line)
                        for column in width..<paddedWidth { line[column] = line[Self.mirrored(column, width)] }
                    }
                    for row in height..<paddedHeight {
                        (result + row * paddedWidth)
                            .update(from: result + Self.mirrored(row, height) * paddedWidth, count: paddedWidth)
                    }
                }
            }
            count = paddedWidth * paddedHeight
        }
    }

    /// The sample that stands at a position beyond the last one, mirrored as often as needed without repeating edges.
    private static func mirrored(_ position: Int, _ count: Int) -> Int {
        guard count > 1 else { return 0 }
        let period = 2 * (count - 1)
        let place = position % period
        return place < count ? place : period - place
    }
}
