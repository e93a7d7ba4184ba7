import HeirloomTensors

/// Systems of equations with Hermitian matrices, in double precision; leading axes are batches.
extension Tensor {
    /// The conjugate transpose of the last two axes.
    var adjoint: Tensor { conjugate().swappingAxes(-1, -2) }

    /// The nearest Hermitian matrices.
    var hermitian: Tensor { (self + adjoint) * 0.5 }

    /// The mean of the diagonal of `[…, N, N]`, real: `[…, 1, 1]`.
    var meanDiagonal: Tensor {
        diagonal().real().mean(axes: [-1], keepingDimensions: true).unsqueezed(-1)
    }

    /// The matrices with a share of their mean diagonal added to the diagonal, and next to nothing where all is zero.
    func loaded(_ share: Double) -> Tensor {
        let size = shape[shape.count - 1]
        return self + (meanDiagonal * share + 1e-30) * Tensor.identity(size, dtype: .float64, device: device)
    }

    /// The solution x of `self · x = b` for positive semidefinite matrices `[…, N, N]` and `[…, N, M]`, complex128.
    ///
    /// By Cholesky's factors; where a matrix of the batch has none, by eigenvalues, those below 1e-8 of the largest left out.
    func hermitianSolve(_ b: Tensor) -> Tensor {
        let factored = try? recovering {
            let lower = cholesky()
            return lower.adjoint.solve(lower.solve(b))
        }
        if let factored, factored.viewedAsReal().isFinite().all().item() != 0 { return factored }
        let (values, vectors) = eigenHermitian()
        let largest = values.max(axes: [-1], keepingDimensions: true).clamped(to: 1e-30...)
        let kept = (values .> (largest * 1e-8)).to(dtype: .float64)
        let inverse = kept / values.maximum(largest * 1e-8)
        return vectors.matmul(inverse.unsqueezed(-1) * vectors.adjoint.matmul(b))
    }

    /// The nearest positive semidefinite matrices of Hermitian ones.
    func positiveSemidefinite() -> Tensor {
        let (values, vectors) = eigenHermitian()
        return (vectors * values.clamped(to: 0...).unsqueezed(-2)).matmul(vectors.adjoint)
    }

    /// |z|² of complex elements.
    var power: Tensor { viewedAsReal().squared().sum(axes: [-1]) }
}
