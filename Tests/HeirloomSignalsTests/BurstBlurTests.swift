import Foundation
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

/// Fusion of bursts whose blur is not known beforehand, up to the border (`Fixtures/burst/make_burst.py`).
@Suite struct BurstBlurTests {
    private let scene: Tensor
    private let golden: [String: Tensor]

    init() throws {
        golden = try Fixture.tensors("burst/burst.safetensors")
        scene = YCbCrMatrix.bt601.luma(of: try #require(golden["scene"]).unsqueezed(0).to(dtype: .float32) / 255)
    }

    private func frames(_ name: String) throws -> [Tensor] {
        try #require(golden[name]).to(dtype: .float32).split(every: 1, axis: 0).map { $0 / 255 }
    }

    private func enlarged(_ frame: Tensor, _ kernel: ResamplingKernel) -> Tensor {
        frame.resampled(height: 112, width: 112, kernel: kernel).clamped(to: 0...1)
    }

    /// PSNR of luma over all of the picture, or over its outermost rows and columns alone.
    private func psnr(_ picture: Tensor, border: Int? = nil) -> Double {
        let errors = (YCbCrMatrix.bt601.luma(of: picture) - scene).squared()
        guard let border else { return -10 * log10(errors.mean().item()) }
        let inner = errors.sliced(axis: 2, from: border, to: 112 - border)
            .sliced(axis: 3, from: border, to: 112 - border)
        let count = 112 * 112 - (112 - 2 * border) * (112 - 2 * border)
        return -10 * log10((errors.sum() - inner.sum()).item() / Double(count))
    }

    @Test(arguments: ["sharp", "frames", "soft"], [0.0, 5])
    func anyBlurGainsOverOneFrame(_ name: String, _ noise: Double) throws {
        let generator = Generator(seed: 12)
        let burst = try frames(name).map {
            ($0 + Tensor.normal($0.shape, standardDeviation: noise / 255, using: generator)).clamped(to: 0...1)
        }
        let plain = max(psnr(enlarged(burst[0], .bicubic)), psnr(enlarged(burst[0], .lanczos3)))
        let result = try BurstFusion()(burst, scale: 2)
        let fused = psnr(result.picture)
        #expect(fused > plain + 0.5, "\(fused) dB, one frame \(plain); blur \(result.pointSpread)")
    }

    @Test func theBlurIsFoundFromTheFrames() throws {
        let found = try ["sharp", "soft"].map { try BurstFusion()(frames($0), scale: 2).pointSpread }
        #expect(found[0] < found[1], "\(found)")
        var settings = BurstSettings()
        settings.pointSpread = 0.45
        #expect(try BurstFusion(settings: settings)(frames("sharp"), scale: 2).pointSpread == 0.45)
        // Two frames have to do as well.
        let two = try BurstFusion()(Array(frames("sharp")[0..<2]), scale: 2)
        let (fused, plain) = (psnr(two.picture), psnr(enlarged(try frames("sharp")[0], .bicubic)))
        #expect(fused > plain - 0.1, "\(fused) dB, one frame \(plain); blur \(two.pointSpread)")
    }

    @Test(arguments: [2, 4, 8]) func theBorderIsAsGoodAsTheRest(_ border: Int) throws {
        let burst = try frames("frames")
        let picture = try BurstFusion()(burst, scale: 2).picture
        let plain = enlarged(burst[0], .bicubic)
        let (outer, all) = (psnr(picture, border: border) - psnr(plain, border: border), psnr(picture) - psnr(plain))
        #expect(outer > 1.5 && outer > all - 3, "gains \(outer) dB in \(border) rows, \(all) dB in all")
    }

    @Test func turnedFramesAreForetoldToo() throws {
        // The second half of the burst is read along a motion that changes over the picture.
        let burst = try frames("frames").enumerated().map { index, frame -> Tensor in
            guard index > 1 else { return frame }
            let places = (Tensor.range(from: 0, to: 56) - 27.5) * (0.004 * Double(index - 4))
            let flow = concatenated(
                [
                    places.reshaped([1, 1, 56, 1]).expanded([1, 1, 56, 56]),
                    (places * -1).reshaped([1, 1, 1, 56]).expanded([1, 1, 56, 56]),
                ], axis: 1)
            return Warp(flow: flow, isSmooth: true)(frame)
        }
        let result = try BurstFusion()(burst, scale: 2)
        #expect(result.motions.contains { $0.map { !$0.isShift } ?? false })
        let (fused, plain) = (psnr(result.picture), psnr(enlarged(burst[0], .lanczos3)))
        #expect(fused > plain, "\(fused) dB, one frame \(plain); blur \(result.pointSpread)")
    }
}
