import Foundation
import HeirloomRecipes
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

/// Old black-and-white pictures of colour photographs.
@Suite struct GreyingDegradationTests {
    private let rgb = Tensor.uniform([5, 3, 24, 28], from: 0.05, to: 0.95, using: Generator(seed: 1))
    private var luma: Tensor { YCbCrMatrix.bt601.luma(of: rgb) }

    private static var strongest: GreyingDegradation {
        var all = GreyingDegradation.film
        (all.orthochromaticProbability, all.blueProbability, all.sensitivity) = (0.5, 0.4, 1)
        (all.logGamma, all.curve, all.lowContrast, all.highContrast, all.brightness) = (1, 1, 0.2, 3, 0.5)
        (all.blurProbability, all.blur, all.grainProbability, all.grain, all.grainSize) = (1, 2, 1, 0.5, 2)
        (all.vignette, all.flicker, all.scratchProbability, all.scratch) = (1, 0.5, 1, 1)
        (all.dustProbability, all.dust, all.jpegProbability, all.lowQuality) = (1, 0.1, 1, 1)
        return all
    }

    @Test func withoutStrengthNothingChanges() {
        expectEqual(GreyingDegradation()(luma, using: Generator(seed: 2)), luma)
        expectEqual(GreyingDegradation()(rgb: rgb, using: Generator(seed: 2)), luma)
    }

    @Test func staysInRange() {
        let ends = concatenated([rgb, rgb * 0, rgb * 0 + 1], axis: 0)
        for degradation in [GreyingDegradation.film, Self.strongest] {
            for result in [
                degradation(rgb: ends, using: Generator(seed: 3)),
                degradation(YCbCrMatrix.bt601.luma(of: ends), using: Generator(seed: 3)),
            ] {
                #expect(result.shape == [15, 1, 24, 28] && result.dtype == .float32)
                #expect(result.min().item() >= 0 && result.max().item() <= 1)
                #expect(result.isFinite().all().item() == 1)
            }
        }
    }

    @Test func isAFunctionOfItsGenerator() {
        let generator = Generator(seed: 4)
        let (first, second) = (Self.strongest(luma, using: generator), Self.strongest(luma, using: generator))
        expectEqual(Self.strongest(luma, using: Generator(seed: 4)), first)
        #expect(!second.isEqual(to: first))
        let same = luma[0..<1].expanded([8, -1, -1, -1])
        #expect(Set(GreyingDegradation.film(same, using: generator).mean(axes: [1, 2, 3]).floats).count == 8)
    }

    private func changed(_ x: Tensor, seed: UInt64 = 6, _ set: (inout GreyingDegradation) -> Void) -> Tensor {
        var degradation = GreyingDegradation()
        set(&degradation)
        return x.shape[1] == 3
            ? degradation(rgb: x, using: Generator(seed: seed)) : degradation(x, using: Generator(seed: seed))
    }

    /// Red lips are black on old film, a blue sky is white; grey stays grey whatever the film sees.
    @Test func filmsSeeColours() {
        func flat(_ rgb: [Float]) -> Tensor { Tensor(rgb, shape: [1, 3, 1, 1]).expanded([8, 3, 4, 4]) }
        let (red, blue, grey) = (flat([0.8, 0.1, 0.1]), flat([0.1, 0.1, 0.8]), flat([0.5, 0.5, 0.5]))
        func brightness(_ x: Tensor, _ set: (inout GreyingDegradation) -> Void) -> Double {
            changed(x, set).mean().item()
        }
        let ordinary = brightness(red) { _ in }
        #expect(brightness(red) { $0.orthochromaticProbability = 1 } < 0.7 * ordinary)
        #expect(brightness(blue) { $0.blueProbability = 1 } > 2 * (brightness(blue) { _ in }))
        let spread = changed(red) { $0.sensitivity = 0.5 }.mean(axes: [1, 2, 3]).floats
        #expect(Set(spread).count == 8)
        for set: (inout GreyingDegradation) -> Void in [
            { $0.orthochromaticProbability = 1 }, { $0.blueProbability = 1 }, { $0.sensitivity = 1 },
        ] { #expect(abs(brightness(grey, set) - 0.5) < 1e-4) }
    }

    @Test func tonesKeepTheirOrder() {
        let ramp = Tensor.linspace(from: 0, to: 1, count: 64).reshaped([1, 1, 1, 64]).expanded([8, 1, 1, -1])
        for result in [changed(ramp) { $0.curve = 1 }, changed(ramp) { $0.logGamma = 0.5 }] {
            let steps = result.sliced(axis: 3, from: 1) - result.sliced(axis: 3, from: 0, to: 63)
            #expect(steps.min().item() >= 0)
            expectClose(result.sliced(axis: 3, from: 0, to: 1), ramp.sliced(axis: 3, from: 0, to: 1), absolute: 1e-6)
            expectClose(result.sliced(axis: 3, from: 63), ramp.sliced(axis: 3, from: 63), absolute: 1e-6)
        }
        // The S presses shadows and lights, and leaves mid-grey.
        let bent = changed(ramp) { $0.curve = 1 } - ramp
        #expect(bent.sliced(axis: 3, from: 0, to: 31).max().item() <= 1e-6)
        #expect(bent.sliced(axis: 3, from: 33).min().item() >= -1e-6)
    }

    /// Grain keeps the tone; larger grains resemble their neighbours.
    @Test func grainHasASize() {
        let flat = Tensor.full([4, 1, 96, 96], 0.5)
        func neighbours(_ x: Tensor) -> Double {
            let noise = x - x.mean(axes: [2, 3], keepingDimensions: true)
            let product = noise.sliced(axis: 3, from: 1) * noise.sliced(axis: 3, from: 0, to: 95)
            return product.mean().item() / noise.squared().mean().item()
        }
        func grain(_ size: Double) -> Tensor {
            changed(flat) { ($0.grainProbability, $0.grain, $0.grainSize) = (1, 0.1, size) }
        }
        #expect(abs(grain(0).mean().item() - 0.5) < 0.005 && abs(grain(1.5).mean().item() - 0.5) < 0.005)
        #expect(abs(neighbours(grain(0))) < 0.05 && neighbours(grain(1.5)) > 0.3)
        #expect((grain(1.5) - flat).standardDeviation(axes: [1, 2, 3]).floats.allSatisfy { $0 < 0.11 && $0 > 0 })
    }

    @Test func cornersAndLight() {
        let flat = Tensor.full([4, 1, 33, 41], 0.8)
        let dark = changed(flat) { $0.vignette = 0.5 }
        expectClose(dark[0..<4, 0..<1, 16..<17, 20..<21], .full([4, 1, 1, 1], 0.8), absolute: 1e-6)
        let corner = dark[0..<4, 0..<1, 0..<1, 0..<1].flattened().floats
        #expect(corner.allSatisfy { $0 >= 0.4 && $0 < 0.8 } && Set(corner).count == 4)
        let flicker = changed(flat) { $0.flicker = 0.1 }
        #expect((flicker / flat).min().item() >= 0.9 - 1e-5 && (flicker / flat).max().item() <= 1.1 + 1e-5)
    }

    @Test func scratchesAreUprightAndDustIsRare() {
        let flat = Tensor.full([6, 1, 48, 48], 0.5)
        let scratched = (changed(flat) { ($0.scratchProbability, $0.scratch) = (1, 0.5) } - flat).abs()
        // Along a column a scratch stays, along a row it does not.
        let (down, across) = (
            scratched.sliced(axis: 2, from: 1).l1Loss(scratched.sliced(axis: 2, from: 0, to: 47)).item(),
            scratched.sliced(axis: 3, from: 1).l1Loss(scratched.sliced(axis: 3, from: 0, to: 47)).item()
        )
        #expect(across > 5 * down && scratched.max().item() <= 0.5 + 1e-6)
        #expect(scratched.mean().item() < 0.1 && scratched.max().item() > 0.1)
        let dusty = (changed(flat) { ($0.dustProbability, $0.dust) = (1, 0.01) } - flat).abs()
        let covered = (dusty .> 0.1).to(dtype: .float32).mean().item()
        #expect(covered > 0.002 && covered < 0.04)
    }

    /// Records of trained models go on to be read.
    @Test func readsTheRecordsOfLumaDegradation() throws {
        let old = try JSONEncoder().encode(LumaDegradation(logGamma: 0.2, blurProbability: 0.1, grain: 0.03))
        let read = try JSONDecoder().decode(GreyingDegradation.self, from: old)
        #expect(read.logGamma == 0.2 && read.blurProbability == 0.1 && read.blur > 0 && read.grain == 0.03)
        #expect(read.vignette == 0 && read.jpegProbability == 0 && read.orthochromaticProbability == 0)
        let data = try JSONEncoder().encode(Self.strongest)
        #expect(try JSONDecoder().decode(GreyingDegradation.self, from: data) == Self.strongest)
        #expect(try JSONDecoder().decode(GreyingDegradation.self, from: Data("{}".utf8)) == GreyingDegradation())
    }
}
