import Foundation
import HeirloomLayers
public import HeirloomTensors

/// A file with one network: weights as safetensors, and in the header everything needed to rebuild it.
///
/// The header also holds a digest of weights and texts, so that a damaged file is noticed when it is loaded.
public struct ModelFile {
    /// What the header says beside the weights.
    public struct Header: Hashable, Sendable {
        /// Name of the network, one of ``Registry/architectures``.
        public let architecture: String
        /// Its configuration as JSON.
        public let configuration: String
        /// What the weights were trained for, such as `colorize`.
        public let task: String
        /// Licence of the weights.
        public let licence: String
        /// How they were trained: JSON written by the training command.
        public let trainingRecord: String?
    }

    /// The file.
    public let path: String
    /// What the header says.
    public let header: Header
    private let file: SafetensorsFile

    private static let version = "1"
    private enum Key {
        static let format = "format"
        static let version = "formatVersion"
        static let architecture = "architecture"
        static let configuration = "configuration"
        static let task = "task"
        static let licence = "licence"
        static let record = "trainingRecord"
        static let digest = "sha256"
    }

    /// Opens a file and reads its header; the weights are not read yet.
    /// - Throws: `TensorFileError` or ``CheckpointError`` that says what is wrong.
    public init(path: String) throws {
        file = try SafetensorsFile(path: path)
        self.path = path
        let texts = file.metadata
        guard texts[Key.format] == "heirloom-model" else {
            throw CheckpointError(
                .unsupported, path: path,
                reason: "is a safetensors file, but not a model of Heirloom: its header names no network")
        }
        guard texts[Key.version] == Self.version else {
            throw CheckpointError(
                .unsupported, path: path,
                reason: "is a model file of version \(texts[Key.version] ?? "none"), this Heirloom reads version "
                    + "\(Self.version): use the Heirloom that wrote it, or a newer one")
        }
        guard let architecture = texts[Key.architecture], let configuration = texts[Key.configuration],
            let task = texts[Key.task], let licence = texts[Key.licence], texts[Key.digest] != nil
        else { throw CheckpointError(.corrupt, path: path, reason: "its header is incomplete: fetch the file again") }
        header = Header(
            architecture: architecture, configuration: configuration, task: task, licence: licence,
            trainingRecord: texts[Key.record])
    }

    /// Whether a file is a model file of Heirloom, of any version, damaged or not.
    static func isModelFile(_ path: String) -> Bool {
        (try? SafetensorsFile(path: path))?.metadata[Key.format] == "heirloom-model"
    }

    /// Number of trained and saved numbers.
    public var elementCount: Int { file.entries.values.reduce(0) { $0 + $1.shape.reduce(1, *) } }

    /// Compares the weights and texts with the digest in the header.
    /// - Throws: ``CheckpointError`` when they differ.
    public func verify() throws {
        let found = try Self.digest(try file.names.map { ($0, try file.tensor($0)) }, file.metadata)
        guard found == file.metadata[Key.digest] else {
            throw CheckpointError(
                .checksum, path: path,
                reason: "is damaged (its digest differs): fetch it again, or restore it from a copy")
        }
    }

    /// Rebuilds the network and loads its weights, in float32 on the CPU, in inference mode.
    /// - Throws: ``CheckpointError``, `ModuleError` when names or shapes do not fit, `TensorFileError`.
    public func load() throws -> any BuildableModel {
        do {
            try verify()
            let model = try Registry.architecture(named: header.architecture).build(
                configuration: header.configuration, elements: elementCount)
            try model.load(file.tensors().mapValues { $0.dtype.isFloatingPoint ? $0.to(dtype: .float32) : $0 })
            return model
        } catch var error as CheckpointError {
            if error.path.isEmpty { error.path = path }
            throw error
        }
    }

    /// Rebuilds the network, which must be of the given type.
    /// - Throws: As ``load()``; ``CheckpointError`` also when it is another network.
    public func load<Model: BuildableModel>(_ type: Model.Type) throws -> Model {
        guard let model = try load() as? Model else {
            throw CheckpointError(
                .unsupported, path: path, reason: "holds a \(header.architecture) for \"\(header.task)\", not a \(type)"
            )
        }
        return model
    }

    /// Writes a network.
    /// - Parameters:
    ///   - dtype: Of tensors with two axes and more; vectors (biases, statistics) stay in float32, which costs little.
    ///   - task: What it was trained for, such as `colorize`.
    ///   - licence: Licence of the weights.
    ///   - trainingRecord: JSON that says how it was trained.
    /// - Throws: `TensorFileError`; ``CheckpointError`` when a weight is not finite in that type.
    public static func write(
        _ model: any BuildableModel, to path: String, dtype: DType = .float16, task: String, licence: String,
        trainingRecord: String? = nil
    ) throws {
        let tensors = try model.state().map { name, tensor in
            guard tensor.dtype.isFloatingPoint else { return (name: name, tensor: tensor) }
            let stored = tensor.detached().to(dtype: tensor.rank >= 2 ? dtype : .float32)
            guard stored.hasOnlyFiniteElements else {
                throw CheckpointError(
                    .keys, path: path, reason: "\(name) has values that are not finite in \(stored.dtype)")
            }
            return (name: name, tensor: stored)
        }
        var texts = [
            Key.format: "heirloom-model", Key.version: version, Key.architecture: model.architecture,
            Key.configuration: model.configuration.json(), Key.task: task, Key.licence: licence,
        ]
        texts[Key.record] = trainingRecord
        texts[Key.digest] = try digest(tensors, texts)
        try Safetensors.write(tensors, metadata: texts, to: path)
    }

    /// Gives a file the digest of its content, whatever that is: for files that are damaged on purpose.
    static func stampDigest(of path: String) throws {
        let file = try SafetensorsFile(path: path)
        let tensors = try file.names.map { (name: $0, tensor: try file.tensor($0).copied()) }
        var texts = file.metadata
        texts[Key.digest] = try digest(tensors, texts)
        try Safetensors.write(tensors, metadata: texts, to: path)
    }

    /// SHA-256 over the texts and the tensors with their names, types and shapes, in order of names.
    private static func digest(_ tensors: [(name: String, tensor: Tensor)], _ texts: [String: String]) throws -> String
    {
        var hash = SHA256()
        for (key, text) in texts.sorted(by: { $0.key < $1.key }) where key != Key.digest {
            hash.update("\(key)=\(text)\n")
        }
        for (name, tensor) in tensors.sorted(by: { $0.name < $1.name }) {
            hash.update("\(name):\(tensor.dtype)\(tensor.shape)\n")
            tensor.to(device: .cpu).contiguous().withUnsafeBytes { hash.update($0) }
        }
        return hash.hexadecimal
    }
}
