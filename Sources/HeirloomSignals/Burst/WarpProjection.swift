import HeirloomTensors

/// ``ShiftProjection`` for a frame whose shift changes over the picture: reads the blurred fine picture between its
/// samples, which is slower.
struct WarpProjection {
    private let scale: Int
    private let deviation: Double
    private let forward: Warp
    private let backward: Warp

    /// - Parameter size: of the frames.
    init(motion: BurstMotion, height: Int, width: Int, scale: Int, pointSpread: Double, device: Device) {
        self.scale = scale
        deviation = max(pointSpread * Double(scale), 0.4)
        let (rows, columns, spacing) = (height * scale, width * scale, 1 / Double(scale))
        // A sample at q of the frame shows p with p + shift(p) = q; a few rounds find it, since shifts change slowly.
        backward = Warp(
            flow: motion.flow(height: rows, width: columns, spacing: spacing, device: device), isSmooth: true)
        forward = Warp(
            flow: motion.inverted.flow(height: rows, width: columns, spacing: spacing, device: device), isSmooth: true)
    }

    /// What the frame would show: `[1, 1, h·s, w·s]` → `[1, 1, h, w]`.
    func frame(of picture: Tensor) -> Tensor {
        forward(picture.gaussianFiltered(deviation: deviation)).meanPooled(kernel: scale, stride: scale)
    }

    /// Samples of the frame spread to where they came from: `[1, 1, h, w]` → `[1, 1, h·s, w·s]`.
    func picture(from samples: Tensor) -> Tensor {
        let (height, width) = (samples.shape[2] * scale, samples.shape[3] * scale)
        return backward(samples.resized(height: height, width: width, mode: .nearest))
            .gaussianFiltered(deviation: deviation)
    }
}
