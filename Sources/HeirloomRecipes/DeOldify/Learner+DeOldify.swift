public import HeirloomDatasets
import HeirloomLayers
public import HeirloomModels
public import HeirloomTensors
public import HeirloomTraining

extension Learner {
    /// Makes input and target of a batch on the device.
    public typealias Preparation = (Batch, Generator) -> (input: Tensor, target: Tensor?)

    /// A learner for a generator stage of DeOldify's training: one-cycle Adam on the feature loss. Freezes and unfreezes
    /// the encoder as the stage says; each stage has a learner of its own, because its moments begin anew.
    /// - Parameters:
    ///   - generator: Lies on the device.
    ///   - loss: Over VGG16-BN, taking normalised pictures.
    ///   - prepare: Makes grey and colour pictures `[N, 3, H, W]`, normalised by ImageNet's mean and deviation; nil changes
    ///     the batch's colour pictures as the stage says and greys them.
    public convenience init(
        deOldify stage: DeOldifyRecipe.Stage, recipe: DeOldifyRecipe, generator: DeOldifyGenerator, loss: FeatureLoss,
        prepare: Preparation? = nil, device: Device = .cpu, precision: DType? = nil, seed: UInt64 = 0
    ) {
        precondition(stage.kind == .generator, "a generator's learner for a stage of kind \(stage.kind)")
        let layers = stage.frozen(generator)
        self.init(
            model: generator, forward: { generator($0) }, prepare: prepare ?? stage.greyPairs(on: device),
            loss: { step in
                let (output, truth) = step.pair
                let parts = loss.parts(output, truth: truth)
                step.figures["pixels"] = parts.base?.detached()
                return parts.total
            },
            optimizer: AdamW(layers.parameterGroups(stage.rates, weightDecay: recipe.weightDecay)),
            device: device, precision: precision, seed: seed)
    }

    /// A learner for a critic stage: binary cross-entropy of every logit against its picture's label.
    /// - Parameters:
    ///   - critic: Lies on the device.
    ///   - prepare: Makes normalised pictures `[N, 3, H, W]` and float32 labels `[N]`, 1 for real ones and 0 for made ones;
    ///     nil takes the batch's pictures and its target as labels.
    public convenience init(
        deOldifyCritic stage: DeOldifyRecipe.Stage, recipe: DeOldifyRecipe, critic: DeOldifyCritic,
        prepare: Preparation? = nil, device: Device = .cpu, precision: DType? = nil, seed: UInt64 = 0
    ) {
        precondition(stage.kind == .critic, "a critic's learner for a stage of kind \(stage.kind)")
        let rate = stage.rates.rates(count: 1)[0]
        self.init(
            model: critic, forward: { critic($0) }, prepare: prepare ?? stage.labelled(on: device),
            loss: { step in
                let (logits, labels) = step.pair
                step.figures["accuracy"] = withoutGradients { CriticAccuracy.of(logits, labels: labels) }
                let wanted = labels.unsqueezed(1).expanded(logits.shape)
                return logits.to(dtype: .float32).binaryCrossEntropy(wanted)
            }, optimizer: AdamW([critic.trainedGroup(rate: rate, weightDecay: recipe.weightDecay)]), device: device,
            precision: precision, seed: seed)
        critic.randomness = generator
    }

    /// A learner for the game of generator and critic with DeOldify's adaptive switch. The encoder is frozen as the stage
    /// says.
    /// - Parameters:
    ///   - pair: A ``HeirloomModels/DeOldifyGenerator`` and its critic, on the device.
    ///   - prepare: As for a generator stage.
    public convenience init(
        deOldifyGame stage: DeOldifyRecipe.Stage, recipe: DeOldifyRecipe, generator: DeOldifyGenerator,
        critic: DeOldifyCritic, loss: FeatureLoss, prepare: Preparation? = nil, device: Device = .cpu,
        precision: DType? = nil, seed: UInt64 = 0
    ) {
        precondition(stage.kind == .game, "a game's learner for a stage of kind \(stage.kind)")
        let layers = stage.frozen(generator)
        let rate = stage.rates.rates(count: 1)[0] * recipe.criticFactor
        self.init(
            adversarial: AdversarialPair(generator: generator, critic: critic), generate: { generator($0) },
            criticLoss: { step in
                let (made, truth) = step.pair
                // The real ones first: each pass moves the critic's spectral vectors.
                let real = critic(truth)
                return AdversarialLoss.critic(real: real, fake: critic(made))
            },
            generatorLoss: { step in
                let (made, truth) = step.pair
                let judged = AdversarialLoss.generator(fake: critic(made))
                let feature = loss(made, truth: truth)
                step.figures["feature"] = feature.detached()
                return judged * recipe.judgementWeight + feature * recipe.featureWeight
            }, prepare: prepare ?? stage.greyPairs(on: device),
            generatorGroups: layers.parameterGroups(stage.rates, weightDecay: recipe.weightDecay),
            criticGroups: [critic.trainedGroup(rate: rate, weightDecay: recipe.weightDecay)],
            threshold: recipe.threshold, device: device, precision: precision, seed: seed)
        critic.randomness = self.generator
    }
}

extension DeOldifyRecipe.Stage {
    /// The generator's layer groups, frozen as the stage says: the encoder's norms learn either way.
    fileprivate func frozen(_ generator: DeOldifyGenerator) -> LayerGroups {
        let layers = LayerGroups(generator.namedGroups)
        layers.freeze(to: freezesEncoder ? layers.groups.count - 1 : 0)
        return layers
    }
}

extension DeOldifyCritic {
    /// Everything of it, with decay.
    fileprivate func trainedGroup(rate: Double, weightDecay: Double) -> ParameterGroup {
        unfreeze()
        return ParameterGroup(name: "critic", parameters: namedParameters(), rate: rate, weightDecay: weightDecay)
    }
}

extension Step {
    /// What the network gave and what was wanted.
    fileprivate var pair: (output: Tensor, target: Tensor) {
        guard let output, let target else { preconditionFailure("a loss needs an output and a target") }
        return (output, target)
    }
}
