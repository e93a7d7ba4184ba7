import HeirloomDatasets
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

/// Beginning with another network, losses and figures.
@Suite struct UpscaleTransferTests {
    private let network = SRVGGNetCompact(.init(upscale: 4, convolutions: 2, features: 8), using: Generator(seed: 1))
    private let pictures = Tensor.uniform([2, 3, 7, 9], using: Generator(seed: 2))

    /// The network for ×2 gives what the one for ×4 gives, area-reduced, and back again each pixel four times.
    @Test func aChangedLastLayerKeepsThePictures() throws {
        try withoutGradients {
            let half = try network.transferred(scale: 2)
            let (large, small) = (network(pictures), half(pictures))
            #expect(small.shape == [2, 3, 14, 18])
            expectClose(small, large.meanPooled(kernel: 2, stride: 2), absolute: 1e-5)
            let again = try half.transferred(scale: 4)
            expectClose(again(pictures), small.resized(height: 28, width: 36, mode: .nearest), absolute: 1e-5)
            expectEqual(try network.transferred(scale: 4)(pictures), large)
        }
        #expect(throws: TrainingError.self) { try network.transferred(scale: 3) }
    }

    /// A film network that resamples its own output to ×2 begins one for ×2 at its own size.
    @Test func anOutputScaleIsLeftBehind() throws {
        let film = SRVGGNetCompact(
            .init(upscale: 4, convolutions: 2, features: 8, outputScale: 2), using: Generator(seed: 1))
        let half = try film.transferred(scale: 2)
        #expect(half.configuration == .init(upscale: 2, convolutions: 2, features: 8))
        let direct = try network.transferred(scale: 2)
        expectEqual(withoutGradients { half(pictures) }, withoutGradients { direct(pictures) })
    }

    @Test func anotherNetworkIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("small.safetensors")
        try ModelFile.write(network, to: path, task: "upscale", licence: "test")
        let pretrained = try Pretrained(folder: Fixture.path("../../pretrained"))
        var recipe = UpscaleRecipe(scale: 2)
        let error = #expect(throws: TrainingError.self) {
            try UpscaleStart(path, recipe: recipe, pretrained: pretrained)
        }
        #expect(error?.reason.contains("2 convolutions of 8 features") == true)
        recipe.network = .init(upscale: 2, convolutions: 2, features: 8)
        let start = try UpscaleStart(path, recipe: recipe, pretrained: pretrained)
        #expect(start.network.configuration == recipe.network && start.origin.contains("×4 to ×2"))
        let colours = folder.file("colour.safetensors")
        try ModelFile.write(
            ColorUNet(.init(), using: Generator(seed: 1)), to: colours, task: "colorize", licence: "test")
        #expect(throws: (any Error).self) { try UpscaleStart(colours, recipe: recipe, pretrained: pretrained) }
    }

    @Test func theLossIsZeroForTheTruthAlone() {
        let truth = Tensor.uniform([2, 3, 32, 32], using: Generator(seed: 3))
        let loss = UpscaleLoss(.init(), features: FeatureLoss(randomEncoder()))
        for shift in 0..<4 { #expect(loss(truth, truth: truth, shift: shift).total.item() == 0) }
        let (total, figures) = loss(truth * 0.9, truth: truth)
        #expect(total.item() > 0 && (figures["feature"]?.item() ?? 0) > 0)
        // Noise costs pixels, a cast costs pixels and colour: of the same mean error the cast costs more.
        let plain = UpscaleLoss(.init(featureWeight: 0), features: nil)
        let noise = (Tensor.bernoulli([2, 3, 32, 32], probability: 0.5, using: Generator(seed: 4)) - 0.5) * 0.1
        #expect(plain(truth + 0.05, truth: truth).total.item() > 1.2 * plain(truth + noise, truth: truth).total.item())
    }

    /// Held-out pictures are made small in the same way every time; a network of zeros repeats pixels, which is worse
    /// than bicubic.
    @Test func figuresAreRepeatable() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(4, side: 64)
        let repeater = SRVGGNetCompact(.init(upscale: 2, convolutions: 1, features: 4), using: nil)
        func figures() -> UpscaleFigures? {
            UpscaleJudge(
                store: store, pictures: [0, 1, 2, 3], scale: 2, degradation: .init(.photo), features: nil
            ).figures(of: repeater, pictures: 3)
        }
        let found = try #require(figures())
        #expect(found == figures() && found.pictures == 3 && found.featureDistance == nil)
        #expect(found.psnr < found.bicubicPSNR && found.score > 1)
        let tiny = UpscaleJudge(
            store: store, pictures: [0], scale: 32, degradation: .init(.photo), features: nil)
        #expect(tiny.pictures.isEmpty && tiny.figures(of: repeater) == nil && tiny.preview(of: repeater) == nil)
        let sheet = try #require(
            UpscaleJudge(store: store, pictures: [1], scale: 2, degradation: .bicubic, features: nil)
                .preview(of: repeater))
        #expect(sheet.rows.count == 1 && sheet.rows[0].allSatisfy { $0.shape == [3, 64, 64] })
        expectClose(sheet.rows[0][0], sheet.rows[0][1], absolute: 1e-6)
    }

    /// Pieces of whole pixels are the pictures' own pixels.
    @Test func piecesAreNotResampled() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(3, side: 40)
        let batches = PictureBatches(
            store: store, pictures: [0, 1, 2],
            options: .init(size: 16, batchSize: 3, wholePixels: true, mirrors: false), seed: 4)
        let batch = try batches.batch(epoch: 0, position: 0)
        for (place, index) in batch.indices.enumerated() {
            let (piece, whole) = (batch.input[place], store.picture(index))
            let fits = (0...24).contains { y in
                (0...24).contains { x in
                    whole.sliced(axis: 1, from: y, to: y + 16).sliced(axis: 2, from: x, to: x + 16).isEqual(to: piece)
                }
            }
            #expect(fits, "picture \(index)")
        }
    }
}
