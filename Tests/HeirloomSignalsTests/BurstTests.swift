import Foundation
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

/// Fusion of bursts, on frames made without this program's code (`Fixtures/burst/make_burst.py`).
@Suite struct BurstTests {
    private let scene: Tensor
    private let frames: [Tensor]
    private let shifts: [Double]

    init() throws {
        let golden = try Fixture.tensors("burst/burst.safetensors")
        scene = try #require(golden["scene"]).unsqueezed(0).to(dtype: .float32) / 255
        frames = try #require(golden["frames"]).to(dtype: .float32).split(every: 1, axis: 0).map { $0 / 255 }
        shifts = try #require(golden["shifts"]).scalars()
    }

    /// PSNR of luma without the border, which is not corrected.
    private func psnr(_ picture: Tensor) -> Double {
        func inner(_ x: Tensor) -> Tensor {
            YCbCrMatrix.bt601.luma(of: x).sliced(axis: 2, from: 8, to: 104).sliced(axis: 3, from: 8, to: 104)
        }
        return FidelityMetrics.psnr(inner(picture), inner(scene)).item()
    }

    /// The result of the first frame alone: the others show something else.
    private func single(_ count: Int = 1) throws -> BurstResult {
        let others = (0..<count).map { Tensor.uniform(frames[0].shape, using: Generator(seed: UInt64($0 + 1))) }
        var settings = BurstSettings()
        settings.reference = 0
        return try BurstFusion(settings: settings)([frames[0]] + others, scale: 2)
    }

    @Test func eightFramesTellMoreThanOne() throws {
        let result = try BurstFusion()(frames, scale: 2)
        #expect(result.picture.shape == [1, 3, 112, 112] && result.reference == 0 && result.leftOut.isEmpty)
        let bicubic = psnr(frames[0].resampled(height: 112, width: 112, kernel: .bicubic).clamped(to: 0...1))
        let alone = psnr(try single().picture)
        let fused = psnr(result.picture)
        #expect(fused > bicubic + 3, "\(fused) dB, bicubic \(bicubic)")
        #expect(fused > max(alone, bicubic) + 1.5, "\(fused) dB, alone \(alone)")
        // Noise of one step of 8 bits, and rounding.
        #expect((0.3...2).contains(result.noise * 255), "\(result.noise * 255)")
    }

    @Test func registrationIsGoodToHundredths() throws {
        let result = try BurstFusion()(frames, scale: 2)
        let errors = try result.shifts.enumerated().dropFirst().map { index, shift in
            let found = try #require(shift)
            return hypot(found.down - shifts[2 * index], found.right - shifts[2 * index + 1])
        }.sorted()
        // Frames of 56 pixels: larger ones are ten times as good.
        #expect(errors[errors.count / 2] < 0.02 && errors[errors.count - 1] < 0.1, "\(errors)")
    }

    @Test func exposureDoesNotMatter() throws {
        let plain = psnr(try BurstFusion()(frames, scale: 2).picture)
        let exposed = frames.enumerated().map { index, frame in
            index % 2 == 0 ? frame : (frame * (0.7 + 0.05 * Double(index)) + 0.03)
        }
        let result = try BurstFusion()(exposed, scale: 2)
        #expect(result.leftOut.isEmpty)
        #expect(psnr(result.picture) > plain - 0.5, "\(psnr(result.picture)) dB instead of \(plain)")
        let gain = try #require(result.motions[3]).gain
        #expect(abs(gain - 0.85) < 0.02, "\(gain)")
    }

    @Test func aFewBadFramesAreNamedAndLeftOut() throws {
        let plain = try BurstFusion()(frames, scale: 2)
        let strange = Tensor.uniform(frames[0].shape, using: Generator(seed: 7))
        let upside = frames[2].flipped([2])
        let result = try BurstFusion()([strange] + frames + [upside], scale: 2)
        // The scene that most frames show wins, though the first frame shows another.
        #expect(result.reference == 1)
        #expect(result.leftOut.map(\.index) == [0, 9] && result.leftOut.allSatisfy { !$0.reason.isEmpty })
        #expect(result.weights[0] == 0 && result.weights[9] == 0 && result.motions[0] == nil)
        expectEqual(result.picture, plain.picture)
    }

    @Test func unrelatedFramesGiveTheResultOfOne() throws {
        let (one, three) = (try single(1), try single(3))
        expectEqual(three.picture, one.picture)
        #expect(three.leftOut.map(\.index) == [1, 2, 3] && three.weights == [1, 0, 0, 0])
    }

    @Test func whatMovesIsTakenFromTheReference() throws {
        let moved = frames.enumerated().map { index, frame -> Tensor in
            let copy = frame.copied()
            copy.sliced(axis: 2, from: 24, to: 32).sliced(axis: 3, from: 4 + 5 * index, to: 12 + 5 * index).fill(0.65)
            return copy
        }
        let result = try BurstFusion()(moved, scale: 2)
        #expect(result.leftOut.isEmpty)
        func area(_ x: Tensor, _ columns: Range<Int>) -> Tensor {
            YCbCrMatrix.bt601.luma(of: x).sliced(axis: 2, from: 52, to: 60)
                .sliced(axis: 3, from: columns.lowerBound, to: columns.upperBound)
        }
        // Where the reference shows the object it is whole; where only later frames show it there is no trace of it.
        #expect(area(result.picture, 12..<20).min().item() > 0.6)
        let clean = try BurstFusion()(frames, scale: 2)
        let trace = (area(result.picture, 44..<92) - area(clean.picture, 44..<92)).abs().max().item()
        #expect(trace < 0.12, "\(trace)")
    }

    @Test func noiseIsNotSharpened() throws {
        let noise = Generator(seed: 3)
        let noisy = frames.map {
            ($0 + Tensor.normal($0.shape, standardDeviation: 8 / 255, using: noise)).clamped(to: 0...1)
        }
        let result = try BurstFusion()(noisy, scale: 2)
        let bicubic = noisy[0].resampled(height: 112, width: 112, kernel: .bicubic).clamped(to: 0...1)
        #expect(psnr(result.picture) > psnr(bicubic) + 2, "\(psnr(result.picture)) dB, bicubic \(psnr(bicubic))")
        // One noisy frame is not made worse than plain enlargement makes it.
        var settings = BurstSettings()
        settings.reference = 0
        let strange = Tensor.uniform(frames[0].shape, using: Generator(seed: 7))
        let alone = try BurstFusion(settings: settings)([noisy[0], strange], scale: 2)
        #expect(psnr(alone.picture) > psnr(bicubic) - 0.3, "\(psnr(alone.picture)) dB, bicubic \(psnr(bicubic))")
    }

    @Test(arguments: [1, 3, 4]) func otherScalesFit(_ scale: Int) throws {
        let picture = try BurstFusion()(Array(frames[0..<3]), scale: scale).picture
        #expect(picture.shape == [1, 3, 56 * scale, 56 * scale] && picture.isFinite().all().item() == 1)
        // Brought back to its size it is the reference.
        let back = picture.resampled(height: 56, width: 56, kernel: .area)
        #expect(FidelityMetrics.psnr(back, frames[0]).item() > 26)
    }

    @Test func flatFramesDoNoHarm() throws {
        let flat = Tensor.full([1, 3, 24, 40], 0.4)
        let result = try BurstFusion()([flat, flat, flat], scale: 2)
        expectClose(result.picture, .full([1, 3, 48, 80], 0.4), absolute: 1e-3)
    }

    @Test func whatIsNoBurstIsRefused() {
        #expect(throws: BurstError.self) { try BurstFusion()([], scale: 2) }
        let one = #expect(throws: BurstError.self) { try BurstFusion()([frames[0]], scale: 2) }
        #expect(one?.description.contains("at least two") == true)
        let sizes = #expect(throws: BurstError.self) {
            try BurstFusion()([frames[0], frames[1].sliced(axis: 3, from: 0, to: 50)], scale: 2)
        }
        #expect(sizes?.description.contains("50×56") == true, "\(sizes?.description ?? "")")
        #expect(throws: BurstError.self) {
            try BurstFusion()([Tensor.zeros([1, 3, 9, 40]), Tensor.zeros([1, 3, 9, 40])], scale: 2)
        }
    }
}
