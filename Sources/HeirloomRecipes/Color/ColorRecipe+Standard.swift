import HeirloomDatasets
import HeirloomModels

extension ColorRecipe {
    /// From ImageNet weights to a colour network: pre-training, critic, and a short polish of one against the other.
    public static let colorize = ColorRecipe()

    /// The critic and the polish alone, for a network that is trained already.
    public static let nogan = ColorRecipe(phases: polish)

    /// Small pictures first: most of what there is to learn about colour is in them, at a fraction of the cost.
    public static let pretraining = [
        Phase(size: 64, batchSize: 32, share: 0.24, rate: 3e-3, encoderFactor: 0.2, frozenPart: 0.12),
        Phase(size: 96, batchSize: 32, share: 0.32, rate: 1.2e-3, encoderFactor: 0.25, warmup: 0.1),
        Phase(size: 128, batchSize: 32, share: 0.24, rate: 6e-4, encoderFactor: 0.25, warmup: 0.1, featureScale: 0.5),
    ]

    /// A critic that has met the network's pictures, then both against each other until the stop rule ends it.
    public static let polish = [
        Phase(
            kind: .critic, size: 96, batchSize: 16, share: 0.06, rate: 1e-3, warmup: 0.15,
            stop: StopRule(interval: 20, criticLoss: 0.35)),
        Phase(
            kind: .adversarial, size: 96, batchSize: 16, share: 0.14, rate: 1e-4, encoderFactor: 0.2,
            adversarialWeight: 0.1, criticFactor: 3, averageDecay: 0.98,
            stop: StopRule(interval: 20, patience: 6, pictures: 64)),
    ]

    /// For a network that is trained already and shall learn the pictures of one folder: few phases at low rates, the
    /// encoder at a tenth, and a stop rule, for small folders are soon known by heart.
    /// - Parameters:
    ///   - heldOut: Pictures set aside; the stop rule looks at half of them, so that the verdict has others.
    ///   - shortSide: The median of the pictures' shorter sides in pixels.
    ///   - largestSize: What the machine trains in good time: 128 on CPUs, more on GPUs.
    public static func transfer(pictures: Int, heldOut: Int, shortSide: Int, largestSize: Int = 128) -> ColorRecipe {
        let size = max(64, min(largestSize, shortSide) / ColorUNet.sizeMultiple * ColorUNet.sizeMultiple)
        let batch = max(4, min(16, pictures / 4))
        let rule = StopRule(interval: 50, patience: 8, pictures: max(1, heldOut / 2))
        var recipe = ColorRecipe(phases: [
            Phase(
                size: size, batchSize: batch, share: 1, rate: 3e-4, encoderFactor: 0.1, frozenPart: 0.15, warmup: 0.2,
                featureScale: size > 96 ? 0.5 : 1, stop: rule)
        ])
        recipe.averageDecay = 0.99
        // What old films show does not matter here: the folder says what is wanted.
        recipe.groupWeights = [:]
        return recipe
    }

    /// A recipe that comes with Heirloom (`colorize`, `nogan`), or of a JSON file.
    /// - Throws: `TrainingError` that says what is wrong with the file, see ``RecipeFile``.
    public init(named nameOrPath: String) throws {
        switch nameOrPath {
        case "colorize": self = .colorize
        case "nogan": self = .nogan
        default: self = try RecipeFile.read(ColorRecipe.self, from: nameOrPath, builtIn: ["colorize", "nogan"])
        }
    }
}
