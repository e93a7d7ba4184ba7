import HeirloomMedia

/// Chroma planes enlarged to luma's size as numbers, and numbers reduced to chroma planes, row by row.
struct ChromaPlane {
    private let horizontal: ChromaFilter?
    private let vertical: ChromaFilter?
    private let width: Int
    private let height: Int

    /// - Parameters:
    ///   - width: columns of luma.
    ///   - height: rows of luma.
    init(_ format: PixelFormat, _ location: ColorInfo.ChromaLocation, width: Int, height: Int) {
        let siting = ChromaSiting(format, location)
        horizontal = siting.horizontal == .each ? nil : ChromaFilter(siting.horizontal)
        vertical = siting.vertical == .each ? nil : ChromaFilter(siting.vertical)
        self.width = width
        self.height = height
    }

    /// Fills width × height numbers from a plane of samples.
    func enlarge<Sample: FixedWidthInteger & UnsignedInteger>(
        _ plane: VideoFrame.Plane, as type: Sample.Type, _ scale: SampleScale, into numbers: UnsafeMutablePointer<Float>
    ) {
        let factor = 1 / scale.span
        let offset = -scale.zero * factor
        plane.bytes.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: plane.width + 2) { buffer in
                guard let bytes = bytes.baseAddress, let sums = buffer.baseAddress else { return }
                let line = sums + 1
                for y in 0..<height {
                    let row = numbers + y * width
                    let middle = vertical == nil ? y : y / 2
                    let weights = vertical.map { y % 2 == 0 ? $0.up.even : $0.up.odd } ?? [0, 1, 0]
                    line.initialize(repeating: offset, count: plane.width)
                    for (tap, weight) in weights.enumerated() where weight != 0 {
                        let source = min(max(middle + tap - 1, 0), plane.height - 1)
                        SampleRows.accumulate(
                            (bytes + source * plane.bytesPerRow).assumingMemoryBound(to: Sample.self),
                            count: plane.width, weight: weight * factor, into: line)
                    }
                    guard let horizontal else {
                        row.update(from: line, count: width)
                        continue
                    }
                    line[-1] = line[0]
                    line[plane.width] = line[plane.width - 1]
                    let (even, odd) = horizontal.up
                    let (a, b, c) = (even[0], even[1], even[2])
                    let (d, e, f) = (odd[0], odd[1], odd[2])
                    for x in 0..<width / 2 {
                        let (left, here, right) = (line[x &- 1], line[x], line[x &+ 1])
                        row[2 &* x] = a * left + b * here + c * right
                        row[2 &* x &+ 1] = d * left + e * here + f * right
                    }
                    if width % 2 == 1 {
                        let x = width / 2
                        row[width - 1] = a * line[x - 1] + b * line[x] + c * line[x + 1]
                    }
                }
            }
        }
    }

    /// A plane of samples from width × height numbers, rounded to the nearest, halves to even.
    func reduce<Sample: FixedWidthInteger & UnsignedInteger>(
        _ numbers: UnsafePointer<Float>, as type: Sample.Type, _ scale: SampleScale
    ) -> VideoFrame.Plane {
        let across = horizontal == nil ? width : (width + 1) / 2
        let down = vertical == nil ? height : (height + 1) / 2
        let bytesPerRow = across * MemoryLayout<Sample>.stride
        let bytes = [UInt8](unsafeUninitializedCapacity: bytesPerRow * down) { bytes, count in
            // A margin of two columns before and of four behind repeats the edges.
            withUnsafeTemporaryAllocation(of: Float.self, capacity: width + 6 + across) { buffer in
                guard let target = bytes.baseAddress, let margin = buffer.baseAddress else { return }
                let line = margin + 2
                let result = line + width + 4
                for y in 0..<down {
                    sum(rowsFor: y, numbers, into: line)
                    var reduced = UnsafePointer(line)
                    if let horizontal {
                        for place in 1...2 { line[-place] = line[0] }
                        let step = width > 1 ? line[width - 1] - line[width - 2] : 0
                        let beyond = line[width - 1] + horizontal.overshoot(of: width) * step
                        for place in 0..<4 { line[width + place] = beyond }
                        filter(line, horizontal, count: across, into: result)
                        reduced = UnsafePointer(result)
                    }
                    SampleRows.write(
                        reduced, count: across, scale: scale.span, offset: scale.zero, lowest: scale.lowest,
                        highest: scale.highest,
                        into: UnsafeMutableRawPointer(target + y * bytesPerRow).assumingMemoryBound(to: Sample.self))
                }
            }
            count = bytesPerRow * down
        }
        return VideoFrame.Plane(width: across, height: down, bytesPerRow: bytesPerRow, bytes: bytes)
    }

    /// The weighted rows of numbers for a row of chroma.
    private func sum(rowsFor y: Int, _ numbers: UnsafePointer<Float>, into line: UnsafeMutablePointer<Float>) {
        guard let vertical else {
            line.update(from: numbers + y * width, count: width)
            return
        }
        line.initialize(repeating: 0, count: width)
        func add(_ row: Int, _ weight: Float) {
            let source = numbers + min(max(row, 0), height - 1) * width
            for x in 0..<width { line[x] += source[x] * weight }
        }
        let overshoot = vertical.overshoot(of: height)
        for (tap, weight) in vertical.down.enumerated() where weight != 0 {
            let row = 2 * y + tap - 2
            if row < height || overshoot == 0 {
                add(row, weight)
            } else {
                add(height - 1, weight * (1 + overshoot))
                add(height - 2, -weight * overshoot)
            }
        }
    }

    private func filter(
        _ line: UnsafeMutablePointer<Float>, _ filter: ChromaFilter, count: Int,
        into result: UnsafeMutablePointer<Float>
    ) {
        let weights = filter.down
        let (a, b, c, d, e, f) = (weights[0], weights[1], weights[2], weights[3], weights[4], weights[5])
        for x in 0..<count {
            let s = line + 2 &* x
            result[x] = s[-2] * a + s[-1] * b + s[0] * c + s[1] * d + s[2] * e + s[3] * f
        }
    }
}
