import HeirloomTensors

/// The arithmetic of PyTorch's legacy `spectral_norm`, for weights of any rank with outputs first.
enum SpectralNorm {
    /// The weight divided by `left · W · right`. Gradients flow through the weight and through that number, not through the
    /// vectors.
    static func divided(_ weight: Tensor, left: Tensor, right: Tensor) -> Tensor {
        // Copies: the next power iteration writes into the vectors that a recorded pass still needs.
        let (u, v) = (left.copied(), right.copied())
        let sigma = (u * weight.flattened(from: 1).matmul(v)).sum()
        return weight / sigma
    }

    /// One power iteration, in place and without gradients.
    static func iterate(_ weight: Tensor, left: Tensor, right: Tensor) {
        withoutGradients {
            let matrix = weight.detached().flattened(from: 1)
            right.copy(from: unit(matrix.swappingAxes(0, 1).matmul(left)))
            left.copy(from: unit(matrix.matmul(right)))
        }
    }

    /// First vectors for a weight of a shape: random directions.
    static func vectors(_ shape: [Int], using generator: Generator?) -> (left: Tensor, right: Tensor) {
        func vector(_ count: Int) -> Tensor {
            unit(Initializer.normal(standardDeviation: 1)([count], using: generator))
        }
        return (vector(shape[0]), vector(shape[1...].reduce(1, *)))
    }

    private static func unit(_ vector: Tensor) -> Tensor { vector / vector.norm().clamped(to: 1e-12...) }
}
