import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors

/// The sheet of a plan: each telling frame as it is and as it will be.
struct PlanSheet {
    /// A telling frame with what became of it.
    struct Row {
        let telling: TellingFrame
        let before: VideoFrame
        let after: VideoFrame
    }

    /// The longest side of a cell, in pixels.
    static let cellSide = 640
    /// An enlarged picture is shown in part where it is so many times larger than a cell.
    static let cutOutFrom = 1.4
    private static let gap = 6
    private static let letterSize = 2

    /// What the treated frames have in common.
    let format: VideoFormat
    /// What is done with the frames: "coloured".
    let words: String
    /// Whether whole pictures tell something: of a film that is only enlarged they do not.
    let showsWhole: Bool

    /// Draws the rows.
    ///
    /// - Returns: 8-bit sRGB.
    /// - Throws: `TorchError` where the memory does not suffice.
    /// - Precondition: there is a row.
    func draw(_ rows: [Row]) throws -> StillImage {
        guard let first = rows.first else { preconditionFailure("a plan's sheet without a frame") }
        let shown = Self.size(of: format, side: .max)
        let cell = Self.size(of: format, side: Self.cellSide)
        let showsParts =
            Double(shown.width) > Self.cutOutFrom * Double(cell.width) && first.before.width != first.after.width
        let showsWhole = showsWhole || !showsParts
        let columns = (showsWhole ? 2 : 0) + (showsParts ? 2 : 0)
        let captionHeight = (SheetLettering.lineHeight + 3) * Self.letterSize
        let step = cell.height + captionHeight + Self.gap
        var canvas = SheetCanvas(
            width: Self.gap + columns * (cell.width + Self.gap), height: Self.gap + rows.count * step, background: 32)
        for (number, row) in rows.enumerated() {
            let top = Self.gap + number * step
            var column = 0
            func place(_ picture: Tensor, _ caption: String) {
                let left = Self.gap + column * (cell.width + Self.gap)
                canvas.draw(Self.bytes(of: picture), width: cell.width, left: left, top: top)
                let letters = cell.width / (SheetLettering.advance * Self.letterSize)
                canvas.write(
                    SheetLettering.shortened(caption, to: letters), size: Self.letterSize, left: left,
                    top: top + cell.height + 2 * Self.letterSize, color: SIMD3(repeating: 225))
                column += 1
            }
            let reason = Self.clock(row.telling.frame.time.seconds) + "  " + row.telling.reason
            try recovering {
                let (before, after) = (Self.picture(row.before), Self.picture(row.after))
                if showsWhole {
                    place(before.resized(height: cell.height, width: cell.width, antialias: true), reason)
                    place(after.resized(height: cell.height, width: cell.width, antialias: true), words)
                }
                if showsParts {
                    let corner = Self.busiest(after, shown: shown, cell: cell)
                    func part(_ picture: Tensor) -> Tensor {
                        picture.resized(height: shown.height, width: shown.width, antialias: true)
                            .sliced(axis: 2, from: corner.top, to: corner.top + cell.height)
                            .sliced(axis: 3, from: corner.left, to: corner.left + cell.width)
                    }
                    place(part(before), showsWhole ? "a part of it" : reason + ", a part of it")
                    place(part(after), words + ", pixel for pixel")
                }
            }
        }
        return StillImage(
            width: canvas.width, height: canvas.height, channels: .rgb, depth: .eight, pixels: canvas.pixels)
    }

    /// Red, green and blue of a frame, 0...1. Shape `[1, 3, H, W]`.
    private static func picture(_ frame: VideoFrame) -> Tensor {
        let planes = Tensor(yCbCr: frame)
        let matrix = YCbCrMatrix(frame.color.matrix) ?? .bt709
        return matrix.combined(
            luma: planes.sliced(axis: 1, from: 0, to: 1), chroma: planes.sliced(axis: 1, from: 1, to: 3)
        ).clamped(to: 0...1)
    }

    /// The upper left corner of the part with the most detail, among parts that overlap by half.
    private static func busiest(
        _ picture: Tensor, shown: (width: Int, height: Int), cell: (width: Int, height: Int)
    ) -> (left: Int, top: Int) {
        let (columns, rows) = (4 * shown.width / cell.width, 4 * shown.height / cell.height)
        let small = picture.mean(axes: [1], keepingDimensions: true).meanPooled(height: 16 * rows, width: 16 * columns)
        let edges = (small.sliced(axis: 3, from: 1) - small.sliced(axis: 3, from: 0, to: 16 * columns - 1)).abs()
        let detail = edges.meanPooled(height: rows, width: columns).floats
        var best = (value: -Float.infinity, left: 0, top: 0)
        for top in 0...max(0, rows - 4) {
            for left in 0...max(0, columns - 4) {
                var sum: Float = 0
                for y in top..<min(top + 4, rows) {
                    for x in left..<min(left + 4, columns) { sum += detail[y * columns + x] }
                }
                if sum > best.value { best = (sum, left, top) }
            }
        }
        return (
            min(best.left * shown.width / columns, shown.width - cell.width),
            min(best.top * shown.height / rows, shown.height - cell.height)
        )
    }

    /// Interleaved bytes of a picture `[1, 3, H, W]`, 0...1.
    private static func bytes(of picture: Tensor) -> [UInt8] {
        let samples = (picture.clamped(to: 0...1) * 255).rounded().floats
        let count = samples.count / 3
        return [UInt8](unsafeUninitializedCapacity: samples.count) { buffer, filled in
            for place in 0..<count {
                for channel in 0..<3 { buffer[3 * place + channel] = UInt8(samples[channel * count + place]) }
            }
            filled = samples.count
        }
    }

    /// The size with square pixels and the longer side at most `side` in which the film is shown.
    private static func size(of format: VideoFormat, side: Int) -> (width: Int, height: Int) {
        let aspect = format.sampleAspectRatio.doubleValue
        let (width, height) = (Double(format.width) * max(aspect, 1), Double(format.height) / min(aspect, 1))
        let factor = min(1, Double(side) / max(width, height))
        return (max(1, Int((width * factor).rounded())), max(1, Int((height * factor).rounded())))
    }

    /// "1:02:03.480"
    static func clock(_ seconds: Double) -> String {
        let thousandths = Int((abs(seconds) * 1000).rounded())
        func padded(_ number: Int, _ digits: Int) -> String {
            String(repeating: "0", count: max(0, digits - "\(number)".count)) + "\(number)"
        }
        let (hours, minutes) = (thousandths / 3_600_000, thousandths / 60000 % 60)
        let rest = "\(padded(thousandths / 1000 % 60, 2)).\(padded(thousandths % 1000, 3))"
        return (seconds < 0 ? "-" : "") + (hours > 0 ? "\(hours):\(padded(minutes, 2))" : "\(minutes)") + ":" + rest
    }
}
