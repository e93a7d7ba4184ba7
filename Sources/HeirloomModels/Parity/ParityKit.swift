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

    let files: [String]

    /// Runs one case that is not about a network alone: its description in, how it came out back.
    public typealias Runner = (ParityCase) throws -> ParityResult

    /// Runs every case whose network exists.
    /// - Parameters:
    ///   - weights: Where the cases with real weights find them; nil leaves those out.
    ///   - runners: For cases of the 64-bit formulas that need more than a network, by their names.
    ///   - describers: For descriptions of the 32-bit formulas that need more than a network: each is asked in turn, and
    ///     those that networks alone can run are run here.
    ///   - isWanted: Chooses among the cases of the 64-bit formulas by their names; others have no result then.
    /// - Returns: A result for every case of the folder, in the order of its files.
    /// - Throws: ``CheckpointError`` or `TensorFileError` when a file of the kit is damaged; what a runner throws.
    public func run(
        weights: Pretrained? = nil, runners: [String: Runner] = [:], describers: [ParityDescription.Runner] = [],
        cases isWanted: (String) -> Bool = { _ in true }
    ) throws -> [ParityResult] {
        try files.flatMap { file -> [ParityResult] in
            guard file.hasSuffix(".json"), case let json = try JSONValue.read(path(file)), json["gain"] != nil,
                let cases = json["cases"]?.table
            else { return try others(file, weights, describers) }
            return try upscaler(json, cases.filter { isWanted($0.key) }, runners)
        }
    }

    private func others(
        _ file: String, _ weights: Pretrained?, _ describers: [ParityDescription.Runner]
    ) throws -> [ParityResult] {
        if file.hasSuffix(".tsv") { return [try noiseTable(file, files)] }
        guard file.hasSuffix(".json") else { return [] }
        let json = try JSONValue.read(path(file))
        let name = String(file.dropLast(5))
        if let description = ParityDescription(name, json, folder: folder) {
            return try colorizer(description, describers)
        }
        return try withoutGradients { try published(name, json, weights) }
    }

    /// Descriptions of published weights.
    private func published(_ name: String, _ json: JSONValue, _ weights: Pretrained?) throws -> [ParityResult] {
        if json["features"] != nil, json["weights"] != nil { return [try realClassifier(name, json, weights)] }
        if json["models"] != nil, json["cases"] != nil { return try realUpscalers(name, json, weights) }
        return unknown(name, json)
    }

    func path(_ file: String) -> String { folder + "/" + file }

    /// The cases of a description that nothing here can run.
    func unknown(_ name: String, _ json: JSONValue) -> [ParityResult] {
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
