public import HeirloomDatasets
import HeirloomLayers
public import HeirloomModels
public import HeirloomTensors
public import HeirloomTraining

extension Learner {
    /// A learner for a colour recipe's first phase on a split store: three lines from photographs to a trained network.
    ///
    /// ```swift
    /// let data = try PackedStore(contentsOf: "photos.pack").split(validation: 0.1)
    /// let encoder = try EfficientNetLite.published(variant: 0, contentsOf: "lite0.pth")
    /// try Learner(recipe: .colorize, data: data, encoder: encoder).fit(oneCycle: 4)
    /// ```
    /// - Parameter encoder: EfficientNet-Lite0 with ImageNet weights: the encoder's start and the feature loss.
    public convenience init(
        recipe: ColorRecipe, data: Split, encoder: EfficientNetLite, device: Device = .cpu, seed: UInt64 = 1
    ) {
        let network = ColorUNet(ColorUNetConfiguration(), using: Generator(seed: seed))
        network.loadEncoder(from: encoder)
        network.to(device: device, format: .channelsLast)
        encoder.to(device: device, format: .channelsLast)
        let phase = recipe.phases[0]
        self.init(
            recipe: recipe, phase: phase, network: network, features: FeatureLoss(encoder), device: device, seed: seed)
        callbacks = [EncoderFreeze(network, for: phase.frozenPart)]
        self.data = PictureBatches(
            store: data.store, pictures: data.training,
            options: .init(size: phase.size, batchSize: phase.batchSize, smallestCrop: recipe.smallestCrop), seed: seed,
            weights: recipe.groupWeights)
    }
}
