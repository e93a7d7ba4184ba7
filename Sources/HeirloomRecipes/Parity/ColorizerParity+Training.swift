import HeirloomDatasets
import HeirloomLayers
import HeirloomModels
import HeirloomTensors
import HeirloomTraining

extension ColorizerParity {
    /// Two stages of the artistic generator's training on one batch, frozen and not: rates and betas exactly, losses as
    /// far as rounding lets two programs agree. Adam's first steps go by the sign of each gradient, and where that is
    /// rounding noise they go apart.
    static func training(_ description: ParityDescription) throws -> [ParityResult]? {
        guard let shape = ParityDescription.pictureShape(description.json, "batch"),
            let stages = description.json["stages"]?.list, description.json["final_eval_loss"] != nil
        else { return nil }
        guard shape.reduce(1, *) <= 1 << 22, shape[2...].allSatisfy({ $0 % 16 == 0 && $0 >= 32 }) else {
            return [.notCovered(description.name, "a batch of shape \(shape) is not known")]
        }
        let noise = description.noise
        let generator = try ParityNetworks.deOldify(.artistic, noise)
        let loss = FeatureLoss(try vgg(noise), takesNormalized: true)
        let (x, y) = (noise.plain("train.x", shape: shape, scale: 2), noise.plain("train.y", shape: shape, scale: 2))
        let data = GivenBatches([.init(input: x, target: y)])
        var results = [groups(description, generator)]
        for (number, entry) in stages.enumerated() {
            let name = entry["name"]?.text ?? "\(number)"
            guard let stage = stage(entry), let steps = entry["iterations"]?.list, (1...100).contains(steps.count)
            else {
                // Everything after it depends on it.
                return results + [.notCovered("\(description.name)/\(name)", "its rates are not known")]
            }
            let learner = Learner(
                deOldify: stage, recipe: .artistic, generator: generator, loss: loss,
                prepare: { batch, _ in (batch.input, batch.target) })
            let trace = TrainingTrace()
            learner.callbacks = [trace]
            var plan = stage
            plan.epochs = steps.count
            try learner.fit(data, plan: plan.plan(batchesPerEpoch: 1))
            results += compare(description, name, trace.rows, steps, isFirst: number == 0)
            results.append(probes(description, name, entry["probes"], generator, generator.publishedKeys))
        }
        results.append(final(description, generator, loss, x, y))
        return results
    }

    /// How many parameters each group has, and how many of them a frozen encoder leaves to train.
    private static func groups(_ description: ParityDescription, _ generator: DeOldifyGenerator) -> ParityResult {
        var meter = ParityMeter()
        let expected = description.json["groups"]?.list ?? []
        let layers = LayerGroups(generator.namedGroups)
        layers.freeze(to: layers.groups.count - 1)
        let parts = generator.namedGroups.map { $0.namedParameters() }
        func counts(_ isWanted: (Tensor) -> Bool) -> [Double] {
            parts.map { part in Double(part.reduce(0) { $0 + (isWanted($1.tensor) ? $1.tensor.count : 0) }) }
        }
        meter.compare(counts { _ in true }, expected.compactMap { $0["params"]?.number }, range: 1)
        meter.compare(
            counts(\.requiresGradient), expected.compactMap { $0["trainable_when_frozen"]?.number }, range: 1)
        return result(description, "groups", meter, limit: 0)
    }

    /// A stage with the rates of a text such as `slice(3e-07, 0.0003, None)`.
    private static func stage(_ entry: JSONValue) -> DeOldifyRecipe.Stage? {
        guard let warmup = entry["pct_start"]?.number, (0...1).contains(warmup),
            let match = entry["max_lr"]?.text?.wholeMatch(of: #/slice\((None|[\d.e+-]+), ([\d.e+-]+), None\)/#),
            let last = Double(match.2), last > 0
        else { return nil }
        let rates: GroupRates
        if let first = Double(match.1) {
            guard first > 0 else { return nil }
            rates = .geometric(from: first, to: last)
        } else {
            rates = .sliced(last)
        }
        return DeOldifyRecipe.Stage(
            .generator, size: 64, batchSize: 2, rates: rates, freezesEncoder: entry["name"]?.text == "frozen",
            warmup: warmup)
    }

    /// The first loss tells whether networks and losses are the same, the second whether one step of the optimizer is.
    ///
    /// Some parameters have no gradient but rounding noise (a shift before a normalisation), and Adam moves them by a full
    /// step all the same. PyTorch differs from the published numbers by 1e-5, 1e-4 in the second and third loss on another
    /// processor, this program with one thread and with two by about 1e-5 in the
    /// second step.
    private static func compare(
        _ description: ParityDescription, _ stage: String, _ found: [TrainingTrace.Row], _ steps: [JSONValue],
        isFirst: Bool
    ) -> [ParityResult] {
        var exact = ParityMeter()
        for (row, step) in zip(found, steps) {
            for (rate, expected) in zip(row.rates, step["lr"]?.numbers ?? []) { exact.compare([rate], [expected]) }
            exact.compare([row.beta1 ?? .nan], [step["beta1"]?.number ?? .nan])
        }
        exact.compare([Double(found.count)], [Double(steps.count)])
        let losses = steps.indices.map { index in
            var meter = ParityMeter()
            meter.compare(
                [index < found.count ? found[index].loss : .nan], [steps[index]["loss"]?.number ?? .nan])
            let limit = isFirst ? (index == 0 ? 1e-5 : index == 1 ? 1e-4 : 5e-3) : 5e-2
            return result(description, "\(stage).\(index)", meter, limit: limit, note: "loss")
        }
        return losses + [result(description, "\(stage).schedule", exact, limit: 1e-12)]
    }

    /// Some parameters and running averages after a stage: first elements against their size.
    static func probes(
        _ description: ParityDescription, _ part: String, _ expected: JSONValue?, _ network: Module, _ keys: KeyTable
    ) -> ParityResult {
        let tensors = Dictionary(uniqueKeysWithValues: network.state().map { ($0.name, $0.tensor) })
        var meter = ParityMeter()
        for (key, probe) in expected?.table ?? [:] {
            guard let tensor = keys.own(key).flatMap({ tensors[$0] }), let first = probe["first4"]?.numbers else {
                meter.compare([], [0])
                continue
            }
            let values: [Double] = tensor.detached().flattened().sliced(axis: 0, from: 0, to: first.count)
                .to(dtype: .float64).scalars()
            meter.compare(values, first, range: first.map(abs).max())
        }
        if meter.compared == 0 { meter.compare([], [0]) }
        return result(description, "\(part).probes", meter, limit: 3e-2)
    }

    private static func final(
        _ description: ParityDescription, _ generator: DeOldifyGenerator, _ loss: FeatureLoss, _ x: Tensor, _ y: Tensor
    ) -> ParityResult {
        generator.train(false)
        var meter = ParityMeter()
        withoutGradients {
            let output = generator(x)
            meter.compare([loss(output, truth: y).item()], [description.json["final_eval_loss"]?.number ?? .nan])
        }
        return result(description, "final", meter, limit: 3e-2, note: "loss in inference mode")
    }
}
