import HeirloomModels
import HeirloomRecipes
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@Suite struct SoundLossTests {
    /// Every part equals PyTorch's in float64 to what float32 allows.
    @Test func valuesAreThoseOfTheFormulas() throws {
        let golden = try Fixture.tensors("sound-loss/sound-loss.safetensors")
        func value(_ name: String) throws -> Tensor { try #require(golden[name]) }
        let (total, figures) = SoundLoss()(
            SpectralEstimate(packed: try value("output")), degraded: try value("degraded"), truth: try value("truth"))
        for (name, found) in figures.merging(["total": total], uniquingKeysWith: { $1 }) {
            expectClose(found, try value(name), relative: 2e-4, name)
        }
    }

    @Test func perfectSpeechCostsNothing() {
        let truth = Tensor.normal([2, 3000], standardDeviation: 0.1, using: Generator(seed: 3))
        let form = SpectralForm(sampleRate: 16_000)
        let spectrum = SpectralForm.compressed(form.spectrum(of: truth).sliced(axis: 2, from: 0, to: 256))
        let frames = spectrum.shape[3]
        let packed = concatenated(
            [spectrum, .full([2, 1, 256, frames], -20), .full([2, 1, 256, frames], 20)], axis: 1)
        let (_, figures) = SoundLoss()(SpectralEstimate(packed: packed), degraded: truth, truth: truth)
        // The bin at 8 kHz is the only thing that is missing.
        #expect(figures["spectrum"]?.item() == 0)
        #expect((figures["mask"]?.item() ?? 1) < 1e-3)
        #expect((figures["resolution"]?.item() ?? 1) < 0.1)
    }

    /// Silence, in and out, has a loss and slopes that are numbers.
    @Test func silenceHasFiniteSlopes() {
        let output = Tensor.zeros([1, 4, 256, 18]).requireGradient()
        let silence = Tensor.zeros([1, 1800])
        let (total, _) = SoundLoss()(SpectralEstimate(packed: output), degraded: silence, truth: silence)
        total.backward()
        #expect(total.item().isFinite)
        #expect(output.gradient?.isFinite().all().item() == 1)
    }

    @Test func melBandsCoverTheSpectrum() {
        let weights = MelBands(count: 64, bins: 513, highest: 8000).weights
        #expect(weights.shape == [64, 513])
        #expect(weights.min().item() >= 0 && weights.max().item() <= 1)
        #expect(weights.sum(axes: [1]).min().item() > 0)
        // Neighbouring triangles add up to 1 between the first band's middle and the last one's.
        let sums = weights.sum(axes: [0]).sliced(axis: 0, from: 60, to: 480)
        expectClose(sums, .ones([420]), absolute: 1e-4)
    }
}
