import HeirloomLayers
import HeirloomTensors

/// Two 3×3 convolutions beside the input, on one normalised copy of it; the second looks further along time.
///
/// - Shape: `[N, C, F, T]` → the same.
final class SpectralBlock: Module, UnaryLayer {
    let norm: GroupNorm
    let first: Conv2d
    let second: Conv2d

    init(channels: Int, dilation: Int, using generator: Generator?) {
        norm = GroupNorm(groups: 8, channels: channels)
        first = Conv2d(
            inputChannels: channels, outputChannels: channels, kernel: 3, padding: .zeros(1), using: generator)
        second = Conv2d(
            inputChannels: channels, outputChannels: channels, kernel: [3, 3],
            padding: .zeros(vertical: 1, horizontal: dilation), dilation: [1, dilation], using: generator)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { x + second(first(norm(x).silu()).silu()) }
}
