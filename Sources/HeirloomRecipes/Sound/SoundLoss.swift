public import HeirloomModels
import HeirloomSignals
public import HeirloomTensors

/// How far cleaned speech is from the truth: compressed spectra with and without their phase (Ephrat et al. 2018, Braun and
/// Tashev 2020), magnitudes at several resolutions (Yamamoto et al. 2020), mel bands, samples, and what the network says
/// of noise and speech.
public final class SoundLoss {
    /// The loss's numbers.
    public struct Options: Codable, Sendable, Equatable {
        /// Weight of the compressed spectra, and the part of it that looks at the phase too.
        public var spectrumWeight: Double, phaseShare: Double
        /// Weight of the magnitudes at several resolutions; frames of so many samples, a quarter apart.
        public var resolutionWeight: Double, frames: [Int]
        /// Weight of the mel bands.
        public var bandWeight: Double
        /// Weight of the samples' mean absolute difference.
        public var sampleWeight: Double
        /// Weight of the cross-entropies of the noise and presence heads.
        public var maskWeight: Double
        /// Magnitude against full scale below which logarithms stop to care.
        public var floor: Double

        /// Sets the numbers.
        public init(
            spectrumWeight: Double = 60, phaseShare: Double = 0.5, resolutionWeight: Double = 0.3,
            frames: [Int] = [256, 512, 1024, 2048], bandWeight: Double = 0.3, sampleWeight: Double = 5,
            maskWeight: Double = 0.1, floor: Double = 1e-4
        ) {
            self.spectrumWeight = spectrumWeight
            self.phaseShare = phaseShare
            self.resolutionWeight = resolutionWeight
            self.frames = frames
            self.bandWeight = bandWeight
            self.sampleWeight = sampleWeight
            self.maskWeight = maskWeight
            self.floor = floor
        }
    }

    /// The numbers.
    public let options: Options
    private let form = SpectralForm(sampleRate: SoundRecipe.sampleRate)
    private let bands = MelBands(count: 64, bins: 513, highest: 8000)
    private let bandWeights: Tensor

    /// Prepares the loss.
    /// - Precondition: Frames are even and at least 8 samples long.
    public init(_ options: Options = Options(), device: Device = .cpu) {
        precondition(options.frames.allSatisfy { $0 >= 8 && $0 % 8 == 0 }, "frames of \(options.frames) samples")
        self.options = options
        bandWeights = bands.weights.to(device: device)
    }

    /// The loss and its parts, scalars.
    /// - Parameters:
    ///   - estimate: What the network says of the degraded sound.
    ///   - degraded: `[N, L]`, at 16 kHz.
    ///   - truth: `[N, L]`, in the same place.
    public func callAsFunction(
        _ estimate: SpectralEstimate, degraded: Tensor, truth: Tensor
    ) -> (total: Tensor, figures: [String: Tensor]) {
        let wanted = SpectralForm.compressed(low(truth))
        let spectrum = spectrumLoss(estimate.spectrum, wanted)
        let sound = form.sound(
            of: SpectralForm.expanded(estimate.spectrum).padded([0, 0, 0, 1]), length: truth.shape[1])
        let (resolution, band) = magnitudeLosses(sound, truth)
        let samples = sound.l1Loss(truth)
        let mask = maskLoss(estimate, degraded: degraded, truth: truth)
        let total =
            spectrum * options.spectrumWeight + resolution * options.resolutionWeight + band * options.bandWeight
            + samples * options.sampleWeight + mask * options.maskWeight
        let figures = ["spectrum": spectrum, "resolution": resolution, "bands": band, "mask": mask]
        return (total, figures.mapValues { $0.detached() })
    }

    /// Compressed spectra `[N, 2, 256, T]` against the truth's, with their phase and without; a scalar.
    public func spectrumLoss(_ spectrum: Tensor, _ wanted: Tensor) -> Tensor {
        func magnitude(_ x: Tensor) -> Tensor { (SpectralForm.power(of: x) + 1e-6).sqrt() }
        let plain = magnitude(spectrum).squaredLoss(magnitude(wanted))
        let phase = spectrum.squaredLoss(wanted) * 2
        return plain * (1 - options.phaseShare) + phase * options.phaseShare
    }

    private func low(_ sound: Tensor) -> Tensor {
        form.spectrum(of: sound).sliced(axis: 2, from: 0, to: SpectralForm.bins)
    }

    /// Spectral convergence and log magnitudes, as means over resolutions, and the mel bands of the frames of 1024 samples.
    private func magnitudeLosses(_ sound: Tensor, _ truth: Tensor) -> (resolution: Tensor, band: Tensor) {
        let count = truth.shape[0]
        let both = concatenated([sound, truth], axis: 0)
        func magnitudes(_ length: Int) -> Tensor {
            let spectrum = ShortTimeTransform(length: length, hop: length / 4).forward(both * (4 / Double(length)))
            return (spectrum.viewedAsReal().squared().sum(axes: [-1]) + 1e-12).sqrt()
        }
        func logDistance(_ x: Tensor) -> Tensor {
            let logs = (x + options.floor).log()
            return logs.sliced(axis: 0, from: 0, to: count).l1Loss(logs.sliced(axis: 0, from: count))
        }
        var (resolution, band): (Tensor?, Tensor?)
        for length in options.frames {
            let both = magnitudes(length)
            let (made, wanted) = (both.sliced(axis: 0, from: 0, to: count), both.sliced(axis: 0, from: count))
            let convergence = (made - wanted).norm() / (wanted.norm() + 1e-6)
            let loss = convergence + logDistance(both)
            resolution = resolution.map { $0 + loss } ?? loss
            if length == 1024 { band = logDistance(bandWeights.matmul(both)) }
        }
        return (
            (resolution ?? .zeros([])) / Double(max(1, options.frames.count)),
            band ?? logDistance(bandWeights.matmul(magnitudes(1024)))
        )
    }

    /// Whether a bin is speech or noise is known from both signals.
    private func maskLoss(_ estimate: SpectralEstimate, degraded: Tensor, truth: Tensor) -> Tensor {
        let share = withoutGradients {
            let (speech, all) = (low(truth), low(degraded))
            let (power, noise) = (SpectralForm.power(of: speech), SpectralForm.power(of: all - speech))
            return (power / (power + noise + 1e-12)).sqrt().squeezed(1)  // [N, 256, T]
        }
        return estimate.presence.binaryCrossEntropy((share .> 0.7).to(dtype: .float32))
            + estimate.noise.binaryCrossEntropy(1 - share)
    }
}
