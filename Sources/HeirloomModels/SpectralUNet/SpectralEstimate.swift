public import HeirloomTensors

/// What a ``SpectralUNet`` says of a recording's spectra.
public struct SpectralEstimate {
    /// The clean sound's compressed spectra `[N, 2, 256, T]`.
    public let spectrum: Tensor
    /// Whether a bin is mostly noise, as a logit: `[N, 256, T]`.
    public let noise: Tensor
    /// Whether a bin is mostly speech, as a logit: `[N, 256, T]`.
    public let presence: Tensor

    /// Puts the heads' outputs to use.
    ///
    /// The complex mask turns phases and goes up to a magnitude of 2; what the input has lost comes from the residual,
    /// as far as speech is thought to be there.
    /// - Parameters:
    ///   - outputs: `[N, 6, 256, T]`: mask, residual (real and imaginary parts), noise, presence.
    ///   - input: The input's compressed spectra `[N, 2, 256, T]`.
    init(_ outputs: Tensor, of input: Tensor) {
        func plane(_ index: Int) -> Tensor { outputs.sliced(axis: 1, from: index, to: index + 1) }
        let (re, im) = (plane(0), plane(1))
        let length = (re.squared() + im.squared() + 1e-8).sqrt()
        let scale = length.tanh() * 2 / length
        let (maskRe, maskIm) = (re * scale, im * scale)
        let (x, y) = (input.sliced(axis: 1, from: 0, to: 1), input.sliced(axis: 1, from: 1, to: 2))
        let masked = concatenated([maskRe * x - maskIm * y, maskRe * y + maskIm * x], axis: 1)
        spectrum = masked + plane(5).sigmoid() * outputs.sliced(axis: 1, from: 2, to: 4)
        noise = outputs.selected(axis: 1, index: 4)
        presence = outputs.selected(axis: 1, index: 5)
    }

    /// All of it in one tensor: `[N, 4, 256, T]`, spectrum, noise, presence.
    public var packed: Tensor { concatenated([spectrum, noise.unsqueezed(1), presence.unsqueezed(1)], axis: 1) }

    /// What ``packed`` holds.
    /// - Precondition: It is `[N, 4, 256, T]`.
    public init(packed: Tensor) {
        precondition(packed.rank == 4 && packed.shape[1] == 4, "a packed estimate of \(packed.summary)")
        spectrum = packed.sliced(axis: 1, from: 0, to: 2)
        noise = packed.selected(axis: 1, index: 2)
        presence = packed.selected(axis: 1, index: 3)
    }
}
