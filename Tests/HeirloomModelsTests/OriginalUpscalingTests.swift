import HeirloomModels
import HeirloomTensors
import TestSupport
import Testing

/// The original programs' procedure; digit for digit it is compared in ``UpscalerNetworkTests``.
@Suite struct OriginalUpscalingTests {
    private let compact = SRVGGNetCompact(.init(upscale: 2, convolutions: 2, features: 8), using: Generator(seed: 1))
    private let folding = RRDBNet(.init(scale: 1, blocks: 1, features: 8, growth: 4), using: Generator(seed: 2))

    /// A network of one size rule gives any picture back at its scale, however much has to be mirrored.
    @Test(arguments: [[1, 1], [1, 5], [2, 3], [3, 2], [5, 7]]) func smallPictures(_ size: [Int]) {
        let x = Tensor.uniform([1, 3] + size, using: Generator(seed: 3))
        withoutGradients {
            #expect(OriginalUpscaling(prePadding: 10).enlarged(x, by: folding).shape == x.shape)
            let large = OriginalUpscaling(tile: 4, tilePadding: 4, prePadding: 10).enlarged(x, by: compact)
            #expect(large.shape == [1, 3, 2 * size[0], 2 * size[1]])
        }
    }

    @Test func mirrorsAsOftenAsItTakes() {
        // 0 1 2 → 0 1 2 1 0 1 2 1: what repeated reflection of three samples gives; the network sees it to its edge.
        let x = Tensor([0, 0.5, 1] as [Float], shape: [1, 1, 1, 3]).expanded([1, 3, 8, 3]).contiguous()
        let mirrored = Tensor([0, 0.5, 1, 0.5, 0, 0.5, 1, 0.5] as [Float], shape: [1, 1, 1, 8]).expanded([1, 3, 8, 8])
        withoutGradients {
            let padded = OriginalUpscaling(prePadding: 5).enlarged(x, by: compact)
            // Eight rows become thirteen, too; the lower ones are too far away to be seen from the first two.
            let direct = compact(mirrored.contiguous())
            expectClose(
                padded.sliced(axis: 2, from: 0, to: 4),
                direct.sliced(axis: 2, from: 0, to: 4).sliced(axis: 3, from: 0, to: 6),
                absolute: 1e-6)
        }
    }

    @Test func tilesWithEnoughContextAreTheWhole() {
        let x = Tensor.uniform([1, 3, 21, 17], using: Generator(seed: 4))
        withoutGradients {
            let whole = OriginalUpscaling().enlarged(x, by: compact)
            let tiled = OriginalUpscaling(tile: 8, tilePadding: compact.radius).enlarged(x, by: compact)
            expectClose(tiled, whole, absolute: 1e-6)
            let bare = OriginalUpscaling(tile: 8, tilePadding: 0).enlarged(x, by: compact)
            #expect((bare - whole).abs().max().item() > 1e-4)
        }
    }

    @Test func greyAndAlphaAreLuma() {
        let picture = Tensor.integers([1, 4, 6, 5], to: 256, using: Generator(seed: 5))
        func plane(_ index: Int) -> Tensor { picture.sliced(axis: 1, from: index, to: index + 1) }
        withoutGradients {
            let original = OriginalUpscaling()
            let rgba = original(picture, maximum: 255, by: compact)
            #expect(rgba.shape == [1, 4, 12, 10] && rgba.dtype == .int32)
            let alpha = original(plane(3), maximum: 255, by: compact)
            expectEqual(rgba.sliced(axis: 1, from: 3), alpha)
            let greyAlpha = original(concatenated([plane(3), plane(0)], axis: 1), maximum: 255, by: compact)
            expectEqual(greyAlpha.sliced(axis: 1, from: 0, to: 1), alpha)
            #expect(rgba.min().item() >= 0 && rgba.max().item() <= 255)
        }
    }

    @Test func theOriginalGuessesTheRange() {
        #expect(OriginalUpscaling.assumedMaximum(of: Tensor([0, 256] as [Float])) == 255)
        #expect(OriginalUpscaling.assumedMaximum(of: Tensor([0, 257] as [Float])) == 65_535)
    }
}
