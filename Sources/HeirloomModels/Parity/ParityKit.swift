import Foundation
import HeirloomTensors

/// A folder with reference outputs of networks: JSON descriptions and safetensors files. Weights and inputs are made by
/// formulas from the seed, names and shapes that the descriptions state.
public struct ParityKit {
    /// The folder.
    public let folder: String

    /// Names a folder.
    /// - Throws: ``CheckpointError`` when it is missing or holds no description.
    public init(folder: String) throws(CheckpointError) {
        self.folder = folder
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw CheckpointError(.unreadable, path: folder, reason: "is not a folder that can be read")
        }
        guard names.contains(where: { $0.hasSuffix(".json") || $0.hasSuffix(".tsv") }) else {
            throw CheckpointError(
                .unsupported, path: folder, reason: "has no .json file: give a folder with a parity kit")
        }
        files = names.sorted()
    }

    private let files: [String]

    /// Runs every case whose network exists.
    /// - Parameter weights: Where the cases with real weights find them; nil leaves those out.
    /// - Returns: A result for every case of the folder, in the order of its files.
    /// - Throws: ``CheckpointError`` or `TensorFileError` when a file of the kit is damaged.
    public func run(weights: Pretrained? = nil) throws -> [ParityResult] {
        try withoutGradients {
            try files.flatMap { file -> [ParityResult] in
                if file.hasSuffix(".tsv") { return [try noiseTable(file)] }
                guard file.hasSuffix(".json") else { return [] }
                let json = try JSONValue.read(path(file))
                let name = String(file.dropLast(5))
                if json["gain"] != nil, let cases = json["cases"]?.table { return try upscaler(json, cases) }
                if json["pickle_globals"] != nil { return [try sampleCheckpoint(name, json)] }
                if json["spectral_norm"] != nil { return miscellany(name, json) }
                if json["features"] != nil, json["weights"] != nil { return [try realClassifier(name, json, weights)] }
                return others(name, json)
            }
        }
    }

    func path(_ file: String) -> String { folder + "/" + file }

    /// The cases of a description that nothing here can run.
    private func others(_ name: String, _ json: JSONValue) -> [ParityResult] {
        switch json["cases"] {
        case .table(let cases)?: return cases.keys.sorted().map { .notCovered("\(name)/\($0)") }
        case .list(let cases)?:
            return cases.enumerated().map { index, entry in
                .notCovered("\(name)/\(entry["name"]?.text ?? String(index))")
            }
        default: return [.notCovered(name)]
        }
    }
}
