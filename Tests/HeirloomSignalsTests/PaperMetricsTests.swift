import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

/// PSNR and SSIM of the super-resolution literature, against `Fixtures/resampling/make_resampling.py`.
@Suite struct PaperMetricsTests {
    private let golden: [String: Tensor]

    init() throws { golden = try Fixture.tensors("resampling/resampling.safetensors") }

    @Test func scoresEqualTheirDefinition() throws {
        let picture = try #require(golden["paper-up"]).unsqueezed(0)
        let truth = try #require(golden["bytes"]).unsqueezed(0)
        let expected: [Double] = try #require(golden["scores"]).scalars()
        var found: [Double] = []
        for channels in [3, 1] {
            for rounding in [false, true] {
                let scores = PaperMetrics.compare(
                    picture.sliced(axis: 1, from: 0, to: channels), truth.sliced(axis: 1, from: 0, to: channels),
                    border: 4, roundingLuma: rounding)
                found += [scores.psnr, scores.ssim]
            }
        }
        // float64 on both sides
        expectClose(Tensor(found), Tensor(expected), absolute: 1e-9)
    }

    @Test func equalPicturesAreEqualAndTheBorderDoesNotCount() throws {
        let truth = try #require(golden["bytes"]).unsqueezed(0)
        let framed = truth.to(dtype: .float32).copied()
        framed.sliced(axis: 2, from: 0, to: 4).fill(0)
        framed.sliced(axis: 3, from: 52).fill(255)
        let scores = PaperMetrics.compare(framed, truth, border: 4)
        #expect(scores.psnr == .infinity && abs(scores.ssim - 1) < 1e-12)
        #expect(PaperMetrics.compare(framed, truth, border: 3).psnr < 40)
    }

    @Test func fractionsAreRoundedBeforeTheyAreCompared() throws {
        let truth = try #require(golden["bytes"]).unsqueezed(0)
        #expect(PaperMetrics.compare(truth.to(dtype: .float32) + 0.4, truth, border: 0).psnr == .infinity)
    }

    @Test func lumaIsStudioRange() {
        let corners = Tensor([Float(0), 255, 0, 255, 0, 255], shape: [1, 3, 1, 2])
        expectClose(PaperMetrics.luma(corners), Tensor([16.0, 235], shape: [1, 1, 1, 2]), absolute: 1e-9)
    }
}
