import HeirloomTensors

extension SpatialScene {
    /// The channels that recorded four fifths of the frames: statistics of all channels in common need many frames, and a
    /// channel that comes late would look like a talker who moves.
    var steadyChannels: [Int] {
        (0..<channels).filter { validFrames[$0].count(where: \.self) * 5 >= frames * 4 }
    }

    /// A mask refined by directions, up to 8 kHz; the prior where that is not to be trusted.
    ///
    /// - Returns: the mask, and what the user should know.
    func refined(_ prior: Tensor, by mixture: SpatialMixture) -> (mask: Tensor, note: String?) {
        let steady = steadyChannels
        let top = bin(8000)
        var pieces: [Tensor] = []
        var distrusted = 0
        for band in bands where band.bins.lowerBound < top {
            let range = band.bins.lowerBound..<min(top, band.bins.upperBound)
            let part = prior.sliced(axis: 0, from: range.lowerBound, to: range.upperBound)
            let members = band.channels.filter(steady.contains)
            guard members.count > 1 else {
                pieces.append(part)
                continue
            }
            let common = valid.map { own in
                (stacked(members.map(own.channel)).min(axes: [0]) .> 0.5).to(dtype: .float32)
            }
            let y = stacked(
                members.map { spectra.channel($0).sliced(axis: 0, from: range.lowerBound, to: range.upperBound) },
                axis: 1)
            let posterior = mixture(y, prior: part, valid: common).posterior.clamped(to: 1e-3...(1 - 1e-3))
            let trusted = correlation(posterior, part) .>= 0.6  // [n, 1]
            distrusted += range.count - Int(trusted.to(dtype: .float32).sum().item())
            pieces.append(`where`(trusted, posterior, part))
        }
        if top < bins { pieces.append(prior.sliced(axis: 0, from: top)) }
        let note =
            distrusted * 2 > top
            ? "directions did not agree with levels in \(distrusted) of \(top) frequencies; levels were used there"
            : nil
        return (concatenated(pieces, axis: 0), note)
    }

    /// The correlation over time of two masks, bin by bin: `[n, 1]`.
    private func correlation(_ a: Tensor, _ b: Tensor) -> Tensor {
        let (x, y) = (a - a.mean(axes: [1], keepingDimensions: true), b - b.mean(axes: [1], keepingDimensions: true))
        func sum(_ value: Tensor) -> Tensor { value.sum(axes: [1], keepingDimensions: true) }
        return sum(x * y) / (sum(x.squared()) * sum(y.squared())).sqrt().clamped(to: 1e-12...)
    }
}
