/// Where a frame sees the scene of the reference: what is at p in the reference is at p + shift(p) in the frame.
///
/// The shift is constant, or changes evenly over the picture (a turn, a zoom). Positions are pixels from the centre.
public struct BurstMotion: Sendable, Hashable {
    /// How far down at the centre, in pixels.
    public var down: Double
    /// How far right at the centre, in pixels.
    public var right: Double
    /// Change of the shift per pixel: of `down` per row and per column, of `right` per row and per column. Zeros where
    /// the frame only moved.
    public var slopes = [0.0, 0, 0, 0]
    /// Brightness of the frame is gain · that of the reference + offset.
    public var gain = 1.0
    /// See ``gain``; a share of white.
    public var offset = 0.0
    /// How well the registered frame correlates with the reference, in −1...1.
    public var correlation = 1.0

    /// A motion without turn or zoom.
    public init(down: Double = 0, right: Double = 0) {
        self.down = down
        self.right = right
    }

    /// Whether the frame only moved.
    public var isShift: Bool { slopes.allSatisfy { $0 == 0 } }

    /// The shift at a place, rows and columns counted from the picture's centre.
    public func shift(row: Double, column: Double) -> (down: Double, right: Double) {
        (down + slopes[0] * row + slopes[1] * column, right + slopes[2] * row + slopes[3] * column)
    }

    /// By how many pixels the shift in the corners differs from that at the centre.
    func cornerDeviation(height: Int, width: Int) -> Double {
        let (y, x) = (Double(height - 1) / 2, Double(width - 1) / 2)
        let down = abs(slopes[0]) * y + abs(slopes[1]) * x
        let right = abs(slopes[2]) * y + abs(slopes[3]) * x
        return (down * down + right * right).squareRoot()
    }

    /// The motion back: from a place in the frame to the place in the reference that shows the same.
    var inverted: BurstMotion {
        let (a, b, c, d) = (1 + slopes[0], slopes[1], slopes[2], 1 + slopes[3])
        let determinant = a * d - b * c
        let inverse = [d / determinant, -b / determinant, -c / determinant, a / determinant]
        var result = BurstMotion(
            down: -(inverse[0] * down + inverse[1] * right), right: -(inverse[2] * down + inverse[3] * right))
        result.slopes = [inverse[0] - 1, inverse[1], inverse[2], inverse[3] - 1]
        return result
    }
}
