import HeirloomLayers
import HeirloomTensors

extension VGG16BNConfiguration {
    /// The names in torchvision's files and ours.
    public var keys: KeyTable {
        KeyTable(
            family: "VGG16-BN",
            rules: places.enumerated().compactMap { number, place in
                switch place {
                case .convolution(let block, let index):
                    .init("features.\(number).{*}", "blocks.\(block).convolutions.\(index).{*}")
                case .norm(let block, let index):
                    .init("features.\(number).{*}", "blocks.\(block).norms.\(index).{*}")
                case .relu, .pool: nil
                }
            })
    }
}

extension VGG16BN {
    /// The names in torchvision's file and ours.
    public static let publishedKeys = VGG16BNConfiguration().keys

    /// How the file is recognised; its classifier is left out.
    static let family = WeightFamily(
        architecture: "vgg16-bn", keys: publishedKeys,
        markers: ["features.0.weight", "features.1.running_mean", "features.40.weight"],
        configuration: { _ throws(CheckpointError) in VGG16BNConfiguration().json() },
        prepared: prepared)

    /// The convolutional part of a state by its published names. The counters of the norms, which files of 2017 do not
    /// have and inference does not need, become 0.
    private static func prepared(_ state: [String: Tensor]) -> [String: Tensor] {
        var result = state.filter { !$0.key.hasPrefix("classifier.") }
        for name in state.keys where name.hasPrefix("features.") && name.hasSuffix(".running_mean") {
            let counter = name.dropLast("running_mean".count) + "num_batches_tracked"
            if result[String(counter)] == nil { result[String(counter)] = .zeros([], dtype: .int64) }
        }
        return result
    }

    /// The network with the weights of torchvision's file, frozen and in inference mode.
    ///
    /// The file's classifier (`classifier.*`) is left out; of the convolutional part every tensor must be there and used.
    /// - Throws: ``CheckpointError`` listing every fault of the file, `TensorFileError` where it cannot be read.
    public convenience init(contentsOf path: String) throws {
        let state = Self.prepared(try Checkpoint(path: path).state)
        self.init(using: nil)
        do {
            try load(try Self.publishedKeys.renamed(state))
        } catch var error as CheckpointError {
            error.path = path
            throw error
        } catch let error as ModuleError {
            throw CheckpointError(.keys, path: path, reason: "does not fit its network: \(error)")
        }
        train(false)
        freeze()
    }
}
