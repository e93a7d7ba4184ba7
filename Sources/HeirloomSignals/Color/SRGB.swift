public import HeirloomTensors

/// The transfer function of sRGB (IEC 61966-2-1).
public enum SRGB {
    /// Linear light of gamma-coded values; range 0...1 → 0...1, any shape.
    public static func linear(_ encoded: Tensor) -> Tensor {
        `where`(
            encoded .<= 0.04045, encoded / 12.92,
            ((encoded.clamped(to: 0...) + 0.055) / 1.055).raised(to: 2.4))
    }

    /// Gamma-coded values of linear light; range 0...1 → 0...1, any shape.
    public static func encoded(_ linear: Tensor) -> Tensor {
        `where`(
            linear .<= 0.0031308, linear * 12.92,
            linear.clamped(to: 0.0031308...).raised(to: 1 / 2.4) * 1.055 - 0.055)
    }
}
