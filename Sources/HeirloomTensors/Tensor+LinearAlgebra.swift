import CTorch

/// Products and decompositions; matrices are the last two axes, leading axes are batches.
extension Tensor {
    /// Matrix product, broadcasting over leading axes.
    public func matmul(_ other: Tensor) -> Tensor {
        make("matmul", [self, other]) { ct_matmul(handle, other.handle, $0) }
    }
    /// Inverse of square matrices.
    public func inverse() -> Tensor { make("inverse", [self]) { ct_inverse(handle, $0) } }
    /// The solution of `self · x = other`.
    public func solve(_ other: Tensor) -> Tensor {
        make("solve", [self, other]) { ct_solve(handle, other.handle, $0) }
    }
    /// Lower triangular factor of positive definite matrices.
    public func cholesky() -> Tensor { make("cholesky", [self]) { ct_cholesky(handle, $0) } }
    /// Eigenvalues in ascending order and eigenvectors (as columns) of Hermitian matrices.
    public func eigenHermitian() -> (values: Tensor, vectors: Tensor) {
        let (values, vectors) = makePair("eigenHermitian", [self]) { ct_eigh(handle, $0, $1) }
        return (values, vectors)
    }
    /// Singular value decomposition `u · diag(s) · vh`, reduced.
    public func svd() -> (u: Tensor, s: Tensor, vh: Tensor) {
        guard !hasFailed else { return (.undefined, .undefined, .undefined) }
        var u = ct_tensor(raw: nil)
        var s = ct_tensor(raw: nil)
        var vh = ct_tensor(raw: nil)
        guard succeeded(ct_svd(handle, &u, &s, &vh), "svd", [self]) else {
            return (.undefined, .undefined, .undefined)
        }
        return (Tensor(owning: u), Tensor(owning: s), Tensor(owning: vh))
    }
    /// Sums of products in Einstein's notation, such as `bij,bjk->bik`.
    public static func einsum(_ equation: String, _ tensors: Tensor...) -> Tensor {
        make("einsum \(equation)", tensors) { out in
            tensors.withHandles { ct_einsum(equation, $0, $1, out) }
        }
    }
}

/// Fourier transforms; the inverse ones divide by the length.
extension Tensor {
    /// Complex transform along an axis, cut or zero-padded to `length`.
    public func fft(length: Int? = nil, axis: Int = -1) -> Tensor { fourier(CT_FFT, "fft", length, axis) }
    /// Inverse complex transform along an axis.
    public func inverseFFT(length: Int? = nil, axis: Int = -1) -> Tensor {
        fourier(CT_IFFT, "inverseFFT", length, axis)
    }
    /// Non-negative frequencies of a real signal along an axis: `length / 2 + 1` of them.
    public func realFFT(length: Int? = nil, axis: Int = -1) -> Tensor { fourier(CT_RFFT, "realFFT", length, axis) }
    /// The real signal of ``realFFT(length:axis:)``.
    public func inverseRealFFT(length: Int? = nil, axis: Int = -1) -> Tensor {
        fourier(CT_IRFFT, "inverseRealFFT", length, axis)
    }
    /// Non-negative frequencies of real pictures, over the last two axes: `[…, H, W]` → `[…, H, W / 2 + 1]`.
    public func realFFT2() -> Tensor { make("realFFT2", [self]) { ct_fft2(Int32(CT_RFFT), handle, 0, 0, $0) } }
    /// The real pictures of ``realFFT2()``.
    public func inverseRealFFT2(height: Int, width: Int) -> Tensor {
        make("inverseRealFFT2", [self]) { ct_fft2(Int32(CT_IRFFT), handle, Int64(height), Int64(width), $0) }
    }
    /// Short-time Fourier transform, window and hop in samples; `center` mirrors half a window at both ends.
    /// - Shape: `[N, L]` → complex `[N, n / 2 + 1, frames]`.
    public func stft(_ n: Int, hop: Int, window: Tensor, center: Bool = true) -> Tensor {
        make("stft", [self, window]) { ct_stft(handle, Int64(n), Int64(hop), window.handle, center, $0) }
    }
    /// The inverse of ``stft(_:hop:window:center:)``, cut to `length` samples.
    public func inverseSTFT(_ n: Int, hop: Int, window: Tensor, center: Bool = true, length: Int) -> Tensor {
        make("inverseSTFT", [self, window]) {
            ct_istft(handle, Int64(n), Int64(hop), window.handle, center, Int64(length), $0)
        }
    }
    private func fourier(_ kind: Int, _ name: StaticString, _ length: Int?, _ axis: Int) -> Tensor {
        make("\(name)", [self]) { ct_fft(Int32(kind), handle, Int64(length ?? 0), Int64(axis), $0) }
    }
}
