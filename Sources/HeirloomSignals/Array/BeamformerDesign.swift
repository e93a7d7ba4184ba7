import HeirloomTensors

/// Computes the weights of a filter from covariances, with the safeguards that keep it from amplifying what it does not know.
struct BeamformerDesign {
    let kind: SpatialOptions.Beamformer
    let loading: Double
    /// The largest magnitude of a weight, 20 dB, before the loading is raised.
    let limit = 10.0

    /// The weights w of `wᴴy`: complex128 `[F, D]`, zero for channels that are not in the set.
    ///
    /// - Parameters:
    ///   - speech: complex128 `[F, D, D]`.
    ///   - noise: the same.
    ///   - channels: those to use, in ascending order.
    ///   - reference: the channel whose speech the result has. It may be missing from `channels`: its speech is then
    ///     estimated from the others, at the level that it has.
    func weights(speech: Tensor, noise: Tensor, channels: [Int], reference: Int) -> Tensor {
        let (bins, count) = (speech.shape[0], speech.shape[1])
        guard !channels.isEmpty else { return .zeros([bins, count], dtype: .complex128) }
        let inside = square(speech, channels)
        let target = speech.selected(axis: 2, index: reference).unsqueezed(2)
            .gatheredRows(axis: 1, Tensor(channels.map(Int64.init)))  // [F, S, 1]
        var weights: Tensor
        if channels.count == 1 {
            weights = .ones([bins, 1], dtype: .complex128)
        } else {
            weights = solved(
                noise: square(noise, channels), speech: inside, target: target,
                place: channels.firstIndex(of: reference))
        }
        if !channels.contains(reference) {
            // Where channels hardly agree the estimate shrinks to nothing: it gets the speech's level back, up to 12 dB.
            let wanted = speech.diagonal().real().selected(axis: 1, index: reference)
            let had = weights.unsqueezed(1).conjugate().matmul(inside).matmul(weights.unsqueezed(2)).real()
                .reshaped([bins])
            let gain = (wanted / had.clamped(to: 1e-30...)).sqrt().clamped(to: 0...4)
            weights = weights * gain.unsqueezed(1)
        }
        return spread(weights, channels, count)
    }

    private func solved(noise: Tensor, speech: Tensor, target: Tensor, place: Int?) -> Tensor {
        var result = attempt(noise: noise, speech: speech, target: target, place: place, loading: loading)
        var load = loading * 10
        while load <= 0.1 {
            let excess = (result.abs().max(axes: [1], keepingDimensions: true) .> limit)
            guard excess.any().item() != 0 else { break }
            let calmer = attempt(noise: noise, speech: speech, target: target, place: place, loading: load)
            result = `where`(excess, calmer, result)
            load *= 10
        }
        return result
    }

    /// The weights with a given loading: `[F, S]`.
    private func attempt(noise: Tensor, speech: Tensor, target: Tensor, place: Int?, loading: Double) -> Tensor {
        let load = noise.loaded(loading) / (1 + loading)
        let both = load.hermitianSolve(concatenated([speech, target], axis: 2))
        let channels = speech.shape[1]
        let ratio = both.sliced(axis: 2, from: 0, to: channels)
        let trace = ratio.diagonal().real().sum(axes: [1], keepingDimensions: true).clamped(to: 1e-20...)
        let column = both.selected(axis: 2, index: channels)
        switch kind {
        case .mvdr: return column / trace
        case .wiener: return column / (trace + 1)
        case .eigenvector: return eigenvector(load, speech, place: place)
        }
    }

    /// The principal generalised eigenvector with blind analytic normalisation, turned to the phase of the reference.
    private func eigenvector(_ noise: Tensor, _ speech: Tensor, place: Int?) -> Tensor {
        let (values, vectors) = noise.eigenHermitian()
        let largest = values.max(axes: [1], keepingDimensions: true)
        // rootᴴ · noise · root is the identity.
        let root = vectors * values.maximum(largest * 1e-8).clamped(to: 1e-30...).rsqrt().unsqueezed(1)
        let inner = root.adjoint.matmul(speech).matmul(root).hermitian
        let top = inner.eigenHermitian().vectors.selected(axis: 2, index: speech.shape[1] - 1)
        let raw = root.matmul(top.unsqueezed(2))  // [F, S, 1]
        let shaped = noise.matmul(raw)
        let level = raw.adjoint.matmul(shaped).real().clamped(to: 1e-30...)
        let normal = (shaped.adjoint.matmul(shaped).real() / Double(speech.shape[1])).sqrt() / level
        // The speech of the reference in the output, wᴴ·Φₛ·u, gets the phase zero.
        let cross = raw.adjoint.matmul(speech.selected(axis: 2, index: place ?? 0).unsqueezed(2))
        let phase = cross / cross.abs().clamped(to: 1e-30...)
        return (raw * normal * phase).squeezed(2)
    }

    private func square(_ matrices: Tensor, _ channels: [Int]) -> Tensor {
        let index = Tensor(channels.map(Int64.init))
        return matrices.gatheredRows(axis: 1, index).gatheredRows(axis: 2, index)
    }

    private func spread(_ weights: Tensor, _ channels: [Int], _ count: Int) -> Tensor {
        let columns = (0..<count).map { channel in
            channels.firstIndex(of: channel).map { weights.selected(axis: 1, index: $0) }
                ?? Tensor.zeros([weights.shape[0]], dtype: .complex128)
        }
        return stacked(columns, axis: 1)
    }
}
