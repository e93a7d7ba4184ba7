public import HeirloomDatasets
public import HeirloomTensors

/// What makes small bad pictures of large good ones, so that a network learns the way back: blur, resizing, noise and JPEG,
/// twice, and the rings of sharpening at the end (Real-ESRGAN, Wang et al. 2021).
///
/// Everything is computed on the pictures' device. What is drawn for a batch (size, kind of noise, order) comes from a
/// sequence, noise itself from a generator on the device: the same seeds give the same pictures there.
public struct SecondOrderDegradation: Codable, Hashable, Sendable {
    /// How many times smaller the result is.
    public var scale = 4
    /// The first round.
    public var first = DegradationStage()
    /// The second round.
    public var second = DegradationStage.second
    /// Part of the pictures that get rings at the end.
    public var ringProbability = 0.8
    /// Part of the batches that are resized and ringed before the last JPEG, not after it.
    public var jpegLastProbability = 0.5

    /// The degradation that the published weights were trained with.
    public init() {}

    /// Degrades pictures.
    ///
    /// - Parameters:
    ///   - pictures: `[N, 3, H, W]`, RGB 0...1, sharpened (``HeirloomTensors/Tensor/sharpened(amount:threshold:)``); both
    ///     sides multiples of the scale and at least 64 times it.
    ///   - random: what is drawn for the batch.
    ///   - generator: noise, on the pictures' device.
    /// - Returns: `[N, 3, H / scale, W / scale]`, in steps of 8 bits.
    public func callAsFunction(
        _ pictures: Tensor, random: inout RandomSequence, using generator: Generator
    ) -> Tensor {
        guard pictures.isDefined else { return pictures }
        let shape = pictures.shape
        precondition(
            shape.count == 4 && shape[1] == 3 && shape[2] % scale == 0 && shape[3] % scale == 0,
            "\(pictures.summary) cannot be degraded to a \(scale)th")
        let count = shape[0]
        let target = (shape[2] / scale, shape[3] / scale)
        let jpeg = JPEGRoundTrip(device: pictures.device)

        var x = pictures
        if random.uniform() < first.blurProbability { x = x.filtered(by: first.kernels(count, &random)) }
        x = x.rescaled(by: first.factor(&random), mode: DegradationStage.mode(&random))
        x = first.noisy(x, &random, using: generator)
        x = jpeg(x, quality: first.qualities(count, &random))

        if random.uniform() < second.blurProbability { x = blurred(x, second.kernels(count, &random)) }
        let factor = second.factor(&random)
        x = resized(x, Int(Double(target.0) * factor), Int(Double(target.1) * factor), &random)
        x = second.noisy(x, &random, using: generator)

        let rings = stacked(
            (0..<count).map { _ in
                second.kernels.ringing(&random, probability: ringProbability)
                    .tensor(padded: second.kernels.largestSize)
            })
        if random.uniform() < jpegLastProbability {
            x = blurred(resized(x, target.0, target.1, &random), rings)
            x = jpeg(x.clamped(to: 0...1), quality: second.qualities(count, &random))
        } else {
            x = jpeg(x, quality: second.qualities(count, &random))
            x = blurred(resized(x, target.0, target.1, &random), rings)
        }
        return (x * 255).rounded().clamped(to: 0...255) / 255
    }

    /// Blurred by kernels, the border mirrored as often as small pictures need it.
    private func blurred(_ x: Tensor, _ kernels: Tensor) -> Tensor {
        let (side, shape) = (kernels.shape[kernels.rank - 1] / 2 + 1, x.shape)
        precondition(
            shape[2] >= side && shape[3] >= side, "\(x.summary) is too small for kernels of \(2 * side - 1) samples")
        return x.filtered(by: kernels)
    }

    private func resized(_ x: Tensor, _ height: Int, _ width: Int, _ random: inout RandomSequence) -> Tensor {
        x.resized(height: max(height, 1), width: max(width, 1), mode: DegradationStage.mode(&random))
    }
}
