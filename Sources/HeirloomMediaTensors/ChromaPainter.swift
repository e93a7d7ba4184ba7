public import HeirloomMedia

/// Writes chroma over a frame from two small maps: chroma = slope · luma + intercept, the maps enlarged, the luma the
/// frame's own where its chroma samples sit.
///
/// One pass over the samples without any tensor, so it can run on the thread that encodes while the network works on the
/// next frames.
public struct ChromaPainter: Sendable {
    /// How much colour luma bears at the dark and the bright end.
    public struct Bearing: Sendable, Equatable {
        /// Luma below which there is no colour, and from which on it is whole.
        public let dark: ClosedRange<Float>
        /// Luma up to which colour is whole, and above which there is none.
        public let bright: ClosedRange<Float>

        /// A bearing from its ends.
        ///
        /// - Precondition: neither range is empty.
        public init(dark: ClosedRange<Float>, bright: ClosedRange<Float>) {
            precondition(
                dark.upperBound > dark.lowerBound && bright.upperBound > bright.lowerBound, "a bearing without slopes")
            self.dark = dark
            self.bright = bright
        }
    }

    private let format: VideoFormat
    private let mapWidth: Int
    private let mapHeight: Int
    private let mapStride: Int
    private let plane: (width: Int, height: Int)
    private let columns: LinearTaps
    private let rows: LinearTaps
    private let matrix: [Float]
    private let bearing: Bearing
    private let luma: SampleScale
    private let chroma: SampleScale

    /// A painter for the frames of a film.
    ///
    /// - Parameters:
    ///   - format: the film *with* chroma planes.
    ///   - mapWidth: columns of the maps that cover the picture; `mapStride` minus the margin.
    ///   - mapHeight: rows of the maps that cover the picture.
    ///   - mapStride: columns of the maps with their margin.
    ///   - matrix: what turns the maps' Cb and Cr into the film's, row by row.
    public init(
        format: VideoFormat, mapWidth: Int, mapHeight: Int, mapStride: Int, matrix: [[Double]], bearing: Bearing
    ) {
        precondition(matrix.map(\.count) == [2, 2], "a chroma matrix has two rows of two numbers")
        self.format = format
        self.mapWidth = mapWidth
        self.mapHeight = mapHeight
        self.mapStride = mapStride
        self.matrix = matrix.flatMap { $0.map(Float.init) }
        self.bearing = bearing
        plane = format.pixelFormat.planeSize(1, width: format.width, height: format.height)
        let siting = ChromaSiting(format.pixelFormat, format.color.chromaLocation)
        let (across, down) = (
            Double(format.pixelFormat.horizontalSubsampling), Double(format.pixelFormat.verticalSubsampling)
        )
        // In samples of luma, because the chroma planes of a film with an odd side reach beyond the picture.
        columns = LinearTaps(
            from: mapWidth, to: plane.width, step: Double(mapWidth) * across / Double(format.width),
            offset: siting.horizontal.offset / across)
        rows = LinearTaps(
            from: mapHeight, to: plane.height, step: Double(mapHeight) * down / Double(format.height),
            offset: siting.vertical.offset / down)
        luma = SampleScale.luma(of: format.pixelFormat, range: format.color.range)
        chroma = SampleScale.chroma(of: format.pixelFormat, range: format.color.range)
    }

    /// The frame with chroma.
    ///
    /// - Parameters:
    ///   - maps: the slopes of Cb and of Cr, then the intercepts, each row by row with its margin.
    ///   - frame: a frame of the film, with or without chroma of its own.
    /// - Precondition: there are four maps of at least `mapHeight` rows.
    public func paint(_ maps: [Float], over frame: VideoFrame) -> VideoFrame {
        precondition(
            maps.count % (4 * mapStride) == 0 && maps.count / (4 * mapStride) >= mapHeight,
            "\(maps.count) numbers are no four maps of \(mapStride) columns and \(mapHeight) rows")
        let planes =
            format.pixelFormat.bytesPerSample == 1
            ? planes(maps, frame, as: UInt8.self) : planes(maps, frame, as: UInt16.self)
        return frame.replacing(pixelFormat: format.pixelFormat, planes: [frame.planes[0]] + planes)
    }

    private func planes<Sample: FixedWidthInteger & UnsignedInteger>(
        _ maps: [Float], _ frame: VideoFrame, as type: Sample.Type
    ) -> [VideoFrame.Plane] {
        let wide = widened(maps)
        let reader = SitedLuma(
            frame.planes[0], as: type, ChromaSiting(format.pixelFormat, format.color.chromaLocation), luma)
        let bytes = plane.width * MemoryLayout<Sample>.stride
        let length = bytes * plane.height
        var second: [UInt8] = []
        let first = [UInt8](unsafeUninitializedCapacity: length) { cb, count in
            second = [UInt8](unsafeUninitializedCapacity: length) { cr, count in
                wide.withUnsafeBufferPointer { wide in
                    guard let cb = cb.baseAddress, let cr = cr.baseAddress, let wide = wide.baseAddress else { return }
                    fill(wide, reader, UnsafeMutableRawPointer(cb), UnsafeMutableRawPointer(cr), as: type)
                }
                count = length
            }
            count = length
        }
        return [first, second].map {
            VideoFrame.Plane(width: plane.width, height: plane.height, bytesPerRow: bytes, bytes: $0)
        }
    }

    /// The maps at the width of the chroma planes, still at their own height.
    private func widened(_ maps: [Float]) -> [Float] {
        let mapSize = maps.count / 4
        return [Float](unsafeUninitializedCapacity: 4 * mapHeight * plane.width) { wide, count in
            maps.withUnsafeBufferPointer { maps in
                guard let wide = wide.baseAddress, let maps = maps.baseAddress else { return }
                for map in 0..<4 {
                    for row in 0..<mapHeight {
                        columns.expand(
                            maps + map * mapSize + row * mapStride, into: wide + (map * mapHeight + row) * plane.width)
                    }
                }
            }
            count = 4 * mapHeight * plane.width
        }
    }

    /// Row by row: luma at the sites, the maps between two of their rows, the limits, the code values.
    private func fill<Sample: FixedWidthInteger & UnsignedInteger>(
        _ wide: UnsafePointer<Float>, _ reader: SitedLuma<Sample>, _ cb: UnsafeMutableRawPointer,
        _ cr: UnsafeMutableRawPointer, as type: Sample.Type
    ) {
        let width = plane.width
        let mapSize = mapHeight * width
        let (m00, m01, m10, m11) = (
            matrix[0] * chroma.span, matrix[1] * chroma.span, matrix[2] * chroma.span, matrix[3] * chroma.span
        )
        let darkScale = 1 / (bearing.dark.upperBound - bearing.dark.lowerBound)
        let brightScale = 1 / (bearing.bright.upperBound - bearing.bright.lowerBound)
        let (darkest, brightest) = (bearing.dark.lowerBound, bearing.bright.upperBound)
        let (zero, lowest, highest) = (chroma.zero, chroma.lowest, chroma.highest)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * width) { scratch in
            guard let lumas = scratch.baseAddress else { return }
            let blues = lumas + width
            let reds = blues + width
            reader.withRows { rowOfLuma in
                for y in 0..<plane.height {
                    rowOfLuma(y, lumas, width)
                    let above = wide + rows.first[y] * width
                    let step = (rows.second[y] - rows.first[y]) * width
                    let weight = rows.weight[y]
                    for x in 0..<width {
                        let a = above + x
                        let b = a + step
                        let slopeB = a[0] + (b[0] - a[0]) * weight
                        let slopeR = a[mapSize] + (b[mapSize] - a[mapSize]) * weight
                        let interceptB = a[2 &* mapSize] + (b[2 &* mapSize] - a[2 &* mapSize]) * weight
                        let interceptR = a[3 &* mapSize] + (b[3 &* mapSize] - a[3 &* mapSize]) * weight
                        let l = lumas[x]
                        var dark = (l - darkest) * darkScale
                        dark = dark < 0 ? 0 : dark > 1 ? 1 : dark
                        var bright = (brightest - l) * brightScale
                        bright = bright < 0 ? 0 : bright > 1 ? 1 : bright
                        let bears = dark * (2 - dark) * bright
                        let blue = (slopeB * l + interceptB) * bears
                        let red = (slopeR * l + interceptR) * bears
                        blues[x] = m00 * blue + m01 * red
                        reds[x] = m10 * blue + m11 * red
                    }
                    for (numbers, target) in [(blues, cb), (reds, cr)] {
                        SampleRows.write(
                            numbers, count: width, scale: 1, offset: zero, lowest: lowest, highest: highest,
                            into: target.assumingMemoryBound(to: Sample.self) + y * width)
                    }
                }
            }
        }
    }
}
