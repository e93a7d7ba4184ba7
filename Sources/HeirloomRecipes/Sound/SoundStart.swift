import Foundation
public import HeirloomModels
import HeirloomTensors
import HeirloomTraining

/// The network that a training for sound begins with, and what the record says of it.
public struct SoundStart {
    /// The network, in float32 on the CPU.
    public let network: SpectralUNet
    /// Where its weights come from.
    public let origin: String

    /// Begins with random weights: a network that changes nothing.
    public init(random configuration: SpectralUNetConfiguration, seed: UInt64) {
        network = SpectralUNet(configuration, using: Generator(seed: seed))
        origin = "none: random, seed \(seed)"
    }

    /// Goes on with a trained network.
    /// - Parameters:
    ///   - nameOrPath: A name of the manifest or the path of a file that holds a `SpectralUNet`.
    ///   - pretrained: Where named models lie; not asked for a file that is there.
    /// - Throws: `CheckpointError` or `TrainingError` when the file cannot be read or holds another network.
    public init(_ nameOrPath: String, pretrained: @autoclosure () throws -> Pretrained) throws {
        let isFile = FileManager.default.fileExists(atPath: nameOrPath)
        let named = isFile ? nil : try pretrained()
        let found = try ModelFile(path: try named?.modelPath(nameOrPath, task: "clean") ?? nameOrPath).load()
        guard let network = found as? SpectralUNet else {
            throw TrainingError(
                code: .unfittingState,
                reason: "\(nameOrPath) is a \(found.architecture); training begins with a spectral-unet, or with none")
        }
        self.network = network
        let entry = named?.models.first { $0.name == nameOrPath }
        origin = entry.map { "\($0.name): \($0.origin); licence \($0.licence)" } ?? nameOrPath
    }
}
