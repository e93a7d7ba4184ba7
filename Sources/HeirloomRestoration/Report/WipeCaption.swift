import HeirloomMedia

/// A word in a lower corner of a ``WipeClip``, on a darkened ground; it fades where the line comes near.
struct WipeCaption {
    private let frameWidth: Int
    private let left: Int
    private let top: Int
    private let width: Int
    private let height: Int
    private let isLeft: Bool
    /// How much of each sample a letter covers, 0...1.
    private let coverage: [Float]

    /// A caption for frames of a size.
    init(_ word: String, width frameWidth: Int, height frameHeight: Int, isLeft: Bool) {
        let size = max(1, Int((Double(min(frameWidth, frameHeight)) / 200).rounded()))
        let pad = 3 * size
        let letters = (word.count * SheetLettering.advance - 1, 7)
        self.frameWidth = frameWidth
        self.isLeft = isLeft
        // Even places and sizes keep luma and chroma together.
        width = min((letters.0 * size + 2 * pad + 1) / 2 * 2, frameWidth)
        height = min((letters.1 * size + 2 * pad + 1) / 2 * 2, frameHeight)
        let margin = max(0, min(6 * size, (frameWidth - width) / 2, (frameHeight - height) / 2)) / 2 * 2
        left = isLeft ? margin : frameWidth - width - margin
        top = frameHeight - height - margin
        coverage = Self.coverage(word, size: size, pad: pad, width: width, height: height)
    }

    /// Draws the caption.
    func draw(on luma: inout [Float], _ chroma: inout [[Float]], lineAt line: Double) {
        let room = isLeft ? line - Double(left + width) : Double(left) - line
        let strength = Float(min(max(room / (Double(frameWidth) * 0.04), 0), 1))
        guard strength > 0 else { return }
        let ground = 1 - 0.55 * strength
        for row in 0..<height {
            for column in 0..<width {
                let place = (top + row) * frameWidth + left + column
                let ink = coverage[row * width + column] * strength
                luma[place] = luma[place] * ground * (1 - ink) + 0.94 * ink
            }
        }
        for row in 0..<height / 2 {
            for column in 0..<width / 2 {
                let place = (top / 2 + row) * (frameWidth / 2) + left / 2 + column
                for plane in chroma.indices { chroma[plane][place] *= ground }
            }
        }
    }

    /// The points of the letters, enlarged with round corners.
    private static func coverage(_ word: String, size: Int, pad: Int, width: Int, height: Int) -> [Float] {
        let (columns, rows) = (word.count * SheetLettering.advance + 1, SheetLettering.lineHeight + 1)
        var points = [Float](repeating: 0, count: columns * rows)
        SheetLettering.forEachPoint(of: word) { x, y in points[(y + 1) * columns + x + 1] = 1 }
        func point(_ x: Int, _ y: Int) -> Float {
            x >= 0 && y >= 0 && x < columns && y < rows ? points[y * columns + x] : 0
        }
        return (0..<width * height).map { place in
            let x = (Float(place % width - pad) + 0.5) / Float(size) + 0.5
            let y = (Float(place / width - pad) + 0.5) / Float(size) + 0.5
            let (column, row) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
            let (right, down) = (x - Float(column), y - Float(row))
            let above = point(column, row) * (1 - right) + point(column + 1, row) * right
            let below = point(column, row + 1) * (1 - right) + point(column + 1, row + 1) * right
            // Where more than half is ink, it is a letter: linear in between, with an edge as sharp as the size allows.
            return min(max((above * (1 - down) + below * down - 0.5) * Float(size) + 0.5, 0), 1)
        }
    }
}
