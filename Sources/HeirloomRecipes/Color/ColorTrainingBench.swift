import HeirloomDatasets
import HeirloomLayers
import HeirloomModels
public import HeirloomTensors
import HeirloomTraining

/// Training steps on random pictures, to be timed.
public final class ColorTrainingBench {
    private let learner: Learner
    private let batch: Batch
    private var number = 0

    /// Builds a network with random weights, its feature loss and one batch.
    /// - Throws: `TorchError` when the device has too little memory.
    public init(size: Int, batch: Int, device: Device, precision: DType?) throws {
        let generator = Generator(seed: 1)
        let network = ColorUNet(ColorUNetConfiguration(), using: generator)
        network.to(device: device, format: .channelsLast)
        let features = EfficientNetLite(EfficientNetLiteConfiguration(), using: generator)
        features.to(device: device, format: .channelsLast)
        let recipe = ColorRecipe.colorize
        learner = Learner(
            recipe: recipe, phase: .init(size: size, batchSize: batch, share: 1, rate: 1e-5), network: network,
            features: FeatureLoss(features), device: device, precision: precision)
        network.train()
        self.batch = Batch(
            input: Tensor.integers([batch, size, size, 3], from: 0, to: 256, dtype: .uint8, using: generator)
                .transposed([0, 3, 1, 2]))
    }

    /// One whole step: degradation, forward, loss, backward, optimizer.
    public func step() throws {
        try learner.step(batch, number: number)
        number += 1
    }
}
