import Foundation
import HeirloomTensors

extension Pretrained {
    /// Makes a file from what was fetched, compares it with its digest and puts it in its place.
    ///
    /// Where the folder cannot be written, the network is returned all the same, and the next call makes it again.
    /// - Parameter report: Is told what is about to happen, in sentences.
    /// - Returns: The network.
    /// - Throws: ``CheckpointError`` or `TensorFileError`; nothing is left under the file's name then.
    @discardableResult
    func convert(_ file: File, of model: Model, report: (String) -> Void) throws -> any BuildableModel {
        let parts = file.madeFrom ?? []
        for part in parts where status(of: part, comparingDigest: true) != .present {
            throw CheckpointError(
                .checksum, path: path(of: part),
                reason: "is missing or is not the file of \(model.name): run 'heirloom models fetch \(model.name)'")
        }
        let names = parts.map(\.file)
        report("converting \(names.joined(separator: " and ")) into \(file.file), once")
        let network = try network(of: parts)
        let target = path(of: file)
        guard access(fetched, W_OK) == 0 else {
            report("\(fetched) cannot be written: \(file.file) will be made again next time")
            return network
        }
        // Beside its place, and not under its name before its digest was compared.
        let made = "\(fetched)/.making-\(ProcessInfo.processInfo.processIdentifier)-\(file.file)"
        defer { unlink(made) }
        try ModelFile.write(
            network, to: made, dtype: ModelFile.smallestExactType(of: network), task: model.task, licence: model.licence
        )
        let digest = try Self.digest(ofFile: made)
        guard digest == file.sha256 else {
            throw CheckpointError(
                .checksum, path: target,
                reason:
                    "was made with other content than the manifest says (its digest is \(digest)): use the manifest "
                    + "of this Heirloom")
        }
        guard rename(made, target) == 0 else {
            throw CheckpointError(
                .unreadable, path: target, reason: "cannot be put there: \(String(cString: strerror(errno)))")
        }
        return network
    }

    /// The network that fetched files make.
    private func network(of parts: [File]) throws -> any BuildableModel {
        if let archive = parts.first, parts.count == 1, ONNXArchive.isArchive(archive.file) {
            return try ForeignWeights.load(path(of: archive))
        }
        if !parts.isEmpty, parts.allSatisfy({ $0.file.hasSuffix(".pt") }) {
            // Parts of one network in a file each: the file's name comes before the names in it.
            var state: [String: Tensor] = [:]
            for part in parts {
                for (name, tensor) in try Checkpoint(path: path(of: part)).tensors {
                    state["\(part.file.dropLast(".pt".count)).\(name)"] = tensor
                }
            }
            return try ForeignWeights.network(state)
        }
        guard let param = parts.first(where: { $0.file.hasSuffix(".param") }),
            let bin = parts.first(where: { $0.file.hasSuffix(".bin") })
        else {
            throw CheckpointError(
                .corrupt, path: folder,
                reason: "\(parts.map(\.file).joined(separator: ", ")) are neither a pair of ncnn files nor an archive "
                    + "nor PyTorch files")
        }
        let source = try NCNNFile(param: path(of: param), bin: path(of: bin))
        return try ForeignWeights.network(source.state, outputScale: source.outputScale)
    }
}
