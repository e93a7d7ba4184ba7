import Foundation

/// The weights that Heirloom knows of: its own, and those of others that it can fetch.
///
/// The manifest `models.json` stands beside our own weights in the folder `pretrained`; fetched ones go to `.weights`
/// beside that folder.
public struct Pretrained: Sendable {
    private struct Manifest: Codable {
        let version: Int
        let models: [Model]
    }

    /// Where our own weights and the manifest are.
    public let folder: String
    /// Where fetched weights are.
    public let fetched: String
    /// The manifest.
    public let models: [Model]

    /// Reads the manifest of a folder.
    /// - Throws: ``CheckpointError`` when it is missing or not valid.
    public init(folder: String) throws(CheckpointError) {
        let manifest = folder + "/models.json"
        guard let data = FileManager.default.contents(atPath: manifest) else {
            throw CheckpointError(
                .unreadable, path: manifest, reason: "cannot be read: it lists the weights of Heirloom")
        }
        do {
            let content = try JSONDecoder().decode(Manifest.self, from: data)
            guard content.version == 1 else {
                throw CheckpointError(.unsupported, path: manifest, reason: "is of version \(content.version), not 1")
            }
            models = content.models
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw CheckpointError(.corrupt, path: manifest, reason: "is not a valid list of models: \(error)")
        }
        self.folder = folder
        fetched = URL(fileURLWithPath: folder).deletingLastPathComponent().appendingPathComponent(".weights").path
    }

    /// Finds the folder: what the environment variable `HEIRLOOM_PRETRAINED` names, else the first `pretrained` in or above
    /// the program's folder, else the one in the sources that the program was built from.
    /// - Throws: ``CheckpointError`` when there is none.
    public static func standard() throws(CheckpointError) -> Pretrained {
        if let named = ProcessInfo.processInfo.environment["HEIRLOOM_PRETRAINED"], !named.isEmpty {
            return try Pretrained(folder: named)
        }
        let program = Bundle.main.executableURL?.resolvingSymlinksInPath()
        for start in [program, URL(fileURLWithPath: #filePath)].compactMap({ $0 }) {
            var place = start.deletingLastPathComponent()
            while place.path != "/" && !place.path.isEmpty {
                let candidate = place.appendingPathComponent("pretrained").path
                if FileManager.default.fileExists(atPath: candidate + "/models.json") {
                    return try Pretrained(folder: candidate)
                }
                place = place.deletingLastPathComponent()
            }
        }
        throw CheckpointError(
            .unreadable,
            reason: "the folder \"pretrained\" with Heirloom's weights was not found near the program: set "
                + "HEIRLOOM_PRETRAINED to it, or name a weights file with --model")
    }

    /// The entry of a name.
    /// - Throws: ``CheckpointError`` listing the names there are.
    public func model(named name: String) throws(CheckpointError) -> Model {
        guard let found = models.first(where: { $0.name == name }) else {
            let names = models.map(\.name).joined(separator: ", ")
            throw CheckpointError(
                .unknown, reason: "no model is named \"\(name)\"; there are \(names). A file is named by its path")
        }
        return found
    }

    /// Where a file is, or would be.
    public func path(of file: File) -> String {
        (file.comesWithHeirloom ? folder : fetched) + "/" + file.file
    }

    /// Whether a file is there and whole.
    /// - Parameter digest: Also reads it and compares the digest.
    public func status(of file: File, comparingDigest digest: Bool = false) -> Status {
        let path = path(of: file)
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            guard let parts = file.madeFrom else { return .missing }
            let isMakable = parts.allSatisfy { status(of: $0, comparingDigest: digest) == .present }
            return isMakable ? .unconverted : .missing
        }
        guard (attributes[.size] as? NSNumber)?.intValue == file.bytes else { return .damaged }
        guard digest else { return .present }
        return (try? Self.digest(ofFile: path)) == file.sha256 ? .present : .damaged
    }

    /// Compares every file of a model with its digest.
    /// - Throws: ``CheckpointError`` naming the first that is missing or damaged, and what to do.
    public func verify(_ model: Model) throws(CheckpointError) {
        for file in model.files {
            let path = path(of: file)
            let remedy =
                file.comesWithHeirloom
                ? "restore it from Heirloom's sources" : "run 'heirloom models fetch \(model.name)'"
            switch status(of: file, comparingDigest: true) {
            case .present, .unconverted: continue
            case .missing: throw CheckpointError(.unreadable, path: path, reason: "is missing: \(remedy)")
            case .damaged:
                throw CheckpointError(.checksum, path: path, reason: "is not the file of \(model.name): \(remedy)")
            }
        }
    }
}
