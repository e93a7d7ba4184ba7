public import HeirloomTensors

/// A network that gives a picture back restored: larger, or of the same size and cleaner.
///
/// ``BuildableModel/description`` says by how much, which sizes it takes, how large pictures are cut into tiles and how
/// much memory a pixel needs.
public protocol ImageRestorer: BuildableModel {
    /// The restored pictures.
    /// - Shape: `[N, 3, H, W]` → `[N, 3, H · scale, W · scale]`, H and W multiples of the description's `sizeMultiple`.
    /// - Range: 0...1, RGB, gamma-coded as in files; the output overshoots a little and is not clamped.
    func callAsFunction(_ x: Tensor) -> Tensor

    /// A frozen copy that is as fast as this network gets on a device.
    /// - Parameter dtype: Of its weights, of the tensors that it takes and of those that it gives.
    func preparedForInference(device: Device, dtype: DType) -> any ImageRestorer
}
