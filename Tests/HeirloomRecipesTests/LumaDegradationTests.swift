import Foundation
import HeirloomRecipes
import HeirloomTensors
import TestSupport
import Testing

@Suite struct LumaDegradationTests {
    private let luma = Tensor.uniform([6, 1, 20, 24], using: Generator(seed: 1))
    private static let nothing = LumaDegradation(
        logGamma: 0, lowContrast: 1, highContrast: 1, brightness: 0, blurProbability: 0, grainProbability: 0, grain: 0)

    @Test func staysInRange() {
        let strong = LumaDegradation(
            logGamma: 1, lowContrast: 0.2, highContrast: 3, brightness: 0.5, blurProbability: 1, grainProbability: 1,
            grain: 0.5)
        for degradation in [LumaDegradation(), strong] {
            let result = degradation(concatenated([luma, luma * 0, luma * 0 + 1], axis: 0), using: Generator(seed: 2))
            #expect(result.shape == [18, 1, 20, 24] && result.dtype == .float32)
            #expect(result.min().item() >= 0 && result.max().item() <= 1)
        }
    }

    @Test func isAFunctionOfItsGenerator() {
        let degradation = LumaDegradation()
        let generator = Generator(seed: 3)
        let (first, second) = (degradation(luma, using: generator), degradation(luma, using: generator))
        expectEqual(degradation(luma, using: Generator(seed: 3)), first)
        #expect(!second.isEqual(to: first))
    }

    @Test func withoutStrengthItIsTheIdentity() {
        // the power function wants numbers above 0.001
        expectClose(Self.nothing(luma, using: Generator(seed: 4)), luma.clamped(to: 1e-3...1), absolute: 1e-6)
    }

    @Test func everyPictureHasItsOwnDraws() {
        let same = luma[0..<1].expanded([8, -1, -1, -1])
        let means = LumaDegradation()(same, using: Generator(seed: 5)).mean(axes: [1, 2, 3]).floats
        #expect(Set(means).count == 8)
    }

    @Test func eachPartDoesWhatItSays() {
        func changed(_ set: (inout LumaDegradation) -> Void) -> Tensor {
            var degradation = Self.nothing
            set(&degradation)
            return degradation(luma, using: Generator(seed: 6))
        }
        let log = { (x: Tensor) in x.log() }
        // gamma: the same factor on the logarithm of every pixel of a picture
        let gamma = changed { $0.logGamma = 0.3 }
        let exponents = log(gamma) / log(luma.clamped(to: 1e-3...1))
        let middle = exponents.masked((luma .> 0.05) .& (luma .< 0.9)).floats
        #expect(middle.allSatisfy { $0 > exp(-0.301) && $0 < exp(0.301) })
        #expect(Set(middle.map { ($0 * 100).rounded() }).count <= 12, "more than one exponent a picture")
        // contrast turns about mid-grey
        let contrast = changed { ($0.lowContrast, $0.highContrast) = (0.5, 0.5) }
        expectClose(contrast, (luma.clamped(to: 1e-3...1) - 0.5) * 0.5 + 0.5, absolute: 1e-6)
        // brightness moves whole pictures, by no more than it says
        let moved = changed { $0.brightness = 0.1 } - luma
        let inside = (luma .> 0.15) .& (luma .< 0.85)
        #expect(moved.masked(inside).floats.allSatisfy { abs($0) <= 0.1001 })
        #expect(Set(moved.masked(inside).floats.map { ($0 * 1000).rounded() }).count <= 12)
        // softening lowers the differences between neighbours, and keeps the mean
        let soft = changed { $0.blurProbability = 1 }
        func roughness(_ x: Tensor) -> Double {
            x.sliced(axis: 3, from: 1).l1Loss(x.sliced(axis: 3, from: 0, to: 23)).item()
        }
        #expect(roughness(soft) < 0.9 * roughness(luma) && abs(soft.mean().item() - luma.mean().item()) < 0.01)
        // grain: independent of the neighbour, of limited strength
        let grain = changed { ($0.grainProbability, $0.grain) = (1, 0.05) } - luma
        let strengths = grain.standardDeviation(axes: [1, 2, 3]).floats
        #expect(strengths.allSatisfy { $0 < 0.055 } && (strengths.max() ?? 0) > 0.01)
    }
}
