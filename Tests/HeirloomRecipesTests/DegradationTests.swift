import Foundation
import HeirloomRecipes
import HeirloomTensors
import TestSupport
import Testing

/// Shrinking photographs as they are found.
@Suite struct PhotoDegradationTests {
    private let pictures = Tensor.uniform([6, 3, 48, 64], from: 0.1, to: 0.9, using: Generator(seed: 1))
        .meanPooled(kernel: 5, stride: 1, padding: 2, countingPadding: false)

    @Test(arguments: [2, 4]) func givesSmallPicturesInSteps(_ scale: Int) {
        let strong = PhotoDegradation(
            cleanShare: 0, blurProbability: 1, blur: 3, noiseProbability: 1, noise: 60, jpegProbability: 1,
            lowQuality: 5)
        for degradation in [PhotoDegradation(), strong] {
            let small = degradation(pictures, scale: scale, using: Generator(seed: 2))
            #expect(small.shape == [6, 3, 48 / scale, 64 / scale] && small.dtype == .float32)
            #expect(small.min().item() >= 0 && small.max().item() <= 1)
            expectClose(small * 255, (small * 255).rounded(), absolute: 1e-3)
            #expect(abs(small.mean().item() - pictures.mean().item()) < 0.05)
        }
    }

    @Test func isAFunctionOfItsGenerator() {
        func degraded(_ seed: UInt64) -> Tensor { PhotoDegradation()(pictures, scale: 2, using: Generator(seed: seed)) }
        expectEqual(degraded(3), degraded(3))
        #expect(!degraded(3).isEqual(to: degraded(4)))
    }

    @Test func cleanPicturesAreBicubicAndNothingElse() {
        let clean = PhotoDegradation(
            cleanShare: 1, blurProbability: 1, blur: 3, noiseProbability: 1, noise: 90, jpegProbability: 1,
            lowQuality: 1,
            highQuality: 2)(pictures, scale: 4, using: Generator(seed: 5))
        let bicubic = pictures.resized(height: 12, width: 16, mode: .bicubic, antialias: true)
        expectEqual(clean, (bicubic * 255).rounded().clamped(to: 0...255) / 255)
        expectEqual(clean, UpscaleDegradation.bicubic(pictures, scale: 4, using: Generator(seed: 6)))
    }

    /// About as many are clean as was asked for, the others differ, and each in its own way.
    @Test func everyPictureHasItsOwnDraws() {
        let same = pictures[0..<1].expanded([64, -1, -1, -1])
        let small = PhotoDegradation(cleanShare: 0.5)(same, scale: 4, using: Generator(seed: 7))
        let clean = UpscaleDegradation.bicubic(same, scale: 4, using: Generator(seed: 7))
        let errors = (small - clean).abs().mean(axes: [1, 2, 3]).floats
        let unchanged = errors.filter { $0 == 0 }.count
        #expect((20...44).contains(unchanged))
        #expect(Set(errors).count > 15)
    }

    /// Blur lowers the differences of neighbours, noise raises them, its deviation is limited.
    @Test func eachPartDoesWhatItSays() {
        func roughness(_ x: Tensor) -> Double {
            x.sliced(axis: 3, from: 1).l1Loss(x.sliced(axis: 3, from: 0, to: x.shape[3] - 1)).item()
        }
        func degraded(_ change: (inout PhotoDegradation) -> Void) -> Tensor {
            var degradation = PhotoDegradation(
                cleanShare: 0, blurProbability: 0, shrinking: [0, 0, 1], noiseProbability: 0, jpegProbability: 0)
            change(&degradation)
            return degradation(pictures, scale: 2, using: Generator(seed: 8))
        }
        let plain = degraded { _ in }
        expectEqual(plain, UpscaleDegradation.bicubic(pictures, scale: 2, using: Generator(seed: 9)))
        #expect(roughness(degraded { ($0.blurProbability, $0.blur) = (1, 3) }) < 0.9 * roughness(plain))
        let noise = degraded { ($0.noiseProbability, $0.noise, $0.shotProbability) = (1, 20, 0) } - plain
        #expect(noise.standardDeviation(axes: [1, 2, 3]).floats.allSatisfy { $0 < 21 / 255 && $0 > 0 })
        let grey = degraded { ($0.noiseProbability, $0.noise, $0.greyNoiseProbability) = (1, 20, 1) } - plain
        expectClose(grey.sliced(axis: 1, from: 0, to: 1), grey.sliced(axis: 1, from: 2), absolute: 0.008)
        #expect(!degraded { ($0.jpegProbability, $0.lowQuality, $0.highQuality) = (1, 20, 30) }.isEqual(to: plain))
        #expect(!degraded { $0.shrinking = [1, 0, 0] }.isEqual(to: degraded { $0.shrinking = [0, 1, 0] }))
    }

    @Test func theSecondOrderModelGivesWholeBatches() {
        let degradation = UpscaleDegradation(.realESRGAN)
        let side = (degradation.smallestSide(scale: 4) + 3) / 4 * 4
        let large = Tensor.uniform([6, 3, side, side], using: Generator(seed: 1))
        let small = degradation(large, scale: 4, using: Generator(seed: 2))
        #expect(small.shape == [6, 3, side / 4, side / 4] && small.isFinite().all().item() == 1)
        expectEqual(small, degradation(large, scale: 4, using: Generator(seed: 2)))
    }

    @Test func settingsSurviveJSON() throws {
        for kind in UpscaleDegradation.Kind.allCases {
            let data = try JSONEncoder().encode(UpscaleDegradation(kind))
            #expect(try JSONDecoder().decode(UpscaleDegradation.self, from: data) == UpscaleDegradation(kind))
        }
    }
}

/// Compression on the device.
@Suite struct JPEGRoundTripTests {
    private let jpeg = JPEGRoundTrip(precision: .float32, published: false)

    /// What is left lies on the blocks' grid of cosines: compressing again at the same quality changes next to nothing.
    @Test func compressingTwiceIsCompressingOnce() {
        let noise = Tensor.uniform([2, 1, 32, 40], from: 0.3, to: 0.7, using: Generator(seed: 1))
        let quality = Tensor([Float(30), 60])
        let once = jpeg.grey(noise, quality: quality)
        #expect(once.l1Loss(noise).item() > 0.02)
        expectClose(jpeg.grey(once, quality: quality), once, absolute: 2e-3)
        // Of another grid it is not: blocks are seen.
        let shifted = once.sliced(axis: 3, from: 4, to: 36)
        #expect(jpeg.grey(shifted, quality: quality).l1Loss(shifted).item() > 0.01)
    }

    @Test func worseQualityIsWorse() {
        let x = Tensor.uniform([1, 3, 24, 24], using: Generator(seed: 2)).meanPooled(
            kernel: 3, stride: 1, padding: 1, countingPadding: false)
        let errors = [10.0, 40, 70, 95].map { jpeg(x, quality: [$0]).l1Loss(x).item() }
        #expect(errors == errors.sorted(by: >) && errors[3] < 0.05)
    }

    /// A grey picture through the colour path is the grey path, and beyond the border the last pixels count.
    @Test func greyIsGrey() {
        let x = Tensor.uniform([2, 1, 19, 21], using: Generator(seed: 3))
        let quality = Tensor([Float(50), 80])
        let colored = jpeg(x.expanded([-1, 3, -1, -1]), quality: quality)
        expectClose(colored.mean(axes: [1], keepingDimensions: true), jpeg.grey(x, quality: quality), absolute: 2e-3)
        let flat = Tensor.full([1, 3, 17, 17], 0.5)
        #expect((jpeg(flat, quality: [20]) - flat).abs().max().item() < 0.02)
        #expect((JPEGRoundTrip()(flat, quality: [20]) - flat).abs().max().item() > 0.05, "black beyond the border")
    }
}
