import HeirloomTraining

extension DeOldifyRecipe {
    /// The recipe of `ColorizeArtistic_gen.pth`.
    public static let artistic = DeOldifyRecipe(
        stages: pretraining(batches: (88, 22, 11))
            + critic + [game(batch: 9, rate: 1e-5)], featureWeight: 2)

    /// The recipe of `ColorizeStable_gen.pth`.
    public static let stable = DeOldifyRecipe(
        stages: pretraining(batches: (88, 20, 8)) + critic + [game(batch: 5, rate: 2e-5)])

    /// The recipe of `ColorizeVideo_gen.pth`: it goes on from ``stable``'s generator after its pre-training, with noise,
    /// and from a critic that exists.
    public static let video = DeOldifyRecipe(
        stages: [
            Stage(
                .generator, size: 192, batchSize: 8, share: 0.25, rates: .geometric(from: 5e-8, to: 5e-5),
                warmup: 1e-8, augmentation: Augmentation(noise: PixelNoise())),
            pictures, fineTuning, game(batch: 5, rate: 5e-6),
        ])

    private static func pretraining(batches: (Int, Int, Int)) -> [Stage] {
        [
            Stage(
                .generator, size: 64, batchSize: batches.0, rates: .sliced(1e-3), freezesEncoder: true, warmup: 0.8),
            Stage(
                .generator, size: 64, batchSize: batches.0, rates: .geometric(from: 3e-7, to: 3e-4), warmup: 1e-8),
            Stage(
                .generator, size: 128, batchSize: batches.1, rates: .geometric(from: 1e-7, to: 1e-4), warmup: 1e-8),
            Stage(
                .generator, size: 192, batchSize: batches.2, share: 0.5, rates: .geometric(from: 5e-8, to: 5e-5),
                warmup: 1e-8),
        ]
    }

    private static let pictures = Stage(
        .pictures, size: 192, batchSize: 8, share: 0.085, rates: .same(0), warmup: nil)
    private static let fineTuning = Stage(
        .critic, size: 192, batchSize: 16, epochs: 4, share: 0.085, rates: .same(1e-4), warmup: 0.3,
        augmentation: .critic)

    private static let critic: [Stage] =
        [
            pictures,
            Stage(
                .critic, size: 128, batchSize: 64, epochs: 6, share: 0.085, rates: .same(1e-3), warmup: 0.3,
                augmentation: .critic),
            fineTuning,
        ]

    private static func game(batch: Int, rate: Double) -> Stage {
        Stage(
            .game, size: 192, batchSize: batch, share: 0.03, rates: .same(rate), freezesEncoder: true, warmup: nil)
    }
}
