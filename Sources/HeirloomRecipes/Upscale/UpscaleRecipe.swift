public import HeirloomDatasets
public import HeirloomModels

/// How a network that enlarges photographs is trained, as data.
public struct UpscaleRecipe: Codable, Sendable, Equatable {
    /// The network; its enlargement is the recipe's scale.
    public var network: SRVGGNetCompactConfiguration
    /// The phases in order; their sizes are those of the large pictures.
    public var phases: [TrainingPhase]
    /// The loss.
    public var loss: UpscaleLoss.Options
    /// How the small pictures are made.
    public var degradation: UpscaleDegradation
    /// How often pictures of a group are drawn relative to the group's size; groups not named count 1.
    public var groupWeights: [String: Double]
    /// Decoupled weight decay of weights of rank 2 and more.
    public var weightDecay: Double
    /// Largest norm of the gradient.
    public var clipping: Double
    /// Decay of the running average of the weights, which is what is saved.
    public var averageDecay: Double
    /// The critic of critic and adversarial phases.
    public var critic: UNetDiscriminatorSNConfiguration

    /// Describes a recipe; the defaults are those of the upscalers that come with Heirloom.
    /// - Parameters:
    ///   - scale: How many times larger pictures become: 2 or 4 for the standard phases.
    ///   - phases: Nil takes ``standardPhases(scale:least:largest:isFast:)``.
    public init(
        scale: Int = 4, network: SRVGGNetCompactConfiguration? = nil, phases: [TrainingPhase]? = nil,
        loss: UpscaleLoss.Options = .init(), degradation: UpscaleDegradation = .photo(settings: .init()),
        groupWeights: [String: Double] = [:], weightDecay: Double = 0, clipping: Double = 1,
        averageDecay: Double = 0.995, critic: UNetDiscriminatorSNConfiguration = .init(features: 24)
    ) {
        self.network = network ?? SRVGGNetCompactConfiguration(upscale: scale)
        self.phases =
            phases
            ?? Self.standardPhases(
                scale: self.network.scale, least: degradation.smallestSide(scale: self.network.scale))
        self.loss = loss
        self.degradation = degradation
        self.groupWeights = groupWeights
        self.weightDecay = weightDecay
        self.clipping = clipping
        self.averageDecay = averageDecay
        self.critic = critic
    }

    /// How many times larger pictures become.
    public var scale: Int { network.scale }

    /// Two phases of about the same work a step, small pieces first: the second sees further around a pixel.
    /// - Parameters:
    ///   - least: The smallest side that the degradation takes; pieces grow to it, batches shrink as much.
    ///   - largest: The largest side that pieces may have, nil for any: what the photographs allow.
    ///   - isFast: Whether a GPU trains: pieces twice as large, eight times the work a step.
    public static func standardPhases(
        scale: Int, least: Int = 0, largest: Int? = nil, isFast: Bool = false
    ) -> [TrainingPhase] {
        let unit = 8 * scale
        let sizes = (scale <= 2 ? [4, 6] : [3, 4]).map { unit * $0 * (isFast ? 2 : 1) }
        return zip(sizes, [(4e-4, 0.6), (2e-4, 0.4)]).map { size, course in
            let limit = (largest ?? size) / unit * unit
            let side = max(min(size, limit), (least + unit - 1) / unit * unit, unit)
            // Each step computes about as many pixels of the small pictures.
            let batch = max(2, (isFast ? 73_728 : 9_216) * scale * scale / (side * side))
            return TrainingPhase(size: side, batchSize: batch, share: course.1, rate: course.0, warmup: 0.1)
        }
    }

    /// The standard recipe for photographs that there are.
    /// - Parameter isFast: Whether a GPU trains.
    public static func standard(
        scale: Int, degradation: UpscaleDegradation, photographs split: Split, isFast: Bool
    ) -> UpscaleRecipe {
        let sides = split.training.map { min(split.store.entries[$0].width, split.store.entries[$0].height) }.sorted()
        // Three quarters of the photographs take part in every phase.
        let phases = standardPhases(
            scale: scale, least: degradation.smallestSide(scale: scale),
            largest: sides.isEmpty ? nil : sides[sides.count / 4], isFast: isFast)
        return UpscaleRecipe(scale: scale, phases: phases, degradation: degradation)
    }

    /// A short game with a critic, to be added to the phases: pixels and features hold the network where it is.
    public static func polish(scale: Int) -> [TrainingPhase] {
        let size = max(64, 24 * scale)
        return [
            TrainingPhase(kind: .critic, size: size, batchSize: 8, share: 0.15, rate: 2e-4),
            TrainingPhase(
                kind: .adversarial, size: size, batchSize: 8, share: 0.35, rate: 5e-5, adversarialWeight: 0.01,
                criticFactor: 2, stop: StopRule(interval: 100, patience: 4, pictures: 32)),
        ]
    }

    /// What makes the recipe impossible, nil for one that can be run.
    public var fault: String? {
        guard network.outputScale == nil else { return "a network is trained at its own scale, without outputScale" }
        guard !phases.isEmpty else { return "a recipe without phases" }
        let least = max(degradation.smallestSide(scale: scale), 16)
        for phase in phases {
            if let fault = phase.fault { return fault }
            // The critic halves its pictures three times.
            let isPlain = phase.kind == .generator || scale % 8 == 0
            let multiple = isPlain ? scale : scale % 4 == 0 ? scale * 2 : scale % 2 == 0 ? scale * 4 : scale * 8
            if phase.size % multiple != 0 || phase.size < least {
                return "a phase's size is a multiple of \(multiple) and at least \(least) here, not \(phase.size)"
            }
        }
        return nil
    }
}
