import Foundation
import HeirloomRecipes
import HeirloomTensors
import TestSupport
import Testing

/// fastai's transforms: one sampling against PyTorch's steps, and what the draws are like.
@Suite struct AugmentationTests {
    private static func pictures(_ count: Int, channels: Int = 3) -> Tensor {
        .uniform([count, channels, 20, 16], using: Generator(seed: 11))
    }

    private static var still: Augmentation {
        Augmentation(
            warpProbability: 0, rotationProbability: 0, zoomProbability: 0, lightProbability: 0, mirrorProbability: 0)
    }

    /// Two pictures with transforms of their own. Sides 5 and 3 shrink by more than 2, the second picture's enlargement by
    /// 1.9 outweighs that at side 5 but not at 3: averaged down there, and not here. Tolerance: coordinates in float32.
    @Test(arguments: [16, 12, 5, 3])
    func transformsArePyTorchs(side: Int) throws {
        let tensors = try Fixture.tensors("training-kit/transforms.safetensors")
        let json = try Fixture.bytes("training-kit/transforms.txt")
        let transforms = try JSONDecoder().decode([PictureTransform].self, from: Data(json))
        let found = PictureTransforms(transforms)(try #require(tensors["pictures"]), side: side)
        expectClose(found, try #require(tensors["side\(side)"]), absolute: 2e-5, "side \(side)")
    }

    @Test func nothingDrawnIsACrop() {
        let x = Self.pictures(3)
        let generator = Generator(seed: 1)
        let found = Self.still(x, side: 16, using: generator)
        // The same columns, and one of five rows to start from.
        for picture in 0..<3 {
            let fits = (0...4).contains { row in
                let part = x[picture].sliced(axis: 1, from: row, to: row + 16)
                return (found[picture] - part).abs().max().item() < 1e-5
            }
            #expect(fits, "picture \(picture) is not one of the crops")
        }
        let middle = PictureTransforms([PictureTransform](repeating: .init(), count: 3))(x, side: 16)
        expectClose(middle, x.sliced(axis: 2, from: 2, to: 18), absolute: 1e-5)
        let mirrored = PictureTransforms([PictureTransform](repeating: .init(isMirrored: true), count: 3))(x, side: 16)
        expectClose(mirrored, middle.flipped([3]), absolute: 2e-5)
    }

    @Test func theSameSeedDrawsTheSame() {
        let x = Self.pictures(4)
        func drawn(_ seed: UInt64) -> Tensor { Augmentation()(x, side: 12, using: Generator(seed: seed)) }
        expectEqual(drawn(5), drawn(5))
        #expect((drawn(5) - drawn(6)).abs().max().item() > 0.1)
        // Each picture has a draw of its own.
        let alike = Augmentation()(x[0].unsqueezed(0).repeated([2, 1, 1, 1]), side: 12, using: Generator(seed: 5))
        #expect((alike[0] - alike[1]).abs().max().item() > 0.05)
    }

    @Test func inputAndTargetMoveAlike() {
        let x = Self.pictures(3)
        let pair = Augmentation()(
            x.sliced(axis: 1, from: 0, to: 1), target: x, side: 12, using: Generator(seed: 2))
        #expect(pair.input.shape == [3, 1, 12, 12] && pair.target.shape == [3, 3, 12, 12])
        expectEqual(pair.input, pair.target.sliced(axis: 1, from: 0, to: 1))
    }

    /// A third of 3,000 is 1,000; four deviations of a binomial count are 103.
    @Test func probabilitiesAreKept() {
        let bright = Tensor.full([3000, 1, 4, 4], 0.6)
        var augmentation = Self.still
        augmentation.lightProbability = 1 / 3.0
        let found = augmentation(bright, side: 4, using: Generator(seed: 3))
        let changed = (found.reshaped([3000, 16]).mean(axes: [1]) - 0.6).abs() .> 1e-4
        // Brightness or contrast: 1 − (2/3)².
        let count = changed.to(dtype: .float32).sum().item()
        let wanted = 3000 * 5 / 9.0
        #expect(abs(count - wanted) < 4 * (wanted * 4 / 9).squareRoot())

        augmentation = Self.still
        augmentation.mirrorProbability = 1 / 3.0
        let ramp = Tensor([0, 0.2, 0.4, 0.6] as [Float], shape: [1, 1, 1, 4]).expanded([3000, 1, 4, 4])
        let mirrored = augmentation(ramp, side: 4, using: Generator(seed: 4)).sliced(axis: 3, from: 0, to: 1) .> 0.3
        #expect(abs(mirrored.to(dtype: .float32).mean().item() - 1 / 3.0) < 103 / 3000.0)
    }

    @Test func valuesStayInRangeAndSizesMayGrow() {
        let x = Self.pictures(2)
        for side in [2, 7, 16, 40] {
            let found = Augmentation.critic(x, side: side, using: Generator(seed: 9))
            #expect(found.shape == [2, 3, side, side])
            #expect(found.min().item() >= 0 && found.max().item() <= 1 && found.isFinite().all().item() == 1)
        }
        // Black and white stay finite through the logits.
        let edges = Augmentation()(
            Tensor([0, 1] as [Float], shape: [2, 1, 1, 1]).expanded([2, 1, 8, 8]), side: 8,
            using: Generator(seed: 1))
        #expect(edges.isFinite().all().item() == 1)
    }

    @Test func noiseHitsPixelsOfTheChosenPictures() {
        var augmentation = Self.still
        augmentation.noise = PixelNoise(probability: 0.5, smallestPart: 0.2, largestPart: 0.4)
        let x = Tensor.full([40, 3, 16, 16], 0.5)
        let pair = augmentation(x, target: x, side: 16, using: Generator(seed: 8))
        func hit(_ y: Tensor) -> Tensor { ((y - 0.5).abs() .> 1e-3).to(dtype: .float32) }
        let (input, target) = (hit(pair.input), hit(pair.target))
        // All channels of a pixel, by whole steps of 1/255, in at most 40 % of the pixels.
        expectEqual(input.sliced(axis: 1, from: 0, to: 1), input.sliced(axis: 1, from: 2, to: 3))
        let shares = input.mean(axes: [1, 2, 3])
        #expect(shares.max().item() <= 0.4 && shares.max().item() > 0.1)
        let steps = (pair.input - 0.5) * 255
        #expect((steps - steps.rounded()).abs().max().item() < 1e-3)
        // Where one of a pair is hit the other is, elsewhere; and some pairs are not.
        let (here, there) = (shares .> 0, target.mean(axes: [1, 2, 3]) .> 0)
        #expect((here .!= there).to(dtype: .float32).sum().item() == 0)
        let chosen = here.to(dtype: .float32).sum().item()
        #expect(chosen > 5 && chosen < 35)
        #expect((input - target).abs().max().item() == 1)
    }

    @Test func augmentationsAreData() throws {
        let augmentation = Augmentation(warp: 0.1, zoom: 2, noise: PixelNoise())
        let data = try JSONEncoder().encode(augmentation)
        #expect(try JSONDecoder().decode(Augmentation.self, from: data) == augmentation)
    }

    @Test func bytesTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = Augmentation()(.zeros([1, 3, 8, 8], dtype: .uint8), side: 4, using: Generator(seed: 0))
        }
    }
}
