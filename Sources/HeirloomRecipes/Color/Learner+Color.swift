import HeirloomDatasets
import HeirloomLayers
public import HeirloomModels
import HeirloomSignals
public import HeirloomTensors
public import HeirloomTraining

extension Learner {
    /// A learner for one phase of a colour recipe; the network must already lie on the device.
    /// - Parameters:
    ///   - network: The network to train.
    ///   - features: The classifier of the feature loss, with its ImageNet weights; nil trains on chroma alone.
    public convenience init(
        recipe: ColorRecipe, phase: ColorRecipe.Phase, network: ColorUNet, features: FeatureLoss?,
        device: Device = .cpu, precision: DType? = nil, seed: UInt64 = 0
    ) {
        let groups = network.namedGroups.flatMap { part in
            ParameterGroup.of(
                part, rate: phase.rate * (part.name.hasPrefix("encoder") ? phase.encoderFactor : 1),
                weightDecay: recipe.weightDecay)
        }
        let loss = ColorLoss(recipe.loss, features: features)
        let degradation = recipe.degradation
        self.init(
            model: network, forward: { network($0) },
            prepare: { batch, generator in
                let rgb = batch.input.to(device: device, nonblocking: true).to(dtype: .float32) / 255
                let (luma, chroma) = YCbCrMatrix.bt601.split(rgb)
                return (degradation(luma, using: generator), chroma)
            },
            loss: { step in
                guard let output = step.output, let truth = step.target else {
                    preconditionFailure("a colour loss before the network's output")
                }
                let (total, figures) = loss(
                    chroma: output, truth: truth, luma: step.input, featureScale: phase.featureScale)
                step.figures.merge(figures) { $1 }
                return total
            }, optimizer: AdamW(groups), device: device, precision: precision, seed: seed)
        clipping = recipe.clipping
    }
}

/// Keeps the encoder as it is for the first part of a phase.
final class EncoderFreeze: Callback {
    private let parts: [ModuleGroup]
    private let part: Double
    private var isFrozen: Bool?

    init(_ network: ColorUNet, for part: Double) {
        parts = network.namedGroups.filter { $0.name.hasPrefix("encoder") }
        self.part = part
    }

    func beforeBatch(_ learner: Learner, step: inout Step) throws {
        let freezes = step.progress < part
        guard freezes != isFrozen else { return }
        isFrozen = freezes
        for part in parts { freezes ? part.freeze() : part.unfreeze() }
    }

    func cleanUp(_ learner: Learner) { for part in parts { part.unfreeze() } }
}
