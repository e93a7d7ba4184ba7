public import HeirloomTensors

/// Resizing as OpenCV's `INTER_LANCZOS4` does it: 8 taps, also when shrinking, on whole numbers.
///
/// For results that shall equal those of the original super-resolution programs; elsewhere
/// ``HeirloomTensors/Tensor/resampled(height:width:kernel:antialias:)`` is better, since this one aliases when shrinking.
/// OpenCV computes with weights of fewer digits: its results differ by at most 1.
public enum LanczosResizing {
    /// A picture at another size.
    ///
    /// - Parameters:
    ///   - picture: `[N, C, H, W]`, whole numbers in 0...`maximum` of any element type.
    ///   - maximum: the largest sample, 255 or 65535.
    /// - Returns: `[N, C, height, width]` of the same element type, rounded half to even.
    public static func resized(_ picture: Tensor, height: Int, width: Int, maximum: Int) -> Tensor {
        picture.to(dtype: .float32)
            .resampled(height: height, width: width, kernel: .lanczos4, antialias: false)
            .rounded().clamped(to: 0...Double(maximum)).to(dtype: picture.dtype)
    }

    /// The size that those programs give a picture: the product is cut, not rounded, so 100 · 2.3 is 229.
    public static func size(height: Int, width: Int, scale: Double) -> (height: Int, width: Int) {
        (Int(Double(height) * scale), Int(Double(width) * scale))
    }
}
