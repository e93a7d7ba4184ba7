public import HeirloomModels
import HeirloomTensors
import HeirloomTraining

/// The network that an upscaler's training begins with, and what the record says of it.
public struct UpscaleStart {
    /// The published network that is taken over unless another is named.
    public static let standard = "realesr-animevideov3-x4"

    /// The network, in float32 on the CPU.
    public let network: SRVGGNetCompact
    /// Where its weights come from, with their licence.
    public let origin: String

    /// Begins with random weights.
    /// - Parameter recipe: Says which network.
    public init(random recipe: UpscaleRecipe, seed: UInt64) {
        network = SRVGGNetCompact(recipe.network, using: Generator(seed: seed))
        origin = "none: random, seed \(seed)"
    }

    /// Begins with a trained network.
    /// - Parameters:
    ///   - nameOrPath: A name of the manifest or the path of a file; it must hold an `SRVGGNetCompact` of the recipe's
    ///     width and depth. Its enlargement may be another.
    ///   - pretrained: Where named models lie.
    /// - Throws: `CheckpointError` or `TrainingError` when the file cannot be read or holds another network.
    public init(_ nameOrPath: String, recipe: UpscaleRecipe, pretrained: Pretrained) throws {
        let found = try pretrained.upscaler(nameOrPath)
        let wanted = recipe.network
        guard let source = found as? SRVGGNetCompact else {
            throw TrainingError(
                code: .unfittingState,
                reason: "\(nameOrPath) is a \(found.architecture); training begins with a srvgg-compact, such as "
                    + Self.standard)
        }
        let sizes = source.configuration
        guard sizes.features == wanted.features, sizes.convolutions == wanted.convolutions else {
            throw TrainingError(
                code: .unfittingState,
                reason:
                    "\(nameOrPath) has \(sizes.convolutions) convolutions of \(sizes.features) features, the recipe "
                    + "\(wanted.convolutions) of \(wanted.features)")
        }
        network = try source.transferred(scale: wanted.upscale)
        let change =
            sizes.upscale == wanted.upscale ? "" : ", last layer changed from ×\(sizes.upscale) to ×\(wanted.upscale)"
        guard let entry = pretrained.models.first(where: { $0.name == nameOrPath }) else {
            origin = nameOrPath + change
            return
        }
        origin = "\(entry.name)\(change): \(entry.origin); licence \(entry.licence)"
    }
}
