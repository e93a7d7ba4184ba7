import HeirloomMedia

/// Draws a report: every recording on the common timeline, what was used of it, and the result.
struct ReportPicture {
    /// One recording's curve and its place.
    struct Row {
        /// What stands above it.
        var title: String
        /// The largest magnitude in each step of its own time.
        var peaks: [Float]
        /// Seconds of a step.
        var step: Double
        /// From its own seconds to the timeline's; nil where it lost its place.
        var place: (Double) -> Double?
        /// Its colour.
        var color: SIMD3<UInt8>
        /// Places on the timeline that are marked.
        var marks: [Double] = []
    }

    static let used = SIMD3<UInt8>(40, 96, 176)
    static let placed = SIMD3<UInt8>(140, 140, 140)
    static let leftOut = SIMD3<UInt8>(214, 120, 110)
    static let result = SIMD3<UInt8>(30, 130, 60)
    private static let ink = SIMD3<UInt8>(40, 40, 40)
    private static let line = SIMD3<UInt8>(225, 225, 225)
    private static let mark = SIMD3<UInt8>(220, 30, 30)
    private static let width = 1200, margin = 16, captionHeight = 22, curveHeight = 64, axisHeight = 30

    /// What is drawn, from top to bottom.
    let rows: [Row]
    /// The timeline that is shown, in seconds.
    let span: ClosedRange<Double>

    /// The picture.
    func draw() -> StillImage {
        let rowHeight = Self.captionHeight + Self.curveHeight
        let height = 2 * Self.margin + rows.count * rowHeight + Self.axisHeight
        var canvas = SheetCanvas(width: Self.width, height: height, background: 255)
        drawAxis(on: &canvas, top: Self.margin, bottom: height - Self.margin - Self.axisHeight)
        for (index, row) in rows.enumerated() {
            draw(row, on: &canvas, top: Self.margin + index * rowHeight)
        }
        return StillImage(width: Self.width, height: height, channels: .rgb, depth: .eight, pixels: canvas.pixels)
    }

    private func draw(_ row: Row, on canvas: inout SheetCanvas, top: Int) {
        let letters = (Self.width - 2 * Self.margin) / SheetLettering.advance / 2 * 2
        canvas.write(
            SheetLettering.shortened(row.title, to: letters), size: 1, left: Self.margin, top: top + 8,
            color: Self.ink)
        let curveTop = top + Self.captionHeight
        let peaks = columns(of: row)
        let loudest = max(peaks.max() ?? 0, 1e-6)
        for (column, peak) in peaks.enumerated() where peak >= 0 {
            let half = Int(Float(Self.curveHeight / 2 - 2) * peak / loudest)
            canvas.fill(
                row.color, left: Self.margin + column, top: curveTop + Self.curveHeight / 2 - half, width: 1,
                height: 2 * half + 1)
        }
        for mark in row.marks where span.contains(mark) {
            canvas.fill(Self.mark, left: column(at: mark) - 1, top: curveTop, width: 2, height: Self.curveHeight)
        }
    }

    /// The curve over the columns of the picture; −1 where there is nothing.
    private func columns(of row: Row) -> [Float] {
        var result = [Float](repeating: -1, count: Self.width - 2 * Self.margin)
        for (index, peak) in row.peaks.enumerated() {
            guard let start = row.place(Double(index) * row.step),
                let end = row.place(Double(index + 1) * row.step), end >= span.lowerBound, start <= span.upperBound
            else { continue }
            let first = max(0, column(at: start) - Self.margin)
            let last = min(result.count - 1, column(at: end) - Self.margin)
            guard first <= last else { continue }
            for column in first...last { result[column] = max(result[column], peak) }
        }
        return result
    }

    private func column(at time: Double) -> Int {
        let length = max(span.upperBound - span.lowerBound, 1e-3)
        let share = (time - span.lowerBound) / length
        return Self.margin + Int((min(max(share, -1), 2) * Double(Self.width - 2 * Self.margin - 1)).rounded())
    }

    private func drawAxis(on canvas: inout SheetCanvas, top: Int, bottom: Int) {
        let length = max(span.upperBound - span.lowerBound, 1e-3)
        let steps = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200]
        let step = steps.first { length / $0 <= 12 } ?? 14400
        var time = (span.lowerBound / step).rounded(.up) * step
        while time <= span.upperBound {
            let place = column(at: time)
            canvas.fill(Self.line, left: place, top: top, width: 1, height: bottom - top)
            let sign = time < 0 ? "-" : ""
            canvas.write(
                sign + CleanReport.clock(abs(time)), size: 1, left: place + 3, top: bottom + 8, color: Self.ink)
            time += step
        }
    }
}
