import Foundation
import HeirloomMedia

/// What colour there is in one frame, measured on means of 32 × 24 cells: grain and the noise of a tape's colours are
/// averaged away, a coloured thing is not.
struct FrameTone: Equatable {
    /// Columns and rows of cells.
    private static let grid = (columns: 32, rows: 24)
    /// Codes of luma, of 255, between which a cell can bear colour.
    private static let bearing = 28.0...232.0
    /// Cells that must bear colour before anything is said of a frame.
    private static let fewest = 40

    /// The distance from grey that 19 of 20 cells stay below, in codes of 8 bits.
    let strength: Double
    /// The same after what follows from luma alone is taken off: a toned picture has next to nothing left.
    let variety: Double
    /// The mean of Cb.
    let blue: Double
    /// The mean of Cr.
    let red: Double

    init(strength: Double, variety: Double, blue: Double, red: Double) {
        self.strength = strength
        self.variety = variety
        self.blue = blue
        self.red = red
    }

    /// Measures a frame of luma and two colour differences; nil where it is too dark or too bright to tell.
    init?(_ frame: VideoFrame) {
        guard frame.planes.count >= 3 else {
            self.init(strength: 0, variety: 0, blue: 0, red: 0)
            return
        }
        let scale = 1 / Double(1 << (frame.pixelFormat.bitDepth - 8))
        let cells = frame.planes.prefix(3).map { Self.cells($0, wide: frame.pixelFormat.bytesPerSample == 2, scale) }
        let kept = cells[0].indices.filter { Self.bearing.contains(cells[0][$0]) }
        guard kept.count >= Self.fewest else { return nil }
        let luma = kept.map { cells[0][$0] / 255 }
        let (blue, red) = (kept.map { cells[1][$0] - 128 }, kept.map { cells[2][$0] - 128 })
        let (blueRest, redRest) = (Self.rest(blue, after: luma), Self.rest(red, after: luma))
        self.init(
            strength: Self.most(zip(blue, red).map { hypot($0, $1) }),
            variety: Self.most(zip(blueRest, redRest).map { hypot($0, $1) }),
            blue: blue.reduce(0, +) / Double(kept.count), red: red.reduce(0, +) / Double(kept.count))
    }

    /// Means of cells, in codes of 8 bits.
    private static func cells(_ plane: VideoFrame.Plane, wide: Bool, _ scale: Double) -> [Double] {
        var sums = [Double](repeating: 0, count: grid.columns * grid.rows)
        var counts = sums
        // A few samples of each cell tell as much as all of a large picture.
        let (right, down) = (max(1, plane.width / 320), max(1, plane.height / 240))
        plane.bytes.withUnsafeBytes { bytes in
            for y in stride(from: 0, to: plane.height, by: down) {
                let row = y * grid.rows / plane.height * grid.columns
                let line = y * plane.bytesPerRow
                for x in stride(from: 0, to: plane.width, by: right) {
                    let value =
                        wide ? Int(bytes[line + 2 * x]) | Int(bytes[line + 2 * x + 1]) << 8 : Int(bytes[line + x])
                    let cell = row + x * grid.columns / plane.width
                    sums[cell] += Double(value)
                    counts[cell] += 1
                }
            }
        }
        // A plane smaller than the grid leaves cells empty; they count as black.
        return zip(sums, counts).map { $1 > 0 ? $0 / $1 * scale : 0 }
    }

    /// What of some numbers does not follow from luma as a parabola, fitted by least squares.
    private static func rest(_ values: [Double], after luma: [Double]) -> [Double] {
        var rows = [[Double]](repeating: [0, 0, 0, 0], count: 3)
        for (value, y) in zip(values, luma) {
            let powers = [1, y, y * y]
            for i in 0..<3 {
                for j in 0..<3 { rows[i][j] += powers[i] * powers[j] }
                rows[i][3] += powers[i] * value
            }
        }
        // A little towards no slope, for pictures of one brightness.
        for i in 1..<3 { rows[i][i] += 1e-3 * Double(values.count) }
        for pivot in 0..<3 {
            for i in 0..<3 where i != pivot {
                let factor = rows[i][pivot] / rows[pivot][pivot]
                for j in pivot..<4 { rows[i][j] -= factor * rows[pivot][j] }
            }
        }
        let fit = (0..<3).map { rows[$0][3] / rows[$0][$0] }
        return zip(values, luma).map { $0 - fit[0] - fit[1] * $1 - fit[2] * $1 * $1 }
    }

    private static func most(_ values: [Double]) -> Double {
        values.sorted()[min(values.count - 1, values.count * 19 / 20)]
    }
}
