import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

/// Picture metrics against their definitions in float64 (`Fixtures/signals/generate_signals.py`) and closed forms.
@Suite struct MetricsTests {
    private let golden: [String: Tensor]
    private let rgb: Tensor
    private let other: Tensor

    init() throws {
        golden = try Fixture.tensors("signals/signals.safetensors")
        rgb = try #require(golden["rgb"])
        other = try #require(golden["other"])
    }

    @Test func fidelityEqualsItsDefinition() throws {
        expectClose(FidelityMetrics.psnr(rgb, other), try #require(golden["psnr"]), relative: 1e-5)
        // variances as differences of float32 means
        expectClose(FidelityMetrics.ssim(rgb, other), try #require(golden["ssim"]), absolute: 1e-5)
    }

    @Test func colourEqualsItsDefinition() throws {
        expectClose(ColorMetrics.colorfulness(rgb), try #require(golden["colorfulness"]), relative: 1e-5)
        expectClose(ColorMetrics.chromaError(rgb, other), try #require(golden["chroma-error"]), relative: 1e-5)
        expectClose(ColorMetrics.meanChroma(rgb), try #require(golden["mean-chroma"]), relative: 1e-5)
    }

    @Test func equalPicturesAreEqual() {
        #expect(FidelityMetrics.psnr(rgb, rgb).floats == [.infinity, .infinity])
        expectClose(FidelityMetrics.ssim(rgb, rgb), Tensor([Float(1), 1]), absolute: 1e-6)
        #expect(ColorMetrics.chromaError(rgb, rgb).floats == [0, 0])
    }

    @Test func aConstantDifferenceHasItsClosedForm() {
        // a tenth of the peak everywhere is 20 dB, a hundredth 40 dB
        let base = Tensor.full([1, 1, 12, 12], 0.5)
        expectClose(
            FidelityMetrics.psnr(concatenated([base + 0.1, base - 0.01], axis: 0), base), Tensor([Float(20), 40]),
            absolute: 1e-3)
        // without variance only the term of the means is left
        let (a, b, c) = (0.6, 0.5, 1e-4)
        let expected = Float((2 * a * b + c) / (a * a + b * b + c))
        expectClose(FidelityMetrics.ssim(base + 0.1, base), Tensor([expected]), absolute: 1e-4)
    }

    @Test func greyHasNoColour() {
        let grey = rgb.sliced(axis: 1, from: 0, to: 1).expanded([-1, 3, -1, -1])
        #expect(ColorMetrics.colorfulness(grey).max().item() == 0)
        // the rows of the matrix to XYZ are rounded to seven digits
        #expect(ColorMetrics.meanChroma(grey).max().item() < 0.01)
    }

    @Test func lightnessIsNoChroma() {
        let darker = Lab.toSRGB(Lab.fromSRGB(rgb) * Tensor([Float(0.9), 1, 1], shape: [1, 3, 1, 1]))
        #expect(ColorMetrics.chromaError(darker, rgb).max().item() < 0.01)
        #expect(FidelityMetrics.psnr(darker, rgb).max().item() < 40)
    }
}
