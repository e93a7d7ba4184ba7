import Foundation
import HeirloomDatasets
import HeirloomMedia

/// Finds the pictures, or the recordings, in folders and among files, always in the same order.
///
/// The inputs stay in their order; a folder's own files come first, then its subfolders, each sorted by name. Hidden
/// files and folders are passed over, links to folders are not followed (they can go round in circles).
struct PictureSearch {
    /// What is looked for.
    enum Kind {
        case pictures, recordings

        /// The word for several.
        var name: String { self == .pictures ? "pictures" : "recordings" }

        func isWanted(_ name: String) -> Bool {
            switch self {
            case .pictures: StillFormat(path: name) != nil
            case .recordings: SoundIntakeOptions.endings.contains(PictureSearch.ending(of: name))
            }
        }
    }

    private let kind: Kind
    /// Endings of archives that people keep photographs in.
    private static let archives: Set = ["tar", "tgz", "gz", "bz2", "xz", "zst", "zip", "7z", "rar"]

    private(set) var pictures: [PictureFile] = []
    private(set) var leftOut: [LeftOut] = []
    private(set) var otherFiles = 0
    private(set) var notes: [String] = []
    private var manifests: [String: Manifest] = [:]
    /// Folders met as folders; of a folder of which only some files were named, not all of a list needs to be there.
    private var searched: [String] = []
    private let shouldStop: () -> Bool

    /// What is being done, for messages.
    static func operation(_ kind: Kind) -> String { "take in the \(kind.name)" }

    /// Searches everything at once.
    ///
    /// - Throws: ``MediaError`` for an input that does not exist or is an archive, and for a manifest that cannot be
    ///   read; `CancellationError`.
    init(_ inputs: [String], for kind: Kind = .pictures, shouldStop: @escaping () -> Bool = { false }) throws {
        self.kind = kind
        self.shouldStop = shouldStop
        for input in inputs {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: input, isDirectory: &isFolder) else {
                throw MediaError(
                    .notFound, Self.operation(kind), path: input, reason: "there is no such file or folder",
                    advice: "check the name")
            }
            if isFolder.boolValue {
                try search(folder: input, below: "", manifest: nil)
            } else if Self.isArchive(input) {
                throw MediaError(
                    .unsupported, Self.operation(kind), path: input, reason: "it is an archive",
                    advice: "unpack it first (tar -xf, unzip) and name the folder that comes out")
            } else {
                let (folder, name) = Self.split(input)
                take(file: name, path: input, name: name, manifest: try manifest(of: folder))
            }
        }
        for folder in searched {
            guard let manifest = manifests[folder], manifest.unmatched > 0 else { continue }
            notes.append("The manifest in '\(folder)' lists \(manifest.unmatched) \(kind.name) that are not there.")
        }
    }

    private mutating func search(folder: String, below: String, manifest outer: Manifest?) throws {
        if shouldStop() { throw CancellationError() }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            leftOut.append(LeftOut(path: folder, reason: .closedFolder, detail: "the folder cannot be opened"))
            return
        }
        searched.append(folder)
        let manifest = try manifest(of: folder, names: names) ?? outer
        var folders: [String] = []
        for name in names.sorted(by: Self.byBytes) where !name.hasPrefix(".") {
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                otherFiles += 1  // a link to nothing
                continue
            }
            if isFolder.boolValue {
                let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
                if isLink {
                    notes.append("The link to a folder '\(path)' was not followed.")
                } else {
                    folders.append(name)
                }
            } else if kind.isWanted(name) {
                take(file: name, path: path, name: below + name, manifest: manifest)
            } else if Self.isArchive(name) {
                leftOut.append(LeftOut(path: path, reason: .archive, detail: "it is an archive; unpack it to use it"))
            } else if !Manifest.isName(name) {
                otherFiles += 1
            }
        }
        for name in folders {
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            try search(folder: path, below: below + name + "/", manifest: manifest)
        }
    }

    private mutating func take(file: String, path: String, name: String, manifest: Manifest?) {
        let row = manifest?.row(for: path)
        let folder = Self.split(Self.split(path).folder).name
        pictures.append(
            PictureFile(
                path: path, name: name, group: row?.group, label: row?.label ?? Self.label(ofFolder: folder),
                source: PackedMetadata.Source(
                    name: row?.source ?? (folder.isEmpty || folder == "." ? kind.name : folder),
                    licence: row?.licence ?? "not stated")))
    }

    /// The class that a folder's name says: `class-207`, also with a word after it, as `class-207-retriever`.
    ///
    /// A bare number is no class: people number their folders by months and films.
    static func label(ofFolder name: String) -> Int? {
        guard name.hasPrefix("class-") else { return nil }
        let rest = name.dropFirst("class-".count)
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard (1...6).contains(digits.count), rest.dropFirst(digits.count).first ?? "-" == "-" else { return nil }
        return Int(digits)
    }

    /// The manifest of a folder, read once.
    private mutating func manifest(of folder: String, names: [String]? = nil) throws -> Manifest? {
        if let known = manifests[folder] { return known }
        let names = names ?? (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let lists = names.filter(Manifest.isName).sorted(by: Self.byBytes)
        guard !lists.isEmpty else { return nil }
        let manifest = try Manifest(folder: folder, lists: lists)
        manifests[folder] = manifest
        return manifest
    }

    /// The order of the names' bytes, the same in every language setting.
    private static func byBytes(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }

    private static func isArchive(_ path: String) -> Bool { archives.contains(ending(of: path)) }

    /// What stands behind the last dot, in small letters.
    static func ending(of path: String) -> String {
        path.lastIndex(of: ".").map { path[path.index(after: $0)...].lowercased() } ?? ""
    }

    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }
}
