public import HeirloomTensors

extension DeOldifyGenerator {
    /// The mean of ImageNet's red, green and blue.
    static let mean: [Float] = [0.485, 0.456, 0.406]
    /// Their standard deviation.
    static let deviation: [Float] = [0.229, 0.224, 0.225]

    /// RGB 0...1 as the network takes it: `[N, 3, H, W]` → the same.
    public static func normalized(_ rgb: Tensor) -> Tensor {
        (rgb - plane(mean, like: rgb)) / plane(deviation, like: rgb)
    }

    /// What the network gives as RGB, not limited to 0...1: `[N, 3, H, W]` → the same.
    public static func denormalized(_ y: Tensor) -> Tensor { y * plane(deviation, like: y) + plane(mean, like: y) }

    private static func plane(_ values: [Float], like x: Tensor) -> Tensor {
        Tensor(values, shape: [1, 3, 1, 1]).to(dtype: x.dtype, device: x.device)
    }
}
