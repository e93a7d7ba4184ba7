import HeirloomTensors

/// Compares frames with the reference: exposure, and which samples show the same.
struct BurstComparison {
    private let reference: Tensor
    private let luma: Tensor
    /// A filter that takes most of the aliasing, which differs from frame to frame by right.
    private static let deviation = 0.7
    /// What it leaves of the deviation of white noise, times √2 for a difference of two frames.
    private static let noiseShare = 0.403 * 2.0.squareRoot()

    init(reference: Tensor) {
        self.reference = reference
        luma = YCbCrMatrix.bt601.luma(of: reference)
    }

    /// The gain and offset of each channel, by least squares without the tenth that fits worst.
    func exposure(of frame: BurstAlignment) -> BurstExposure {
        let a = reference.gaussianFiltered(deviation: 1.2)
        let b = frame.picture.gaussianFiltered(deviation: 1.2, down: frame.shift.down, right: frame.shift.right)
        // Samples near black or white have lost what they differed by.
        var mask =
            frame.isInside.expanded(a.shape)
            * ((a .> 0.02) .& (a .< 0.98) .& (b .> 0.02) .& (b .< 0.98))
            .to(dtype: .float32)
        var (gain, offset) = fit(a, b, mask)
        for _ in 0..<2 {
            let error = (b - a * gain - offset).abs() * mask
            // Channel by channel: a frame that lost its red need not lose its blue.
            let limit = error.flattened(from: 2).quantile(sampled: 0.9).reshaped([1, 3, 1, 1])
            mask *= (error .<= limit).to(dtype: .float32)
            (gain, offset) = fit(a, b, mask)
        }
        return BurstExposure(gain: gain, offset: offset)
    }

    private func fit(_ a: Tensor, _ b: Tensor, _ mask: Tensor) -> (Tensor, Tensor) {
        let axes = [2, 3]
        let count = mask.sum(axes: axes, keepingDimensions: true) + 1e-6
        let meanA = (a * mask).sum(axes: axes, keepingDimensions: true) / count
        let meanB = (b * mask).sum(axes: axes, keepingDimensions: true) / count
        let (p, q) = ((a - meanA) * mask, (b - meanB) * mask)
        let variance = p.squared().sum(axes: axes, keepingDimensions: true) / count
        let covariance = (p * q).sum(axes: axes, keepingDimensions: true) / count
        // A channel without contrast says nothing about gain.
        let gain = ((covariance + 1e-5) / (variance + 1e-5)).clamped(to: 0.1...10)
        return (gain, meanB - meanA * gain)
    }

    /// The weight of every sample, and the deviation of the frame's noise.
    ///
    /// A sample loses weight where it differs from what the reference lets expect by more than noise, and by more than
    /// aliasing can: half the range of its neighbours.
    func weights(of frame: BurstAlignment, _ exposure: BurstExposure) -> (Tensor, Double) {
        let corrected = YCbCrMatrix.bt601.luma(of: exposure.corrected(frame.picture))
        let seen = corrected.gaussianFiltered(deviation: Self.deviation)
        let expected = luma.gaussianFiltered(
            deviation: Self.deviation, down: -frame.shift.down, right: -frame.shift.right)
        let error = (seen - expected).abs()
        let deviation = error.flattened().unsqueezed(0).quantile(sampled: 0.5).item() * 1.4826
        let range = Self.largest(expected) + Self.largest(-expected)
        let excess = Self.largest((error - range * 0.5).relu())
        // Half a step of 8 bits: frames without noise differ by rounding.
        let scale = 3 * max(deviation, 0.5 / 255 * Self.noiseShare)
        let isKnown = exposure.isKnown(frame.picture)
        return ((-(excess / scale).squared()).exp() * frame.isInside * isKnown, deviation / Self.noiseShare)
    }

    /// The deviation of the reference's noise, from what its neighbours do not explain (Immerkær 1996, with a median).
    var referenceNoise: Double {
        let kernel = Tensor([1, -2, 1, -2, 4, -2, 1, -2, 1] as [Float], shape: [1, 1, 3, 3], device: luma.device)
        return luma.conv2d(kernel).abs().flattened().unsqueezed(0).quantile(sampled: 0.5).item() * 1.4826 / 6
    }

    /// The largest of 3 × 3 neighbours.
    private static func largest(_ x: Tensor) -> Tensor { x.maxPooled(kernel: 3, stride: 1, padding: 1) }
}

extension Tensor {
    /// A quantile of each row of the last axis, of a sample of at most some ten thousand elements.
    fileprivate func quantile(sampled q: Double) -> Tensor {
        let step = Swift.max(shape[rank - 1] / 30_000, 1)
        return sliced(axis: rank - 1, from: 0, by: step).quantile(q, axis: rank - 1)
    }
}
