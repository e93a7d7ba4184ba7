import HeirloomTensors

extension Tensor {
    /// Blurred by Gaussian bells that lie turned, each picture by its own; the border is repeated.
    ///
    /// - Parameters:
    ///   - deviations: along the two turned axes in pixels, `[N, 1, 1, 1]` each; 0 blurs nothing.
    ///   - rotation: radians, `[N, 1, 1, 1]`.
    ///   - reach: of the kernels, in pixels.
    func blurred(deviations: (Tensor, Tensor), rotation: Tensor, reach: Int) -> Tensor {
        let (n, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
        let offsets = Tensor.range(from: Double(-reach), to: Double(reach) + 0.5, dtype: dtype, device: device)
        let (x, y) = (offsets.reshaped([1, 1, 1, -1]), offsets.reshaped([1, 1, -1, 1]))
        let (c, s) = (rotation.cos(), rotation.sin())
        // Below a third of a pixel a sampled bell is a single sample: dividing by less would only lose digits.
        let (a, b) = (deviations.0.clamped(to: 0.2...), deviations.1.clamped(to: 0.2...))
        let q = ((x * c + y * s) / a).squared() + ((y * c - x * s) / b).squared()
        let bells = (q * -0.5).exp()  // [N, 1, k, k]
        let kernels = (bells / bells.sum(axes: [2, 3], keepingDimensions: true))
            .repeatedElements(channels, axis: 0)  // [N·C, 1, k, k]
        return padded([reach, reach, reach, reach], mode: .replicate)
            .reshaped([1, n * channels, height + 2 * reach, width + 2 * reach])
            .conv2d(kernels, groups: n * channels).reshaped(shape)
    }

    /// Blurred by round Gaussian bells, each picture by its own.
    /// - Parameter deviation: in pixels, `[N, 1, 1, 1]`.
    func blurred(deviation: Tensor, reach: Int) -> Tensor {
        blurred(deviations: (deviation, deviation), rotation: deviation * 0, reach: reach)
    }
}
