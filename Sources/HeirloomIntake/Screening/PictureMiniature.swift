import Foundation

/// A picture averaged to 32 × 32 pixels: all that the judgement of a picture looks at.
///
/// Averages hide grain and the colour noise of JPEG, which would otherwise count as colour.
struct PictureMiniature: Sendable {
    static let side = 32

    /// Red, green and blue, 0...255, rows from top to bottom.
    let pixels: [SIMD3<Float>]

    /// Averages a picture.
    ///
    /// - Parameter rgb: `[height, width, 3]`, 0...255.
    init(rgb: [UInt8], width: Int, height: Int) {
        let side = Self.side
        pixels = rgb.withUnsafeBufferPointer { rgb in
            (0..<side * side).map { cell in
                let (row, column) = (cell / side, cell % side)
                // At least one pixel a cell, so that pictures below 32 pixels work as well.
                let top = row * height / side
                let left = column * width / side
                let bottom = max(top + 1, (row + 1) * height / side)
                let right = max(left + 1, (column + 1) * width / side)
                var sum = SIMD3<Int>()
                for y in top..<bottom {
                    for x in left..<right {
                        let place = 3 * (y * width + x)
                        sum &+= SIMD3(Int(rgb[place]), Int(rgb[place + 1]), Int(rgb[place + 2]))
                    }
                }
                return SIMD3<Float>(sum) / Float((bottom - top) * (right - left))
            }
        }
    }
}
