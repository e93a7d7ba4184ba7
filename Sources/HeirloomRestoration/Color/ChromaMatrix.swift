public import HeirloomMedia
public import HeirloomSignals

extension YCbCrMatrix {
    /// The weights of a film's matrix by its H.273 code; nil where it is not one of luma and two colour differences.
    public init?(_ matrix: ColorInfo.Matrix) {
        switch matrix.rawValue {
        case 1: self = .bt709
        case 4: self = YCbCrMatrix(red: 0.3, blue: 0.11)  // FCC 1953
        case 5, 6: self = .bt601
        case 7: self = YCbCrMatrix(red: 0.212, blue: 0.087)  // SMPTE 240M
        case 9: self = .bt2020
        default: return nil
        }
    }
}

/// Colour differences of BT.601 turned into those of another matrix, for the same luma.
///
/// The colour network gives Cb and Cr of BT.601 relative to the luma it is shown. In a film of another matrix the same
/// luma code stands for other weights, so one shift is taken off red, green and blue alike: the luma of the film stays
/// exactly what it was, and the differences between the three stay what the network gave.
public struct ChromaMatrix: Sendable, Equatable {
    /// Row by row: `Cb' = rows[0][0] Cb + rows[0][1] Cr`, `Cr' = rows[1][0] Cb + rows[1][1] Cr`.
    public let rows: [[Double]]

    /// The change from BT.601 to the given weights.
    public init(to target: YCbCrMatrix) {
        let source = YCbCrMatrix.bt601
        // What Cb = 1 and Cr = 1 become.
        let columns = [(cb: 1.0, cr: 0.0), (cb: 0.0, cr: 1.0)].map { unit in
            let red = 2 * (1 - source.red) * unit.cr
            let blue = 2 * (1 - source.blue) * unit.cb
            let green = -(source.red * red + source.blue * blue) / source.green
            let shift = target.red * red + target.green * green + target.blue * blue
            return [(blue - shift) / (2 * (1 - target.blue)), (red - shift) / (2 * (1 - target.red))]
        }
        rows = [[columns[0][0], columns[1][0]], [columns[0][1], columns[1][1]]]
    }

    /// The converted pair.
    public func callAsFunction(cb: Double, cr: Double) -> (cb: Double, cr: Double) {
        (rows[0][0] * cb + rows[0][1] * cr, rows[1][0] * cb + rows[1][1] * cr)
    }
}
