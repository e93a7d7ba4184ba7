import HeirloomTensors

/// The exposure of a frame: what is v in the reference is gain · v + offset in it, for each channel.
struct BurstExposure {
    private let gain: Tensor
    private let offset: Tensor
    private let isNeutral: Bool

    /// - Parameters: `[1, 3, 1, 1]` each.
    init(gain: Tensor, offset: Tensor) {
        self.gain = gain
        self.offset = offset
        // What is less than half a step of 8 bits is the fit's own error.
        isNeutral = ((gain - 1).abs() + offset.abs() * 2).max().item() < 1.0 / 255
    }

    /// The picture as the reference's exposure shows it.
    func corrected(_ picture: Tensor) -> Tensor { isNeutral ? picture : (picture - offset) / gain }

    /// 1 where no channel is cut off at black or white while the reference's may not be, `[1, 1, h, w]`.
    func isKnown(_ picture: Tensor) -> Tensor {
        guard !isNeutral else {
            return Tensor.ones([1, 1, picture.shape[2], picture.shape[3]], device: picture.device)
        }
        return ((picture .> 0.002) .& (picture .< 0.998)).to(dtype: .float32).min(axes: [1], keepingDimensions: true)
    }
}
