import Foundation
import HeirloomLayers
import HeirloomTensors

extension Pretrained {
    /// A model that a user brought: a file of the folder for fetched weights that the manifest does not name.
    public struct Imported: Sendable {
        /// What `--model` calls it.
        public let name: String
        /// The file.
        public let path: String
        /// What its header says, nil where it cannot be read.
        public let header: ModelFile.Header?
        /// What there is to say of the file that it was imported from, in sentences.
        public var notes: [String] = []
    }

    /// Whether a text names a file and not a model: it has a slash or an extension.
    static func isPath(_ nameOrPath: String) -> Bool { nameOrPath.contains("/") || nameOrPath.contains(".") }

    /// The models that users brought, in order of names.
    public var imported: [Imported] {
        let known = Set(models.flatMap(\.files).map(\.file))
        let names = (try? FileManager.default.contentsOfDirectory(atPath: fetched)) ?? []
        return names.filter { $0.hasSuffix(".safetensors") && !$0.hasPrefix(".") && !known.contains($0) }.sorted()
            .map { file in
                let path = fetched + "/" + file
                let name = String(file.dropLast(".safetensors".count))
                return Imported(name: name, path: path, header: (try? ModelFile(path: path))?.header)
            }
    }

    /// Where an imported model of a name is, nil where there is none.
    func importedPath(_ name: String) -> String? {
        guard !models.contains(where: { $0.name == name }) else { return nil }
        let path = "\(fetched)/\(name).safetensors"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// Reads weights that other programs wrote and keeps them as a model file, so that their name can be given to
    /// `--model`.
    /// - Parameters:
    ///   - path: What ``ForeignWeights/load(_:)`` reads.
    ///   - name: Letters, digits, `-` and `_`; nil takes the file's.
    ///   - replacing: Whether an imported model of the same name may be replaced.
    /// - Returns: The new model.
    /// - Throws: ``CheckpointError`` or `TensorFileError`; then nothing was written.
    public func importModel(
        _ path: String, name: String? = nil, licence: String = "not stated", replacing: Bool = false
    ) throws -> Imported {
        let stem = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        let name = name ?? stem
        let allowed = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        guard allowed, (1...64).contains(name.count) else {
            throw CheckpointError(
                .unknown,
                reason: "\"\(name)\" cannot be the name of a model: take up to 64 letters, digits, - and _ (--name)")
        }
        guard !models.contains(where: { $0.name == name }) else {
            throw CheckpointError(
                .unknown, reason: "\(name) is a model that Heirloom knows: give yours another name (--name)")
        }
        let target = "\(fetched)/\(name).safetensors"
        guard replacing || !FileManager.default.fileExists(atPath: target) else {
            throw CheckpointError(
                .unknown, path: target,
                reason: "is there already: give another name (--name), or allow to replace it (--overwrite)")
        }
        let model = try ForeignWeights.load(path)
        do {
            try FileManager.default.createDirectory(atPath: fetched, withIntermediateDirectories: true)
        } catch {
            throw CheckpointError(.unreadable, path: fetched, reason: "cannot be made: \(error.localizedDescription)")
        }
        try ModelFile.write(
            model, to: target, dtype: ModelFile.smallestExactType(of: model), task: model.description.task,
            licence: licence)
        return Imported(
            name: name, path: target, header: try ModelFile(path: target).header, notes: notes(on: path))
    }

    /// Weights have no checksum in many foreign files: one that is as long as a published file and not that file may be
    /// damaged.
    private func notes(on path: String) -> [String] {
        let weights = ((try? NCNNFile.pair(of: path)) ?? nil)?.bin ?? path
        let size = (try? FileManager.default.attributesOfItem(atPath: weights)[.size] as? NSNumber)?.intValue
        let known = models.flatMap { model in
            model.files.flatMap { [$0] + ($0.madeFrom ?? []) }.map { (model.name, $0) }
        }.filter { $0.1.bytes == size }
        guard let (model, file) = known.first, let digest = try? Self.digest(ofFile: weights),
            !known.contains(where: { $0.1.sha256 == digest })
        else { return [] }
        return [
            "\(weights) is as long as \(file.file), of which \(model) is made, and holds other numbers: if it should be that "
                + "file, it is damaged"
        ]
    }
}

extension ModelFile {
    /// The type that keeps every weight as it is: float16 where nothing is lost, else float32.
    static func smallestExactType(of model: any BuildableModel) -> DType {
        let part = 1 << 19
        let isExact = model.state().allSatisfy { _, tensor in
            guard tensor.dtype.isFloatingPoint, tensor.rank >= 2 else { return true }
            // In parts: the first one tells nearly always, and a large tensor is not copied whole.
            let flat = tensor.detached().flattened()
            return stride(from: 0, to: flat.count, by: part).allSatisfy { start in
                let value = flat.sliced(axis: 0, from: start, to: min(start + part, flat.count))
                return value.to(dtype: .float16).to(dtype: value.dtype).isEqual(to: value)
            }
        }
        return isExact ? .float16 : .float32
    }
}
