import HeirloomDatasets
import HeirloomModels
import HeirloomTensors
import HeirloomTraining

extension ColorizerParity {
    /// The game of the artistic generator and a critic, batch by batch: who trains, and the loss.
    static func game(_ description: ParityDescription) throws -> [ParityResult]? {
        guard let steps = description.json["iterations"]?.list, steps.first?["mode"] != nil else { return nil }
        guard let setting = Setting(description.json["note"]?.text ?? ""), (1...1000).contains(steps.count) else {
            return [.notCovered(description.name, "its note states other settings than are known")]
        }
        let noise = description.noise
        let generator = try ParityNetworks.deOldify(.artistic, noise)
        let critic = try ParityNetworks.deOldifyCritic(.init(features: setting.features, dropout: 0), noise)
        let loss = FeatureLoss(try vgg(noise), takesNormalized: true)
        let shape = [steps.count, 3, 64, 64]
        let (x, y) = (noise.plain("gan.x", shape: shape, scale: 2), noise.plain("gan.y", shape: shape, scale: 2))
        func batch(_ index: Int) -> (Tensor, Tensor) {
            (x.sliced(axis: 0, from: index, to: index + 1), y.sliced(axis: 0, from: index, to: index + 1))
        }
        let data = GivenBatches(
            steps.indices.map { index in
                let (input, target) = batch(index)
                return .init(input: input, target: target)
            })
        let stage = DeOldifyRecipe.Stage(
            .game, size: 64, batchSize: 1, rates: .same(setting.rate), freezesEncoder: true, warmup: nil)
        var recipe = DeOldifyRecipe.artistic
        (recipe.judgementWeight, recipe.featureWeight) = setting.weights
        (recipe.criticFactor, recipe.threshold) = (setting.criticFactor, setting.threshold)
        let learner = Learner(
            deOldifyGame: stage, recipe: recipe, generator: generator, critic: critic, loss: loss,
            prepare: { batch, _ in (batch.input, batch.target) })
        let trace = TrainingTrace()
        learner.callbacks = [trace]
        try learner.fit(data, plan: stage.plan(batchesPerEpoch: steps.count))
        return compare(description, trace.rows, steps, learner)
            + [
                probes(
                    description, "generator", description.json["probes_generator"], generator,
                    generator.publishedKeys),
                probes(
                    description, "critic", description.json["probes_critic"], critic, DeOldifyCritic.publishedKeys),
            ]
    }

    private static func compare(
        _ description: ParityDescription, _ found: [TrainingTrace.Row], _ steps: [JSONValue], _ learner: Learner
    ) -> [ParityResult] {
        var turns = ParityMeter()
        turns.compare([Double(found.count)], [Double(steps.count)])
        var results: [ParityResult] = []
        for (index, (row, step)) in zip(found, steps).enumerated() {
            turns.compare([row.turn == .critic ? 0 : 1], [step["mode"]?.text == "critic" ? 0 : 1], range: 1)
            // The last groups are the critic's.
            let rate = row.turn == .critic ? row.rates.last : row.rates.first
            turns.compare([rate ?? .nan], step["lr"]?.numbers ?? [])
            var loss = ParityMeter()
            loss.compare([row.loss], [step["loss"]?.number ?? .nan])
            // The generator has trained once before batch 4. From there on even one program with one thread and with two
            // differs by as much as 1e-4, later by 6e-3: see the stages of its own training.
            let limit = index < 4 ? 1e-5 : index == 4 ? 5e-4 : 2e-2
            results.append(result(description, "batch.\(index)", loss, limit: limit, note: "loss"))
        }
        if let counts = description.json["optimiser_params"] {
            let groups = learner.optimizer.groups
            func count(_ groups: some Sequence<ParameterGroup>) -> Double {
                Double(groups.reduce(0) { $0 + $1.parameters.reduce(0) { $0 + $1.tensor.count } })
            }
            turns.compare([count(groups.dropLast())], [counts["generator"]?.number ?? .nan], range: 1)
            turns.compare([count(groups.suffix(1))], [counts["critic"]?.number ?? .nan], range: 1)
        }
        return results + [
            result(description, "turns", turns, limit: 1e-12, note: "whose turn it was, rates, parameters trained")
        ]
    }

    /// What a description's note says of the game.
    private struct Setting {
        let features: Int
        let rate: Double, criticFactor: Double, threshold: Double
        let weights: (Double, Double)

        init?(_ note: String) {
            guard let features = note.firstMatch(of: #/nf=(\d+)/#).flatMap({ Int($0.1) }),
                (4...256).contains(features), note.contains("dropout p=0;"), note.contains("batch 1,"),
                note.contains("frozen to its last layer group"),
                let rate = note.firstMatch(of: #/lr ([\d.e+-]+), critic x([\d.]+)/#),
                let generatorRate = Double(rate.1), let criticFactor = Double(rate.2),
                let weights = note.firstMatch(of: #/weights \(([\d.]+), ([\d.]+)\)/#),
                let judgement = Double(weights.1), let feature = Double(weights.2),
                let threshold = note.firstMatch(of: #/critic_thresh ([\d.]+)/#).flatMap({ Double($0.1) }),
                generatorRate > 0, criticFactor > 0
            else { return nil }
            self.features = features
            self.rate = generatorRate
            self.criticFactor = criticFactor
            self.threshold = threshold
            self.weights = (judgement, feature)
        }
    }
}
