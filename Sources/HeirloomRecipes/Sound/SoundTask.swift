public import HeirloomDatasets
import HeirloomLayers
public import HeirloomModels
public import HeirloomTensors
public import HeirloomTraining

/// Cleaning speech as a ``TrainingTask``: clean speech is recorded badly by ``SoundDegradation``, and a spectral network
/// learns to undo it.
public final class SoundTask: TrainingTask {
    /// The task's name in model files.
    public let name = "clean"
    /// What is trained and how.
    public let recipe: SoundRecipe
    /// The network in training, on the device.
    public let cleaner: SpectralUNet
    /// The clips' origins, for the record.
    public let data: TrainingData
    private let sound: SoundData
    private let rooms: RoomBank?
    private let evaluation: SoundJudge
    private let precision: DType?
    let device: Device
    let game: SpectralCritic?

    /// Prepares the training; the network moves to the device.
    /// - Parameters:
    ///   - start: The network that training begins with.
    ///   - scenes: Number of held-out scenes to judge by, each so many seconds long.
    ///   - seed: Of the simulated rooms and of what is judged by.
    /// - Throws: `TrainingError` for a recipe that cannot be run; `DatasetError` when the stores cannot be read.
    public init(
        _ recipe: SoundRecipe, start: SpectralUNet, data sound: SoundData, device: Device = .cpu,
        precision: DType? = nil, scenes: Int = 40, seconds: Double = 3, seed: UInt64 = 1
    ) throws {
        if let fault = recipe.fault { throw TrainingError(code: .unfittingState, reason: fault) }
        precondition(start.configuration == recipe.network, "the recipe is for another network than the start")
        self.recipe = recipe
        self.sound = sound
        self.device = device
        self.precision = precision
        data = TrainingData(sound)
        cleaner = start
        cleaner.to(device: device, format: .channelsLast)
        let plays = recipe.phases.contains { $0.kind != .generator }
        game = plays ? SpectralCritic(recipe.critic, using: Generator(seed: seed &+ 0xC217)) : nil
        game?.to(device: device, format: .channelsLast)
        var options = RoomBank.Options()
        options.count = recipe.rooms
        options.sampleRate = SoundRecipe.sampleRate
        let bank = recipe.rooms > 0 ? RoomBank(options, seed: seed) : nil
        evaluation = try SoundJudge(
            sound, degradation: recipe.degradation, rooms: bank, count: scenes, seconds: seconds, device: device,
            seed: seed)
        rooms = recipe.rooms > 0 && device.kind != .cpu ? RoomBank(options, seed: seed, device: device) : bank
        // The stores are read once here, so that a phase can count on them.
        for phase in recipe.phases { _ = try sound.batches(Self.crops(phase, phase.batchSize), seed: seed) }
    }

    /// The phases in order.
    public var phases: [TrainingPhase] { recipe.phases }
    /// What is averaged, judged and saved.
    public var network: any BuildableModel { cleaner }
    /// The second network of critic and adversarial phases.
    public var critic: (any BuildableModel)? { game }
    /// Number of crops in the speech that trains.
    public var pictures: Int { max(1, Int(sound.seconds * 1000) / recipe.phases[0].size) }
    /// Decay of the running average of the weights.
    public var averageDecay: Double { recipe.averageDecay }

    /// Crops of speech and noise.
    public func batches(for phase: TrainingPhase, batchSize: Int, seed: UInt64) -> any BatchSource {
        do { return try sound.batches(Self.crops(phase, batchSize), seed: seed) } catch {
            preconditionFailure("stores that could be read before: \(error)")
        }
    }

    private static func crops(_ phase: TrainingPhase, _ batchSize: Int) -> SoundBatches.Options {
        .init(
            sampleRate: SoundRecipe.sampleRate, length: SoundRecipe.samples(phase), batchSize: batchSize, lookAhead: 4)
    }

    /// Judges the network on held-out scenes.
    public func judge(pictures: Int?) throws -> SoundFigures? { evaluation.figures(of: cleaner, scenes: pictures) }

    // MARK: Learners

    /// A learner for a phase.
    public func learner(for phase: TrainingPhase, seed: UInt64) throws -> Learner {
        let learner =
            switch phase.kind {
            case .generator: generatorLearner(phase, seed)
            case .critic: criticLearner(phase, seed)
            case .adversarial: adversarialLearner(phase, seed)
            }
        learner.clipping = recipe.clipping
        return learner
    }

    private func generatorLearner(_ phase: TrainingPhase, _ seed: UInt64) -> Learner {
        let learner = Learner(
            model: cleaner, forward: { [cleaner] in cleaner.heard($0) }, loss: loss,
            optimizer: AdamW(ParameterGroup.of(cleaner, rate: phase.rate, weightDecay: recipe.weightDecay)),
            device: device, precision: precision, seed: seed)
        learner.prepare = preparation(learner)
        return learner
    }

    var loss: (inout Step) -> Tensor {
        let loss = SoundLoss(recipe.loss, device: device)
        return { step in
            guard let output = step.output, let truth = step.target else {
                preconditionFailure("a loss before the network's output")
            }
            let (total, figures) = loss(
                SpectralEstimate(packed: output), degraded: step.input.selected(axis: 1, index: 0), truth: truth)
            step.figures.merge(figures) { $1 }
            return total
        }
    }

    /// Recordings with what a beamformer took from them, `[N, 2, L]`, and the speech in them, `[N, L]`; at the level that
    /// the network is used at.
    func preparation(_ learner: Learner) -> (Batch, Generator) -> (input: Tensor, target: Tensor?) {
        { [recipe, rooms, device, unowned learner] batch, generator in
            let crops = batch.input.to(device: device, nonblocking: true)
            // By steps and not by the clock, so that a resumed run goes on exactly.
            let steps = Double(learner.position.steps)
            let progress = recipe.easySteps > 0 ? min(1, 0.2 * steps / Double(recipe.easySteps)) : 1
            let scene = recipe.degradation.scene(
                clean: crops.selected(axis: 1, index: 0), noise: crops.selected(axis: 1, index: 1),
                sampleRate: SoundRecipe.sampleRate, rooms: rooms, progress: progress, using: generator)
            let spread = Tensor.normal(
                [crops.shape[0], 1], standardDeviation: recipe.levelSpread, using: generator)
            let gain = SoundLevel.gain(of: scene.degraded) * Tensor.power(of: 10, spread / 20)
            return (stacked([scene.degraded * gain, scene.auxiliary * gain], axis: 1), scene.target * gain)
        }
    }
}

extension SpectralUNet {
    /// What the network says of recordings with auxiliary signals, `[N, 2, L]` at 16 kHz, as one tensor
    /// (``SpectralEstimate/packed``).
    func heard(_ recordings: Tensor) -> Tensor {
        let form = SpectralForm(sampleRate: SoundRecipe.sampleRate)
        let shape = recordings.shape
        let spectra = form.spectrum(of: recordings.reshaped([shape[0] * 2, shape[2]]))
            .sliced(axis: 2, from: 0, to: SpectralForm.bins)
        let compressed = SpectralForm.compressed(spectra)
        let both = compressed.reshaped([shape[0], 2, 2, SpectralForm.bins, compressed.shape[3]])
        return estimate(both.selected(axis: 1, index: 0), auxiliary: both.selected(axis: 1, index: 1)).packed
    }
}
