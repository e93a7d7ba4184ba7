import HeirloomDatasets
import HeirloomLayers
import HeirloomModels
import HeirloomSignals
import HeirloomTensors
import HeirloomTraining

extension Learner {
    /// A learner for a critic phase or an adversarial phase of a colour recipe.
    ///
    /// The critic sees whole pictures: the true luma with true or guessed chroma, so that colour is all that can give a
    /// picture away. In an adversarial phase the encoder's convolutions stand still and its batch norms train (DeOldify).
    convenience init(
        recipe: ColorRecipe, phase: TrainingPhase, network: ColorUNet, critic: DeOldifyCritic, features: FeatureLoss?,
        device: Device, precision: DType?, seed: UInt64
    ) {
        let loss = ColorLoss(recipe.loss, features: features)
        let degradation = recipe.degradation
        let isGame = phase.kind == .adversarial
        let criticGroups = ParameterGroup.of(
            critic, rate: phase.rate * (isGame ? phase.criticFactor : 1), weightDecay: 1e-3)
        self.init(
            adversarial: AdversarialPair(generator: network, critic: critic), generate: { network($0) },
            criticLoss: { step in
                let (chroma, planes) = Self.chroma(of: step)
                let real = critic(Self.picture(planes, Self.trueChroma(planes)))
                let fake = critic(Self.picture(planes, chroma))
                step.figures["accuracy"] = withoutGradients {
                    ((real.detached() .> 0).to(dtype: .float32).mean()
                        + (fake.detached() .< 0).to(dtype: .float32).mean()) / 2
                }
                return AdversarialLoss.critic(real: real, fake: fake)
            },
            generatorLoss: { step in
                let (chroma, planes) = Self.chroma(of: step)
                let (total, figures) = loss(
                    chroma: chroma, truth: Self.trueChroma(planes), luma: step.input, featureScale: phase.featureScale)
                let judged = AdversarialLoss.generator(fake: critic(Self.picture(planes, chroma)))
                step.figures.merge(figures) { $1 }
                step.figures["fooled"] = judged.detached()
                return total + judged * phase.adversarialWeight
            },
            prepare: { batch, generator in
                let rgb = batch.input.to(device: device, nonblocking: true).to(dtype: .float32) / 255
                let (luma, chroma) = YCbCrMatrix.bt601.split(rgb)
                return (degradation(luma, using: generator), concatenated([luma, chroma], axis: 1))
            },
            generatorGroups: Self.polishGroups(of: network, recipe: recipe, phase: phase), criticGroups: criticGroups,
            // No loss is below 0: in a critic phase the turn never changes.
            threshold: isGame ? phase.criticThreshold : 0, beta2: isGame ? 0.9 : 0.99, device: device,
            precision: precision, seed: seed)
        clipping = recipe.clipping
    }

    /// The decoder, and the encoder's norms.
    private static func polishGroups(
        of network: ColorUNet, recipe: ColorRecipe, phase: TrainingPhase
    ) -> [ParameterGroup] {
        network.namedGroups.flatMap { part -> [ParameterGroup] in
            guard part.name.hasPrefix("encoder") else {
                return ParameterGroup.of(part, rate: phase.rate, weightDecay: recipe.weightDecay)
            }
            let norms = part.namedParameters().filter { $0.tensor.rank < 2 }
            return [
                ParameterGroup(name: part.name + ".vectors", parameters: norms, rate: phase.rate * phase.encoderFactor)
            ]
        }
    }

    /// The network's output and the true planes `[N, 3, H, W]` (Y, Cb, Cr) of a step.
    private static func chroma(of step: Step) -> (chroma: Tensor, planes: Tensor) {
        guard let output = step.output, let planes = step.target else {
            preconditionFailure("a critic before the network's output")
        }
        return (output.to(dtype: .float32), planes)
    }

    private static func trueChroma(_ planes: Tensor) -> Tensor { planes.sliced(axis: 1, from: 1, to: 3) }

    /// What the critic sees: the picture of true luma and some chroma, as a viewer would, in −1...1.
    private static func picture(_ planes: Tensor, _ chroma: Tensor) -> Tensor {
        let rgb = YCbCrMatrix.bt601.combined(luma: planes.sliced(axis: 1, from: 0, to: 1), chroma: chroma)
        return EfficientNetLite.normalized(rgb.clamped(to: 0...1)).contiguous(.channelsLast)
    }
}

/// Keeps the encoder's convolutions as they are for a whole fit.
final class EncoderWeightFreeze: Callback {
    private let weights: [Tensor]

    init(_ network: ColorUNet) {
        weights = network.encoder.namedParameters().map(\.tensor).filter { $0.rank >= 2 }
    }

    func beforeFit(_ learner: Learner) throws { for weight in weights { weight.requireGradient(false) } }

    func cleanUp(_ learner: Learner) { for weight in weights { weight.requireGradient(true) } }
}
