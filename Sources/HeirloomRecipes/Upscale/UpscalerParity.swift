import HeirloomLayers
public import HeirloomModels
import HeirloomTensors
import HeirloomTraining

/// The cases of the upscaler's parity kit that are about training: degradation, perceptual loss, one step of the game.
public enum UpscalerParity {
    /// What runs each case, by its name; for ``HeirloomModels/ParityKit/run(weights:runners:)``.
    public static var runners: [String: ParityKit.Runner] {
        ["degrade": degradation, "vgg19_perceptual": perceptual, "train_step": trainStep]
    }

    // MARK: Losses

    private static func vgg(_ noise: KeyedNoise64) throws -> VGG19 {
        let network = VGG19(using: nil)
        var state: [String: Tensor] = [:]
        for (name, tensor) in network.state() {
            guard let key = VGG19.publishedKeys.foreign(name) else {
                preconditionFailure("\(name) has no published name")
            }
            state[name] = noise.tensor(key, shape: tensor.shape, family: .vgg)
        }
        try network.load(state)
        return network
    }

    private static let mapNames = ["conv1_2", "conv2_2", "conv3_4", "conv4_4", "conv5_4"]

    private static func perceptual(_ parity: ParityCase) throws -> ParityResult {
        guard let maps = parity.entry["features_a"]?.table,
            let shape = maps[mapNames[0]]?["shape"]?.integers, shape.count == 4, shape[0] == 1,
            shape[2...].allSatisfy({ (16...1024).contains($0) })
        else { return .notCovered(parity.name, "it states no maps to tell the input's size by") }
        return try withoutGradients {
            let network = try vgg(parity.noise)
            let loss = PerceptualLoss(network)
            let (a, b) = (
                parity.noise.input("vgg_a", shape: [1, 3, shape[2], shape[3]]),
                parity.noise.input("vgg_b", shape: [1, 3, shape[2], shape[3]])
            )
            var meter = ParityMeter()
            for (name, map) in zip(mapNames, network.features(a)) {
                parity.compare(map, statistics: maps[name], &meter)
            }
            for (name, distance) in zip(mapNames, loss.distances(a, truth: b)) {
                meter.compare([distance.item()], [parity.entry["per_layer_l1"]?[name]?.number ?? .nan])
            }
            meter.compare([loss(a, truth: b).item()], [parity.entry["weighted_sum"]?.number ?? .nan])
            return ParityResult(name: parity.name, largestError: meter.largest, note: "\(meter.compared) numbers")
        }
    }

    /// All losses and some gradients' norms of one step, without an update.
    private static func trainStep(_ parity: ParityCase) throws -> ParityResult {
        guard let shape = parity.entry["usm_gt"]?["shape"]?.integers, shape.count == 4, shape[0] == 1,
            shape[2...].allSatisfy({ $0 % 8 == 0 && (32...512).contains($0) })
        else { return .notCovered(parity.name, "it does not state the target's size") }
        let generator = try ParityNetworks.rrdb(scale: 4, blocks: 2, parity.noise)
        let critic = try ParityNetworks.discriminator(parity.noise)
        let perceptual = PerceptualLoss(try vgg(parity.noise))
        generator.train()
        critic.train()
        let small = parity.noise.input("train_lq", shape: [1, 3, shape[2] / 4, shape[3] / 4])
        let truth = parity.noise.input("train_gt", shape: shape)
        let target = truth.sharpened()
        var meter = ParityMeter()
        parity.compare(target, statistics: parity.entry["usm_gt"], &meter)

        let made = generator(small)
        var losses = [
            "l_pix": made.l1Loss(target), "l_percep": perceptual(made, truth: target),
            "l_g_gan": AdversarialLoss.generator(fake: critic(made)) * 0.1,
        ]
        let total = losses.values.dropFirst().reduce(losses.values[losses.values.startIndex]) { $0 + $1 }
        compareNorms(
            generator, RRDBNet.publishedKeys, total, parity.entry["grad_norm_g"]?.table ?? [:], &meter)

        // The entropy against 0 is that of the negated logits against 1: the kit lists both halves of the critic's loss.
        losses["l_d_real"] = AdversarialLoss.generator(fake: critic(truth))
        losses["l_d_fake"] = AdversarialLoss.generator(fake: -critic(made.detached()))
        if let real = losses["l_d_real"], let fake = losses["l_d_fake"] {
            compareNorms(
                critic, UNetDiscriminatorSN.publishedKeys, real + fake, parity.entry["grad_norm_d"]?.table ?? [:],
                &meter)
        }
        for (name, loss) in losses { meter.compare([loss.item()], [parity.entry[name]?.number ?? .nan]) }
        return ParityResult(name: parity.name, largestError: meter.largest, note: "losses and norms of gradients")
    }

    /// Norms of a loss's gradients by the parameters' published names.
    private static func compareNorms(
        _ network: Module, _ keys: KeyTable, _ loss: Tensor, _ expected: [String: JSONValue], _ meter: inout ParityMeter
    ) {
        let parameters = Dictionary(uniqueKeysWithValues: network.namedParameters().map { ($0.name, $0.tensor) })
        let names = expected.keys.sorted()
        let wanted = names.compactMap { keys.own($0).flatMap { parameters[$0] } }
        guard !names.isEmpty, wanted.count == names.count else { return meter.compare([], [0]) }
        let found = gradients(of: [loss], withRespectTo: wanted)
        for (name, gradient) in zip(names, found) {
            let norm = gradient?.to(dtype: .float64).norm().item() ?? .nan
            meter.compare([norm], [expected[name]?.number ?? .nan])
        }
    }
}
