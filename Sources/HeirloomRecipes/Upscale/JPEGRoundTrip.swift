import Foundation
public import HeirloomTensors

/// What JPEG compression leaves of a picture, computed on the device: colour at half resolution, blocks of 8 × 8, rounded
/// cosine coefficients.
///
/// As in the published training programs the table for luma is transposed; libjpeg's results differ a little besides.
public struct JPEGRoundTrip {
    private let cosines: Tensor
    private let lumaTable: Tensor
    private let chromaTable: Tensor
    private let toYCC: Tensor

    /// Prepares the tables.
    public init(device: Device = .cpu) {
        let cosines = (0..<64).map { index in
            let (k, n) = (Double(index / 8), Double(index % 8))
            return cos((2 * n + 1) * k * .pi / 16) * (k == 0 ? 0.5 / 2.0.squareRoot() : 0.5)
        }
        func placed(_ numbers: [Double], _ shape: [Int]) -> Tensor { Tensor(numbers, shape: shape).to(device: device) }
        self.cosines = placed(cosines, [8, 8])
        lumaTable = placed(Self.luma, [8, 8]).swappingAxes(0, 1)
        chromaTable = placed(Self.chroma, [8, 8])
        toYCC = placed(
            [0.299, 0.587, 0.114, -0.168736, -0.331264, 0.5, 0.5, -0.418688, -0.081312], [3, 3, 1, 1])
    }

    /// The pictures after compression.
    ///
    /// - Shape: `[N, 3, H, W]`, RGB 0...1 → the same, float32.
    /// - Parameter quality: of each picture, or of all; 1...100, fractions allowed.
    public func callAsFunction(_ pictures: Tensor, quality: [Double]) -> Tensor {
        guard pictures.isDefined else { return pictures }
        let shape = pictures.shape
        precondition(
            shape.count == 4 && shape[1] == 3 && (quality.count == 1 || quality.count == shape[0]),
            "JPEG of \(pictures.summary) at \(quality.count) qualities")
        // At quality 100 libjpeg's tables are all ones; here steps become too fine to matter, but not zero.
        let factors = quality.map { max(($0 < 50 ? 5000 / max($0, 1) : 200 - 2 * $0) / 100, 0.01) }
        let factor = Tensor(factors, shape: [factors.count, 1, 1, 1, 1], device: pictures.device)
        // Double precision: coefficients next to a half are rounded as the reference rounds them.
        let padded =
            pictures.padded([0, (16 - shape[3] % 16) % 16, 0, (16 - shape[2] % 16) % 16])
            .to(dtype: .float64) * 255
        let planes = padded.conv2d(toYCC)
        let luma = quantized(planes.sliced(axis: 1, from: 0, to: 1), lumaTable * factor)
        let halved = planes.sliced(axis: 1, from: 1).meanPooled(kernel: 2, stride: 2) + 128
        let chroma = (0..<2).map { index in
            quantized(halved.sliced(axis: 1, from: index, to: index + 1), chromaTable * factor)
                .repeatedElements(2, axis: 2).repeatedElements(2, axis: 3) - 128
        }
        let rgb = [
            luma + chroma[1] * 1.402, luma - chroma[0] * 0.344136 - chroma[1] * 0.714136, luma + chroma[0] * 1.772,
        ]
        return (concatenated(rgb, axis: 1).clamped(to: 0...255) / 255)
            .sliced(axis: 2, from: 0, to: shape[2]).sliced(axis: 3, from: 0, to: shape[3]).to(dtype: .float32)
    }

    /// One plane `[N, 1, H, W]` through its rounded coefficients; steps `[N or 1, 1, 1, 8, 8]`.
    private func quantized(_ plane: Tensor, _ steps: Tensor) -> Tensor {
        let shape = plane.shape
        let blocks = plane.reshaped([shape[0], shape[2] / 8, 8, shape[3] / 8, 8]).swappingAxes(2, 3) - 128
        let inverse = cosines.swappingAxes(0, 1)
        let coefficients = (cosines.matmul(blocks).matmul(inverse) / steps).rounded() * steps
        return (inverse.matmul(coefficients).matmul(cosines) + 128).swappingAxes(2, 3).reshaped(shape)
    }

    /// Annex K of the standard.
    private static let luma: [Double] = [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29,
        51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121,
        120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ]
    private static let chroma: [Double] = {
        var table = [Double](repeating: 99, count: 64)
        for (row, values) in [[17.0, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]].enumerated() {
            for (column, value) in values.enumerated() { table[row * 8 + column] = value }
        }
        return table
    }()
}
