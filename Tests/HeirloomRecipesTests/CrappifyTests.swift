import Foundation
import HeirloomRecipes
import HeirloomTensors
import TestSupport
import Testing

/// Small, written over, compressed.
@Suite struct CrappifyTests {
    private let pictures = Tensor.uniform([3, 3, 40, 52], from: 0, to: 0.6, using: Generator(seed: 1))
        .meanPooled(kernel: 5, stride: 1, padding: 2, countingPadding: false)

    @Test func sizesAndRange() {
        let settings = Crappify(shortSide: 24, noise: 10)
        let same = settings(pictures, using: Generator(seed: 2))
        #expect(same.shape == pictures.shape && same.min().item() >= 0 && same.max().item() <= 1)
        var small = settings
        small.restoresSize = false
        #expect(small(pictures, using: Generator(seed: 2)).shape == [3, 3, 24, 31])
        // The longer side is rounded down: 52 · 24 / 40 = 31.2; pictures that are small enough stay.
        #expect(Crappify(shortSide: 96)(pictures, using: Generator(seed: 2)).shape == pictures.shape)
    }

    @Test func isAFunctionOfItsGenerator() {
        let settings = Crappify(shortSide: 24, noise: 5)
        let generator = Generator(seed: 3)
        let (first, second) = (settings(pictures, using: generator), settings(pictures, using: generator))
        expectEqual(settings(pictures, using: Generator(seed: 3)), first)
        #expect(!first.isEqual(to: second))
    }

    /// At the best quality, without text and at its own size next to nothing is left to do.
    @Test func withoutStrengthItKeepsThePicture() {
        let gentle = Crappify(shortSide: 40, textProbability: 0, lowQuality: 100, highQuality: 100)
        let grey = pictures.mean(axes: [1], keepingDimensions: true).expanded([-1, 3, -1, -1])
        expectClose(gentle(grey, using: Generator(seed: 4)), grey, absolute: 0.004)
    }

    /// Digits of the size of a 5 × 7 font are written, the same quality as the same dots; they begin in the first quarter.
    @Test func theQualityIsWritten() {
        let black = Tensor.zeros([20, 3, 64, 96])
        let settings = Crappify(shortSide: 64, lowQuality: 88, highQuality: 88)
        let written = settings(black, using: Generator(seed: 5)).sliced(axis: 1, from: 1, to: 2)
        let dots = (written .> 0.5).to(dtype: .float32)
        // An 8 has 17 dots, of which compression at 88 keeps all above one half.
        let counts = dots.sum(axes: [1, 2, 3]).floats
        #expect(counts.allSatisfy { $0 == 34 }, "\(counts)")
        let columns = dots.max(axes: [1, 2]).sum(axes: [1]).floats
        #expect(columns.allSatisfy { $0 == 10 }, "\(columns)")
        #expect(Set((dots * Tensor.linspace(from: 0, to: 1, count: 96)).sum(axes: [1, 2, 3]).floats).count > 10)
        let none = Crappify(shortSide: 64, textProbability: 0)(black, using: Generator(seed: 5))
        #expect(none.max().item() < 0.05)
        let large = Crappify(shortSide: 64, textSize: 2, lowQuality: 88, highQuality: 88)(
            black, using: Generator(seed: 5))
        #expect((large .> 0.5).to(dtype: .float32).sum().item() > 2.5 * 3 * 34 * 20)
    }
}
