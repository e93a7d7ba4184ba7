import HeirloomDatasets
import HeirloomLayers
public import HeirloomModels
import HeirloomSignals
public import HeirloomTensors

/// Measures a network that cleans speech on held-out scenes, made once and in a fixed way.
public final class SoundJudge {
    private struct Scene {
        var recording: Tensor, auxiliary: Tensor, truth: Tensor
        var siSDR: Double, stoi: Double, distance: Double, error: Double
    }

    private let scenes: [Scene]
    private let clean: [Tensor]
    private let device: Device
    private let form = SpectralForm(sampleRate: SoundRecipe.sampleRate)
    private let loss: SoundLoss

    /// Makes the scenes; without held-out speech there are none.
    /// - Parameters:
    ///   - count: Number of scenes.
    ///   - seconds: Length of each.
    ///   - seed: Of crops and damage, the same on every device.
    /// - Throws: `DatasetError` when the stores cannot be read.
    public init(
        _ data: SoundData, degradation: SoundDegradation, rooms: RoomBank?, count: Int = 40, seconds: Double = 3,
        device: Device = .cpu, seed: UInt64 = 1
    ) throws {
        self.device = device
        loss = SoundLoss()
        guard !data.heldOutSpeech.isEmpty, count > 0 else {
            (scenes, clean) = ([], [])
            return
        }
        let rate = SoundRecipe.sampleRate
        let options = SoundBatches.Options(
            sampleRate: rate, length: Int(seconds * Double(rate)), batchSize: count, speedShare: 0, batchesPerEpoch: 1)
        let batch = try data.batches(options, judging: true, seed: seed &+ 0x30DE).batch(epoch: 0, position: 0)
        var degradation = degradation
        degradation.identityShare = 0
        let (speech, noise) = (batch.input.selected(axis: 1, index: 0), batch.input.selected(axis: 1, index: 1))
        let scene = degradation.scene(
            clean: speech, noise: noise, sampleRate: rate, rooms: rooms, using: Generator(seed: seed))
        let gain = SoundLevel.gain(of: scene.degraded)
        let (recordings, truths) = (scene.degraded * gain, scene.target * gain)
        let auxiliaries = scene.auxiliary * gain
        let (form, loss) = (self.form, self.loss)
        scenes = (0..<count).map { place in
            let recording = recordings.selected(axis: 0, index: place)
            let truth = truths.selected(axis: 0, index: place)
            return Scene(
                recording: recording, auxiliary: auxiliaries.selected(axis: 0, index: place), truth: truth,
                siSDR: SoundMetrics.siSDR(reference: truth, estimate: recording),
                stoi: SoundMetrics.stoi(reference: truth, estimate: recording, sampleRate: rate),
                distance: SoundMetrics.logSpectralDistance(reference: truth, estimate: recording, sampleRate: rate),
                error: Self.error(recording, truth, form, loss))
        }
        clean = (0..<min(6, count)).map {
            let crop = speech.sliced(axis: 0, from: $0, to: $0 + 1)
            return crop * SoundLevel.gain(of: crop)
        }
    }

    /// Cleans the scenes and compares them with the truth; the network's mode is left as it was.
    /// - Parameter count: At most so many, always the same ones; nil for all.
    /// - Returns: Nil when there is no scene.
    public func figures(of network: SpectralUNet, scenes count: Int? = nil) -> SoundFigures? {
        let chosen = scenes.prefix(count ?? scenes.count)
        guard !chosen.isEmpty else { return nil }
        return network.withTraining(false) {
            withoutGradients {
                let made = chosen.map { ($0, measured($0, network)) }
                func mean(_ value: ((Scene, Scene)) -> Double) -> Double {
                    made.reduce(0) { $0 + value($1) } / Double(made.count)
                }
                let kept = clean.map {
                    SoundMetrics.siSDR(reference: $0.squeezed(0), estimate: cleaned($0, nil, network))
                }
                return SoundFigures(
                    scenes: made.count, siSDR: mean { $0.1.siSDR }, rawSISDR: mean { $0.0.siSDR },
                    stoi: mean { $0.1.stoi }, rawSTOI: mean { $0.0.stoi }, distance: mean { $0.1.distance },
                    rawDistance: mean { $0.0.distance },
                    cleanSISDR: kept.reduce(0) { $0 + min($1, 60) } / Double(kept.count),
                    scores: made.map { Self.score($0.1, raw: $0.0) })
            }
        }
    }

    private func cleaned(_ sound: Tensor, _ auxiliary: Tensor?, _ network: SpectralUNet) -> Tensor {
        network.enhanced(
            sound.to(device: device), auxiliary: auxiliary?.to(device: device), sampleRate: SoundRecipe.sampleRate
        ).to(device: .cpu).squeezed(0)
    }

    private func measured(_ scene: Scene, _ network: SpectralUNet) -> Scene {
        let (rate, truth) = (SoundRecipe.sampleRate, scene.truth)
        let sound = cleaned(scene.recording.unsqueezed(0), scene.auxiliary.unsqueezed(0), network)
        return Scene(
            recording: sound, auxiliary: scene.auxiliary, truth: truth,
            siSDR: SoundMetrics.siSDR(reference: truth, estimate: sound),
            stoi: SoundMetrics.stoi(reference: truth, estimate: sound, sampleRate: rate),
            distance: SoundMetrics.logSpectralDistance(reference: truth, estimate: sound, sampleRate: rate),
            error: Self.error(sound, truth, form, loss))
    }

    private static func error(_ sound: Tensor, _ truth: Tensor, _ form: SpectralForm, _ loss: SoundLoss) -> Double {
        func spectrum(_ x: Tensor) -> Tensor {
            SpectralForm.compressed(
                form.spectrum(of: x.unsqueezed(0)).sliced(axis: 2, from: 0, to: SpectralForm.bins))
        }
        return loss.spectrumLoss(spectrum(sound), spectrum(truth)).item()
    }

    /// Scenes that were nearly clean cannot be made much better: there a small error counts little.
    private static func score(_ own: Scene, raw: Scene) -> Double {
        let error = own.error / max(raw.error, 1e-3)
        let missing = (1 - own.stoi) / max(1 - raw.stoi, 0.03)
        return 0.5 * min(error, 4) + 0.5 * min(missing, 4)
    }
}
