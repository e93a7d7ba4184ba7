/// A place in a picture where a face may be, while the networks narrow it down; in float32, as the originals have it.
struct FaceBox {
    var left: Float
    var top: Float
    var right: Float
    var bottom: Float
    var score: Float
    /// Offsets of the borders that a network gave, in widths and heights: left, top, right, bottom.
    var offsets: [Float] = [0, 0, 0, 0]
    /// The five points in pixels, all x before all y.
    var points: [Float] = []

    /// The borders moved by the offsets, of sizes that `extra` is added to.
    func moved(extra: Float) -> FaceBox {
        let (width, height) = (right - left + extra, bottom - top + extra)
        var moved = self
        moved.left += offsets[0] * width
        moved.top += offsets[1] * height
        moved.right += offsets[2] * width
        moved.bottom += offsets[3] * height
        return moved
    }

    /// The square around its middle with its longer side.
    var squared: FaceBox {
        let (width, height) = (right - left, bottom - top)
        let side = max(width, height)
        var square = self
        square.left += (width - side) / 2
        square.top += (height - side) / 2
        square.right = square.left + side
        square.bottom = square.top + side
        return square
    }

    /// The part of a picture that it covers; nil where there is none.
    func part(width: Int, height: Int) -> (columns: Range<Int>, rows: Range<Int>)? {
        // Borders count from 1; rounded towards 0, as the original does. Far outside is as good as just outside.
        func whole(_ border: Float) -> Int { Int(min(max(border, -1e6), 1e6)) }
        let (first, last) = (max(whole(left), 1) - 1, min(whole(right), width))
        let (upper, lower) = (max(whole(top), 1) - 1, min(whole(bottom), height))
        guard first < last, upper < lower else { return nil }
        return (first..<last, upper..<lower)
    }

    /// How the overlap of two boxes is measured.
    enum Overlap {
        /// Beside what they cover together.
        case union
        /// Beside the smaller one, in whole pixels.
        case smaller
    }

    private func overlap(_ other: FaceBox, _ measure: Overlap) -> Float {
        let extra: Float = measure == .smaller ? 1 : 0
        let width = max(0, min(right, other.right) - max(left, other.left) + extra)
        let height = max(0, min(bottom, other.bottom) - max(top, other.top) + extra)
        let (own, its) = (area(extra), other.area(extra))
        let shared = width * height
        return shared / (measure == .smaller ? min(own, its) : own + its - shared)
    }

    private func area(_ extra: Float) -> Float { (right - left + extra) * (bottom - top + extra) }

    /// The surest boxes, without those that overlap a surer one by more than a limit.
    static func distinct(_ boxes: [FaceBox], _ measure: Overlap = .union, limit: Float) -> [FaceBox] {
        var kept: [FaceBox] = []
        // Sorted by place where scores are equal, so that it does not matter how they came.
        let order = boxes.indices.sorted { (-boxes[$0].score, $0) < (-boxes[$1].score, $1) }
        for index in order where !kept.contains(where: { $0.overlap(boxes[index], measure) > limit }) {
            kept.append(boxes[index])
        }
        return kept
    }
}
