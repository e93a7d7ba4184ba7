import Foundation
public import HeirloomTensors

/// What JPEG compression leaves of a picture, computed on the device: colour at half resolution, blocks of 8 × 8, rounded
/// cosine coefficients.
///
/// Unless asked otherwise as in the published training programs: the table for luma is transposed, and black lies beyond the
/// border. Not bit for bit what libjpeg does.
public struct JPEGRoundTrip {
    private let dtype: DType
    private let isPublished: Bool
    private let cosines: Tensor
    private let lumaTable: Tensor
    private let chromaTable: Tensor
    private let toYCC: Tensor

    /// Prepares the tables.
    /// - Parameters:
    ///   - precision: float64 rounds coefficients next to a half as the published programs do; float32 is faster, and all
    ///     that some devices have.
    ///   - published: Whether table and border are those of the published programs, or as in libjpeg: the standard's table,
    ///     the last pixels repeated.
    public init(device: Device = .cpu, precision: DType = .float64, published: Bool = true) {
        dtype = precision
        isPublished = published
        let cosines = (0..<64).map { index in
            let (k, n) = (Double(index / 8), Double(index % 8))
            return cos((2 * n + 1) * k * .pi / 16) * (k == 0 ? 0.5 / 2.0.squareRoot() : 0.5)
        }
        func placed(_ numbers: [Double], _ shape: [Int]) -> Tensor {
            Tensor(numbers, shape: shape).to(dtype: precision, device: device)
        }
        self.cosines = placed(cosines, [8, 8])
        let table = placed(Self.luma, [8, 8])
        lumaTable = published ? table.swappingAxes(0, 1) : table
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
        precondition(
            quality.count == 1 || quality.count == pictures.shape[0],
            "JPEG of \(pictures.summary) at \(quality.count) qualities")
        return self(pictures, quality: Tensor(quality, device: pictures.device))
    }

    /// The pictures after compression at qualities that lie on their device.
    ///
    /// - Shape: `[N, 3, H, W]`, RGB 0...1 → the same, float32.
    /// - Parameter quality: `[N]` or `[1]`; 1...100.
    public func callAsFunction(_ pictures: Tensor, quality: Tensor) -> Tensor {
        guard pictures.isDefined else { return pictures }
        let shape = pictures.shape
        precondition(shape.count == 4 && shape[1] == 3, "JPEG of \(pictures.summary): expected [N, 3, H, W]")
        let factor = factor(quality)
        let padded = padded(pictures, to: 16)
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

    /// Grey pictures after compression.
    ///
    /// - Shape: `[N, 1, H, W]`, 0...1 → the same, float32.
    /// - Parameter quality: `[N]` or `[1]`; 1...100.
    public func grey(_ pictures: Tensor, quality: Tensor) -> Tensor {
        guard pictures.isDefined else { return pictures }
        let shape = pictures.shape
        precondition(shape.count == 4 && shape[1] == 1, "JPEG of \(pictures.summary): expected [N, 1, H, W]")
        let plane = quantized(padded(pictures, to: 8), lumaTable * factor(quality))
        return (plane.clamped(to: 0...255) / 255)
            .sliced(axis: 2, from: 0, to: shape[2]).sliced(axis: 3, from: 0, to: shape[3]).to(dtype: .float32)
    }

    /// What the tables are multiplied with, `[N or 1, 1, 1, 1, 1]`.
    private func factor(_ quality: Tensor) -> Tensor {
        let q = quality.to(dtype: dtype).clamped(to: 1...)
        // At quality 100 libjpeg's tables are all ones; here steps become too fine to matter, but not zero.
        return (`where`(q .< 50, 5000 / q, 200 - q * 2) / 100).clamped(to: 0.01...).reshaped([-1, 1, 1, 1, 1])
    }

    /// Whole blocks, in 0...255.
    private func padded(_ pictures: Tensor, to multiple: Int) -> Tensor {
        let margins = [3, 2].flatMap { [0, (multiple - pictures.shape[$0] % multiple) % multiple] }
        return pictures.padded(margins, mode: isPublished ? .constant(0) : .replicate).to(dtype: dtype) * 255
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
