public import HeirloomLayers
public import HeirloomTensors

/// Heirloom's network for sound: a U-Net over spectrograms that takes noise, room and the colour of a cheap microphone out
/// of speech (see this folder's README).
///
/// It sees 0 to 8 kHz; sound at 48 kHz keeps its top band as far as speech is left below it.
public final class SpectralUNet: Module, BuildableModel {
    /// What was built.
    public let configuration: SpectralUNetConfiguration
    let stem: Conv2d
    let encoder: [SpectralLevel]
    let bottom: [SpectralRecurrence]
    let decoder: [SpectralLevel]
    let narrow: [Conv2d]
    let head: SpectralHead

    /// Builds the network; it begins as one that changes nothing.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(_ configuration: SpectralUNetConfiguration = .small, using generator: Generator?) {
        self.configuration = configuration
        let (channels, blocks) = (configuration.channels, configuration.blocks)
        let inputs = 4 * configuration.fold
        stem = Conv2d(
            inputChannels: inputs, outputChannels: channels[0], kernel: 3, padding: .zeros(1), using: generator)
        encoder = channels.indices.map { level in
            SpectralLevel(
                inputs: level == 0 ? nil : channels[level - 1], channels: channels[level],
                stride: level == 0 ? [1, 1] : configuration.strides[level - 1], blocks: blocks, using: generator)
        }
        bottom = (0..<configuration.recurrences).map { _ in
            SpectralRecurrence(channels: channels[channels.count - 1], hidden: configuration.hidden, using: generator)
        }
        narrow = zip(channels, channels.dropFirst()).map {
            Conv2d(inputChannels: $1, outputChannels: $0, kernel: 1, using: generator)
        }
        decoder = channels.dropLast().map {
            SpectralLevel(inputs: 2 * $0, channels: $0, stride: nil, blocks: blocks, using: generator)
        }
        head = SpectralHead(features: channels[0], inputs: inputs, fold: configuration.fold, using: generator)
    }

    /// The network's name in files.
    public var architecture: String { "spectral-unet" }

    /// What a caller has to know to run it.
    public var description: ModelDescription {
        ModelDescription(task: "clean", inputChannels: 1, outputChannels: 1, dtypes: [.float32])
    }

    /// What the heads say of compressed spectra.
    /// - Parameters:
    ///   - sound: Compressed spectra of the sounds `[N, 2, 256, T]`, any T.
    ///   - auxiliary: Those of what a beamformer removed from them; nil where there was none.
    public func estimate(_ sound: Tensor, auxiliary: Tensor?) -> SpectralEstimate {
        let shape = sound.shape
        precondition(
            shape.count == 4 && shape[1] == 2 && shape[2] == SpectralForm.bins,
            "SpectralUNet of \(sound.summary): expected [N, 2, \(SpectralForm.bins), T]")
        let (fold, frames) = (configuration.fold, shape[3])
        let both = concatenated([sound, auxiliary ?? .zeros(shape, dtype: sound.dtype, device: sound.device)], axis: 1)
        let multiple = configuration.frameMultiple
        let missing = (multiple - frames % multiple) % multiple
        // Silence comes after the end, as it does around the frames of the sound itself.
        let input = (missing == 0 ? both : both.padded([0, missing]))
            .reshaped([shape[0], 4, SpectralForm.bins / fold, fold, frames + missing])
            .transposed([0, 1, 3, 2, 4]).reshaped([shape[0], 4 * fold, SpectralForm.bins / fold, frames + missing])
        let folded = stem.weight.isContiguous(.channelsLast) ? input.contiguous(.channelsLast) : input
        let outputs = head(features(folded), folded)  // [N, 6 · fold, 256 / fold, T']
            .reshaped([shape[0], 6, fold, SpectralForm.bins / fold, frames + missing])
            .transposed([0, 1, 3, 2, 4]).reshaped([shape[0], 6, SpectralForm.bins, frames + missing])
        return SpectralEstimate(outputs.sliced(axis: 3, from: 0, to: frames), of: sound)
    }

    /// The finest level's features: `[N, C₀, 256 / fold, T]`.
    private func features(_ folded: Tensor) -> Tensor {
        var x = stem(folded)
        var skips: [Tensor] = []
        for level in encoder {
            x = level(x)
            skips.append(x)
        }
        for layer in bottom { x = layer(x) }
        for level in decoder.indices.reversed() {
            let skip = skips[level]
            let wide = narrow[level](x).resized(height: skip.shape[2], width: skip.shape[3], mode: .nearest)
            x = decoder[level](concatenated([skip, wide], axis: 1))
        }
        return x
    }
}
