import HeirloomTensors

/// The projective map that takes four moved corners to the corners of the square from −1 to 1 (Heckbert 1989).
///
/// In closed form: solving the eight equations on a GPU would make the CPU wait.
struct CornerWarp {
    /// The matrix's rows, elements `[N, 1, 1]`.
    private let rows: [[Tensor]]

    /// Takes magnitudes `[4, N, 1, 1]`; 0 everywhere makes the identity.
    init(_ magnitudes: Tensor) {
        let m = (0..<4).map { magnitudes[$0] }
        let (top, bottom) = (m[3] + 1, m[2] + 1)
        let (left, right) = (m[1] + 1, m[0] + 1)
        // The corners in the order of the unit square's (0, 0), (1, 0), (1, 1), (0, 1).
        let x = [-top, top, bottom, -bottom]
        let y = [-left, -right, right, left]

        // The map of the unit square onto the corners …
        let (sumX, sumY) = (x[0] - x[1] + x[2] - x[3], y[0] - y[1] + y[2] - y[3])
        let (dx1, dx2) = (x[1] - x[2], x[3] - x[2])
        let (dy1, dy2) = (y[1] - y[2], y[3] - y[2])
        let determinant = dx1 * dy2 - dx2 * dy1
        let g = (sumX * dy2 - dx2 * sumY) / determinant
        let h = (dx1 * sumY - sumX * dy1) / determinant
        let (a, b, c) = (x[1] - x[0] + g * x[1], x[3] - x[0] + h * x[3], x[0])
        let (d, e, f) = (y[1] - y[0] + g * y[1], y[3] - y[0] + h * y[3], y[0])
        // … and its inverse up to a factor, which the division takes out.
        rows = [
            [e - f * h, c * h - b, b * f - c * e], [f * g - d, a - c * g, c * d - a * f],
            [d * h - e * g, b * g - a * h, a * e - b * d],
        ]
    }

    /// Where points go; coordinates broadcast against `[N, 1, 1]`.
    func callAsFunction(_ x: Tensor, _ y: Tensor) -> (x: Tensor, y: Tensor) {
        let image = rows.map { row in row[0] * x + row[1] * y + row[2] }
        return (image[0] / image[2] * 2 - 1, image[1] / image[2] * 2 - 1)
    }
}
