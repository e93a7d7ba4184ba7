import HeirloomMedia
import HeirloomRestoration
import HeirloomSignals
import Testing

@Suite struct ChromaMatrixTests {
    @Test(arguments: [1, 4, 5, 6, 7, 9] as [Int32])
    func lumaAndDifferencesStay(code: Int32) throws {
        let matrix = try #require(YCbCrMatrix(ColorInfo.Matrix(rawValue: code)))
        let change = ChromaMatrix(to: matrix)
        for (cb, cr) in [(0.1, -0.2), (-0.3, 0.25), (0.0, 0.4), (0.45, 0)] {
            let luma = 0.37
            // What the network means, relative to the luma it saw.
            let red = 1.402 * cr, blue = 1.772 * cb
            let green = -(0.299 * red + 0.114 * blue) / 0.587
            // What a player makes of the film's luma and the new chroma.
            let new = change(cb: cb, cr: cr)
            let r = luma + 2 * (1 - matrix.red) * new.cr
            let b = luma + 2 * (1 - matrix.blue) * new.cb
            let g = (luma - matrix.red * r - matrix.blue * b) / matrix.green
            #expect(abs((r - g) - (red - green)) < 1e-12 && abs((b - g) - (blue - green)) < 1e-12)
            #expect(abs(matrix.red * r + matrix.green * g + matrix.blue * b - luma) < 1e-12)
        }
    }

    @Test func bt601IsTheIdentity() {
        let rows = ChromaMatrix(to: .bt601).rows.flatMap { $0 }
        #expect(zip(rows, [1, 0, 0, 1]).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test(arguments: [0, 8, 10, 14] as [Int32])
    func otherMatricesAreNone(code: Int32) { #expect(YCbCrMatrix(ColorInfo.Matrix(rawValue: code)) == nil) }
}
