import HeirloomModels
import HeirloomTensors
import HeirloomTraining

extension ColorizerParity {
    /// The small cases that are about training.
    static func miscellany(_ description: ParityDescription) throws -> [ParityResult]? {
        guard let key = description.key else { return nil }
        let json = description.json
        var meter = ParityMeter()
        switch key {
        case "one_cycle": oneCycle(json, &meter)
        case "discriminative": rates(json, &meter)
        case "lr_finder_lrs": finder(json, &meter)
        case "smoothing": smoothing(json, &meter)
        case "adam_decoupled": adam(description, &meter)
        case "gan": gan(description, &meter)
        default: return nil
        }
        // Rates and momenta are double precision on both sides.
        let isExact = ["one_cycle", "discriminative", "lr_finder_lrs"].contains(key)
        return [result(description, nil, meter, limit: isExact ? 1e-12 : 1e-6)]
    }

    /// Each number against its own size.
    private static func compareEach(_ found: [Double], _ expected: [Double]?, _ meter: inout ParityMeter) {
        guard let expected, found.count == expected.count else { return meter.compare([], [0]) }
        for (found, expected) in zip(found, expected) { meter.compare([found], [expected]) }
    }

    private static func oneCycle(_ json: JSONValue, _ meter: inout ParityMeter) {
        for entry in json.list ?? [] {
            guard let count = entry["iterations"]?.integer, (1...100_000).contains(count),
                let warmup = entry["pct_start"]?.number, let largest = entry["max_lr"]?.numbers
            else { return meter.compare([], [0]) }
            let cycle = OneCycle(warmup: warmup)
            let settings = (0...count).map { cycle.settings(iteration: $0, of: count) }
            compareEach(
                settings.dropLast().flatMap { setting in largest.map { $0 * setting.rateFactor } },
                entry["lr_used"]?.numbers, &meter)
            compareEach(settings.dropLast().compactMap(\.momentum), entry["beta1_used"]?.numbers, &meter)
            compareEach(
                largest.map { $0 * settings[count].rateFactor }, entry["lr_after"]?.numbers, &meter)
        }
    }

    private static func rates(_ json: JSONValue, _ meter: inout ParityMeter) {
        for (name, expected) in json.table ?? [:] {
            guard let expected = expected.numbers, let first = expected.first, let last = expected.last else {
                return meter.compare([], [0])
            }
            let rates: GroupRates = name.contains("stop") ? .sliced(last) : .geometric(from: first, to: last)
            compareEach(rates.rates(count: expected.count), expected, &meter)
        }
    }

    private static func finder(_ json: JSONValue, _ meter: inout ParityMeter) {
        guard let expected = json.numbers, expected.count > 2 else { return meter.compare([], [0]) }
        let finder = LearningRateFinder(
            start: expected[0], end: expected[expected.count - 1], steps: expected.count - 1)
        compareEach(expected.indices.map { finder.rate(step: $0) }, expected, &meter)
    }

    private static func smoothing(_ json: JSONValue, _ meter: inout ParityMeter) {
        var smoothed = SmoothedLoss()
        compareEach((json["losses"]?.numbers ?? []).map { smoothed.add($0) }, json["smooth"]?.numbers, &meter)
    }

    /// Some steps of Adam with decoupled decay of everything, at a first beta that moves.
    private static func adam(_ description: ParityDescription, _ meter: inout ParityMeter) {
        let json = description.json
        guard let rate = json["lr"]?.number, let decay = json["wd"]?.number, let beta2 = json["beta2"]?.number,
            let betas = json["beta1"]?.numbers, let steps = json["steps"]?.list, steps.count == betas.count
        else { return meter.compare([], [0]) }
        let shapes = [("0.weight", [3, 2, 1, 1]), ("0.bias", [3]), ("1.weight", [3]), ("1.bias", [3])]
        let parameters = shapes.map { name, shape in
            (name: name, tensor: description.noise.plain("misc.opt.\(name)", shape: shape).requireGradient())
        }
        let optimizer = AdamW(
            [ParameterGroup(name: "all", parameters: parameters, rate: rate, weightDecay: decay)], beta2: beta2)
        for (number, (beta, expected)) in zip(betas, steps).enumerated() {
            for (name, tensor) in parameters {
                tensor.setGradient(description.noise.plain("misc.opt.grad\(number).\(name)", shape: tensor.shape))
            }
            optimizer.step(StepSettings(momentum: beta), gradientDivisor: nil, skip: nil)
            for (name, tensor) in parameters {
                meter.compare(tensor.detached().to(dtype: .float64).scalars(), expected[name]?.numbers ?? [], range: 1)
            }
        }
    }

    private static func gan(_ description: ParityDescription, _ meter: inout ParityMeter) {
        let (json, noise) = (description.json, description.noise)
        let real = noise.plain("misc.real_pred", shape: [2, 4], scale: 3)
        let fake = noise.plain("misc.fake_pred", shape: [2, 4], scale: 3)
        let pixels = noise.plain("misc.fake", shape: [2, 3, 4, 4])
            .l1Loss(noise.plain("misc.real", shape: [2, 3, 4, 4])).item()
        let judged = AdversarialLoss.generator(fake: fake).item()
        let labels = Tensor([0, 1] as [Float])
        let found = [
            "loss_C": AdversarialLoss.critic(real: real, fake: fake).item(), "bce_fake_as_real": judged, "l1": pixels,
            "loss_G": judged + 1.5 * pixels, "accuracy": CriticAccuracy.of(fake, labels: labels).item(),
        ]
        for (name, value) in found { meter.compare([value], [json[name]?.number ?? .nan]) }
    }
}
