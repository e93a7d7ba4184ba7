import Foundation
import HeirloomDatasets
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors
import TestSupport
import Testing

/// What makes small bad pictures of large good ones.
@Suite struct UpscaleDegradationTests {
    private let pictures = Tensor.uniform([3, 3, 256, 264], from: 0.1, to: 0.9, using: Generator(seed: 1))
        .meanPooled(kernel: 3, stride: 1, padding: 1, countingPadding: false)

    @Test("kernels, blur, sharpening, JPEG, resizing and the losses are those of the kit")
    func theKitPasses() throws {
        let wanted: Set<String> = ["degrade", "vgg19_perceptual", "train_step"]
        let results = try ParityKit(folder: Fixture.path("upscaler-kit")).run(runners: UpscalerParity.runners) {
            wanted.contains($0)
        }.filter { wanted.contains($0.name) }
        #expect(results.count == 3)
        for result in results { #expect(result.passes() == true, "\(result)") }
    }

    @Test func theSameSeedsGiveTheSamePictures() {
        let degradation = SecondOrderDegradation()
        func degraded(_ seed: UInt64) -> Tensor {
            var random = RandomSequence(seed)
            return degradation(pictures, random: &random, using: Generator(seed: seed))
        }
        expectEqual(degraded(3), degraded(3))
        #expect(!degraded(3).isEqual(to: degraded(4)))
    }

    @Test(arguments: [1, 2, 4]) func everyDrawFits(_ scale: Int) {
        var degradation = SecondOrderDegradation()
        degradation.scale = scale
        var random = RandomSequence(5)
        let generator = Generator(seed: 6)
        for _ in 0..<8 {
            let result = degradation(pictures, random: &random, using: generator)
            #expect(result.shape == [3, 3, 256 / scale, 264 / scale])
            #expect(result.min().item() >= 0 && result.max().item() <= 1)
            let steps = result * 255
            expectClose(steps, steps.rounded(), absolute: 1e-3)
            // Bad as it is, it shows the same picture: the means agree.
            #expect(abs(result.mean().item() - pictures.mean().item()) < 0.12)
        }
    }

    @Test func aGentleDegradationKeepsThePicture() {
        var degradation = SecondOrderDegradation()
        degradation.scale = 1
        for stage in [\SecondOrderDegradation.first, \.second] {
            degradation[keyPath: stage].blurProbability = 0
            degradation[keyPath: stage].upProbability = 0
            degradation[keyPath: stage].downProbability = 0
            degradation[keyPath: stage].gaussianProbability = 1
            (degradation[keyPath: stage].lowDeviation, degradation[keyPath: stage].highDeviation) = (0, 0)
            (degradation[keyPath: stage].lowQuality, degradation[keyPath: stage].highQuality) = (100, 100)
        }
        degradation.ringProbability = 0
        var random = RandomSequence(7)
        // Grey: JPEG halves the resolution of colour.
        let grey = pictures.sliced(axis: 1, from: 0, to: 1).expanded([-1, 3, -1, -1]).contiguous()
        expectClose(degradation(grey, random: &random, using: Generator(seed: 8)), grey, absolute: 3 / 255)
    }

    @Test func settingsSurviveJSON() throws {
        var degradation = SecondOrderDegradation()
        degradation.first.highDeviation = 12
        let copy = try JSONDecoder().decode(
            SecondOrderDegradation.self, from: try JSONEncoder().encode(degradation))
        #expect(copy == degradation)
    }

    @Test func drawsFollowTheirProbabilities() {
        var random = RandomSequence(9)
        let draw = KernelDraw()
        let kernels = (0..<4000).map { _ in draw(&random) }
        func share(_ shape: BlurKernel.Shape) -> Double {
            Double(kernels.filter { $0.shape == shape }.count) / Double(kernels.count)
        }
        // three deviations of a share of 4000 draws
        #expect(abs(share(.sinc) - 0.1) < 0.015 && abs(share(.gaussian) - 0.63) < 0.023)
        #expect(abs(share(.generalized) - 0.135) < 0.017 && abs(share(.plateau) - 0.135) < 0.017)
        #expect(kernels.allSatisfy { (7...21).contains($0.size) && $0.size % 2 == 1 })
        for kernel in kernels.prefix(50) {
            let tensor = kernel.tensor(padded: 21)
            #expect(tensor.shape == [21, 21] && abs(tensor.sum().item() - 1) < 1e-9)
        }
    }

    @Test(arguments: [0.2, 3, 7.9, 8.1, 60, 250]) func poissonNumbersHaveTheirMoments(_ mean: Double) {
        let count = 200_000
        let numbers = ShotNoise.poisson(.full([count], mean), using: Generator(seed: 10))
        let error = (mean / Double(count)).squareRoot()
        #expect(abs(numbers.mean().item() - mean) < 4 * error + 0.01, "\(numbers.mean().item())")
        #expect(abs(numbers.variance().item() / mean - 1) < 0.02, "\(numbers.variance().item())")
        let deviation = numbers - numbers.mean()
        let skew = (deviation * deviation.squared()).mean().item() / pow(mean, 1.5)
        #expect(abs(skew - 1 / mean.squareRoot()) < 0.05, "\(skew)")
        expectEqual(numbers, numbers.rounded())
        #expect(numbers.min().item() >= 0)
    }

    @Test func shotNoiseGrowsWithLight() {
        let steps = Tensor.range(from: 0, to: 256).reshaped([1, 1, 16, 16]) / 255
        let many = steps.repeated([1, 1, 20, 20])
        let noise = ShotNoise.noise(of: many, using: Generator(seed: 11))
        let (dark, bright) = ((many .< 0.1).to(dtype: .float32), (many .> 0.9).to(dtype: .float32))
        func deviation(_ mask: Tensor) -> Double { ((noise.squared() * mask).sum() / mask.sum()).sqrt().item() }
        // All 256 values occur, so white counts 256 photons: a deviation of a sixteenth.
        #expect(abs(deviation(bright) - (0.95 / 256.0).squareRoot()) < 0.004)
        #expect(deviation(dark) < deviation(bright) / 3)
    }

    @Test func aPoolGivesEveryPairBackOnce() {
        let pool = PairPool(capacity: 8)
        var random = RandomSequence(12)
        var seen: [Float] = []
        for batch in 0..<30 {
            let input = Tensor((0..<4).map { Float(batch * 4 + $0) }, shape: [4, 1, 1, 1])
            let (a, b) = pool.exchange(input: input, truth: input * 10, random: &random)
            expectEqual(a * 10, b)
            if batch >= 2 { seen += a.floats }
        }
        #expect(Set(seen).count == seen.count && seen.count == 112)
        #expect(seen != seen.sorted())
    }

    @Test func cropsFit() {
        var random = RandomSequence(13)
        let small = Tensor.uniform([2, 3, 20, 30], using: Generator(seed: 14))
        let large = small.repeatedElements(4, axis: 2).repeatedElements(4, axis: 3)
        var places: Set<[Float]> = []
        for _ in 0..<20 {
            let (a, b) = PairedCrop.cut(input: small, truth: large, side: 32, random: &random)
            #expect(a.shape == [2, 3, 8, 8] && b.shape == [2, 3, 32, 32])
            expectEqual(a.repeatedElements(4, axis: 2).repeatedElements(4, axis: 3), b)
            places.insert(Array(a.floats.prefix(2)))
        }
        #expect(places.count > 10)
    }

    @Test func jpegOfHigherQualityIsCloser() {
        let x = pictures.sliced(axis: 0, from: 0, to: 2)
        func error(_ quality: Double) -> Double { (JPEGRoundTrip()(x, quality: [quality]) - x).squared().mean().item() }
        #expect(error(90) < error(60) && error(60) < error(20))
        // Each picture has a quality of its own.
        let both = JPEGRoundTrip()(x, quality: [90, 20])
        expectClose(
            both.sliced(axis: 0, from: 1), JPEGRoundTrip()(x.sliced(axis: 0, from: 1), quality: [20]), absolute: 1e-5)
        expectClose(
            both.sliced(axis: 0, from: 0, to: 1), JPEGRoundTrip()(x.sliced(axis: 0, from: 0, to: 1), quality: [90]),
            absolute: 1e-5)
    }
}
