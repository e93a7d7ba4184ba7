import HeirloomTensors

/// The products z·zᴴ of many vectors as rows of real numbers: quadratic forms and weighted sums of products become plain
/// matrix products, several times as fast as complex ones of these small sizes.
struct HermitianProducts {
    /// `[n, K, T]`: the real parts of z̄ₐ·z_b for a ≤ b, then the imaginary parts for a < b.
    private let rows: Tensor
    private let channels: Int
    private let pairs: [(Int, Int)]

    /// Multiplies vectors: complex64 `[n, D, T]`.
    init(_ z: Tensor) {
        channels = z.shape[1]
        let channels = channels
        pairs =
            (0..<channels).map { ($0, $0) }
            + (0..<channels).flatMap { a in ((a + 1)..<max(a + 1, channels)).map { (a, $0) } }
        let (re, im) = (z.real().contiguous(), z.imaginary().contiguous())
        func picked(_ x: Tensor, _ list: [Int]) -> Tensor { x.gatheredRows(axis: 1, Tensor(list.map(Int64.init))) }
        let (first, second) = (pairs.map(\.0), pairs.map(\.1))
        let real = picked(re, first) * picked(re, second) + picked(im, first) * picked(im, second)
        guard channels > 1 else {
            rows = real
            return
        }
        let (left, right) = (Array(first.dropFirst(channels)), Array(second.dropFirst(channels)))
        let imaginary = picked(re, left) * picked(im, right) - picked(im, left) * picked(re, right)
        rows = concatenated([real, imaginary], axis: 1)
    }

    /// Σ w·z·zᴴ for each row of weights `[n, K, T]`: complex128 `[n, K, D, D]`.
    func weighted(_ weights: Tensor) -> Tensor {
        let sums = weights.matmul(rows.swappingAxes(1, 2)).to(dtype: .float64)
        let (real, imaginary) = maps { a, b, isImaginary in
            // zₐ·z̄_b is the conjugate of the product that is kept.
            isImaginary ? [(a, b, -1), (b, a, 1)] : a == b ? [(a, b, 1)] : [(a, b, 1), (b, a, 1)]
        }
        let shape = weights.shape
        return stacked([sums.matmul(real), sums.matmul(imaginary)], axis: 3)
            .reshaped([shape[0], shape[1], channels, channels, 2]).viewedAsComplex()
    }

    /// zᴴ·M·z for Hermitian matrices, complex128 `[n, K, D, D]`: float32 `[n, K, T]`.
    func quadratic(_ matrices: Tensor) -> Tensor {
        let shape = matrices.shape
        let (real, imaginary) = maps { a, b, isImaginary in
            isImaginary ? [(a, b, -2)] : [(a, b, a == b ? 1 : 2)]
        }
        let flat = [shape[0], shape[1], channels * channels]
        let coefficients =
            matrices.real().reshaped(flat).matmul(real.swappingAxes(0, 1))
            + matrices.imaginary().reshaped(flat).matmul(imaginary.swappingAxes(0, 1))
        return coefficients.to(dtype: .float32).matmul(rows)
    }

    /// Two matrices `[K, D²]` that lead from rows to the real and the imaginary parts of matrices.
    private func maps(_ entries: (Int, Int, Bool) -> [(Int, Int, Double)]) -> (Tensor, Tensor) {
        let (count, size) = (rows.shape[1], channels * channels)
        var parts = [[Double]](repeating: [Double](repeating: 0, count: count * size), count: 2)
        for row in 0..<count {
            let isImaginary = row >= pairs.count
            let (a, b) = pairs[isImaginary ? row - pairs.count + channels : row]
            for (p, q, value) in entries(a, b, isImaginary) {
                parts[isImaginary ? 1 : 0][row * size + p * channels + q] = value
            }
        }
        return (Tensor(parts[0], shape: [count, size]), Tensor(parts[1], shape: [count, size]))
    }
}
