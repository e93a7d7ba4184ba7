import HeirloomLayers
import HeirloomTensors

/// Lets every place of a spectrogram hear the whole recording and the whole spectrum: a recurrent layer in both directions
/// of time for each frequency, then one in both directions of frequency for each moment, each beside its input.
///
/// - Shape: `[N, C, F, T]` → the same.
final class SpectralRecurrence: Module, UnaryLayer {
    let time: GRU
    let timeMix: Linear
    let frequency: GRU
    let frequencyMix: Linear

    init(channels: Int, hidden: Int, using generator: Generator?) {
        time = GRU(inputSize: channels, hiddenSize: hidden, bidirectional: true, using: generator)
        timeMix = Linear(inputs: 2 * hidden, outputs: channels, using: generator)
        frequency = GRU(inputSize: channels, hiddenSize: hidden, bidirectional: true, using: generator)
        frequencyMix = Linear(inputs: 2 * hidden, outputs: channels, using: generator)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let shape = x.shape
        let (count, channels, bins, frames) = (shape[0], shape[1], shape[2], shape[3])
        let alongTime = x.transposed([0, 2, 3, 1]).reshaped([count * bins, frames, channels])
        let first = alongTime + timeMix(time(alongTime).output)  // [N · F, T, C]
        let alongFrequency = first.reshaped([count, bins, frames, channels]).swappingAxes(1, 2)
            .reshaped([count * frames, bins, channels])
        let second = alongFrequency + frequencyMix(frequency(alongFrequency).output)  // [N · T, F, C]
        return second.reshaped([count, frames, bins, channels]).transposed([0, 3, 2, 1])
    }
}
