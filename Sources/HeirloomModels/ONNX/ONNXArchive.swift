import Foundation
import HeirloomTensors

/// A network that was published as ONNX graphs in one archive, beside a file of settings.
struct ONNXArchive {
    /// The weights by graph and operation, such as `enc/erb_conv1/1/Conv.weight`.
    let state: [String: Tensor]

    /// Whether a path names such an archive.
    static func isArchive(_ path: String) -> Bool { path.hasSuffix(".tar.gz") }

    /// Reads an archive.
    /// - Throws: ``CheckpointError`` or `TensorFileError` naming the file in it.
    init(path: String) throws {
        let archive = try TarFile(path: path)
        do throws(CheckpointError) {
            var state: [String: Tensor] = [:]
            for (name, range) in archive.files.sorted(by: { $0.key < $1.key }) where name.hasSuffix(".onnx") {
                let stem = String(name.dropLast(".onnx".count))
                let own = try Self.weights(archive.bytes, at: range, named: name)
                for (key, tensor) in own { state[stem + key] = tensor }
            }
            guard !state.isEmpty else { throw CheckpointError(.unknown, reason: "has no ONNX graphs in it") }
            try Self.compare(archive)
            self.state = state
        } catch {
            throw CheckpointError(error.code, path: path, reason: error.reason)
        }
    }

    private static func weights(
        _ bytes: [UInt8], at range: Range<Int>, named name: String
    ) throws(CheckpointError) -> [String: Tensor] {
        let found = bytes.withUnsafeBytes { bytes in
            Result { () throws(CheckpointError) in try ONNXGraph(bytes, at: range).weights(bytes) }
        }
        do throws(CheckpointError) {
            return try found.get()
        } catch {
            throw CheckpointError(error.code, reason: "\(name) in it \(error.reason)")
        }
    }

    /// Compares the settings with those of the network that is built of the weights.
    private static func compare(_ archive: TarFile) throws(CheckpointError) {
        guard let range = archive.files["config.ini"] else {
            throw CheckpointError(.unknown, reason: "has no config.ini in it, which says how the network is fed")
        }
        var found: [String: String] = [:]
        var section = ""
        for line in String(decoding: archive.bytes[range], as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2 {
                found["\(section).\(parts[0])"] = parts[1]
            } else if let name = parts.first, name.hasPrefix("[") {
                section = String(name.dropFirst().dropLast())
            }
        }
        for (key, wanted) in DeepFilterNet3.settings.sorted(by: { $0.key < $1.key }) where found[key] != wanted {
            throw CheckpointError(
                .unsupported,
                reason:
                    "has the setting \(key) = \(found[key]?.prefix(40) ?? "none"), and the network that is known here "
                    + "\(wanted)")
        }
    }
}
