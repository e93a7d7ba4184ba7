import HeirloomDatasets
import HeirloomLayers
import HeirloomModels
import HeirloomTensors
import HeirloomTraining

extension SoundTask {
    /// Shows the critic what the network makes; the network stays as it is.
    func criticLearner(_ phase: TrainingPhase, _ seed: UInt64) -> Learner {
        let (critic, cleaner) = (playing, cleaner)
        let learner = Learner(
            model: critic, forward: { $0 },
            loss: { step in
                let (_, recording, truth) = Self.parts(step)
                let made = cleaner.withTraining(false) {
                    withoutGradients {
                        Self.sound(of: cleaner.heard(step.input), length: truth.shape[1])
                    }
                }
                return Self.criticLoss(
                    real: critic(truth, recording: recording), fake: critic(made, recording: recording))
            }, optimizer: AdamW(ParameterGroup.of(critic, rate: phase.rate, weightDecay: 0), beta1: 0.5, beta2: 0.9),
            device: device, seed: seed)
        learner.prepare = preparation(learner)
        return learner
    }

    /// Both on every batch; the ordinary loss and the critic's own features hold the network where it is.
    func adversarialLearner(_ phase: TrainingPhase, _ seed: UInt64) -> Learner {
        let (critic, cleaner, ordinary) = (playing, cleaner, loss)
        let matching = recipe.featureMatching
        let learner = Learner(
            adversarial: AdversarialPair(generator: cleaner, critic: critic), generate: { cleaner.heard($0) },
            criticLoss: { step in
                let (output, recording, truth) = Self.parts(step)
                let made = Self.sound(of: output.detached(), length: truth.shape[1])
                return Self.criticLoss(
                    real: critic(truth, recording: recording), fake: critic(made, recording: recording))
            },
            generatorLoss: { step in
                let (output, recording, truth) = Self.parts(step)
                let opinion = critic(Self.sound(of: output, length: truth.shape[1]), recording: recording)
                let wanted = withoutGradients { critic(truth, recording: recording) }
                let taken = opinion.logits.map { -$0.mean() }.reduce(Tensor.zeros([], device: output.device), +)
                let pairs = zip(opinion.features, wanted.features)
                let features =
                    pairs.map { $0.l1Loss($1) }.reduce(Tensor.zeros([], device: output.device), +)
                    / Double(opinion.features.count)
                step.figures["matching"] = features.detached()
                return ordinary(&step) + taken * phase.adversarialWeight + features * matching
            },
            generatorGroups: ParameterGroup.of(cleaner, rate: phase.rate, weightDecay: recipe.weightDecay),
            criticGroups: ParameterGroup.of(critic, rate: phase.rate * phase.criticFactor, weightDecay: 0),
            rule: .every, beta1: 0.5, beta2: 0.9, device: device, seed: seed)
        learner.prepare = preparation(learner)
        return learner
    }

    private var playing: SpectralCritic {
        guard let game else { preconditionFailure("a phase with a critic in a recipe without one") }
        return game
    }

    /// The hinge loss (Lim, Ye 2017), as a mean over resolutions.
    static func criticLoss(real: SpectralCritic.Opinion, fake: SpectralCritic.Opinion) -> Tensor {
        let losses = zip(real.logits, fake.logits).map { (1 - $0).relu().mean() + (1 + $1).relu().mean() }
        return losses.dropFirst().reduce(losses[0], +) / Double(losses.count)
    }

    private static func sound(of packed: Tensor, length: Int) -> Tensor {
        SpectralForm(sampleRate: SoundRecipe.sampleRate).sound(
            of: SpectralForm.expanded(SpectralEstimate(packed: packed).spectrum).padded([0, 0, 0, 1]), length: length)
    }

    private static func parts(_ step: Step) -> (output: Tensor, recording: Tensor, truth: Tensor) {
        guard let output = step.output, let truth = step.target else {
            preconditionFailure("a loss before the network's output")
        }
        return (output, step.input.selected(axis: 1, index: 0), truth)
    }
}
