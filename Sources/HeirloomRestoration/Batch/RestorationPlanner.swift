import Foundation
import HeirloomMedia

/// Turns inputs and an output into a plan: looks into every file, decides every name, refuses what cannot be.
struct RestorationPlanner {
    let output: String
    let recursive: Bool
    let film: FilmSettings
    let still: StillSettings
    /// What is done with the inputs: "colour".
    let verb: String
    private var plan = RestorationPlan()
    private var taken: [String: String] = [:]

    init(output: String, recursive: Bool, film: FilmSettings, still: StillSettings, verb: String) {
        self.output = output
        self.recursive = recursive
        self.film = film
        self.still = still
        self.verb = verb
    }

    /// The plan for the inputs.
    ///
    /// - Throws: what a single input is refused for; what the output folder is refused for.
    mutating func plan(for inputs: [String]) throws -> RestorationPlan {
        guard let first = inputs.first else {
            throw RestorationError(.badRequest, "There is nothing to \(verb); name a film, a picture or a folder.")
        }
        let isFolder = Self.isFolder(output)
        if inputs.count == 1 {
            let kind = try InputKind.probe(first)
            if kind == .folder {
                try refuseFileAsFolder()
                try addFolder(first)
            } else {
                if isFolder || output.hasSuffix("/") {
                    try addToFolder(first, kind, name: Self.name(of: first))
                } else {
                    try add(first, kind, to: output)
                }
            }
            if plan.items.isEmpty, let refused = plan.refused.first { throw refused.error }
        } else {
            try refuseFileAsFolder()
            for input in inputs { try addOneOfMany(input) }
        }
        let parents = Set(plan.items.filter { $0.output != output }.map { Self.parent(of: $0.output) })
        plan.folders = parents.filter { !Self.isFolder($0) }.sorted()
        return plan
    }

    private mutating func addOneOfMany(_ input: String) throws {
        do {
            let kind = try InputKind.probe(input)
            if kind == .folder {
                try addFolder(input)
            } else {
                try addToFolder(input, kind, name: Self.name(of: input))
            }
        } catch let error as MediaError where error.code == .exists {
            leave(input, error)
        } catch {
            plan.refused.append(.init(path: input, error: error))
        }
    }

    /// Of several, those whose result is there already are left alone: the same command goes on with the others.
    private mutating func leave(_ input: String, _ error: MediaError) {
        plan.skipped.append(.init(path: input, reason: "'\(error.path)' is there already; --overwrite makes it again"))
    }

    /// Pictures and films of a folder, in the order of their names, under their relative names.
    private mutating func addFolder(_ folder: String) throws {
        let manager = FileManager.default
        let names: [String]
        do {
            names = try
                (recursive ? manager.subpathsOfDirectory(atPath: folder) : manager.contentsOfDirectory(atPath: folder))
                .sorted()
        } catch {
            throw MediaError(
                .unreadable, "read the folder", path: folder, reason: "it may not be listed",
                advice: "check its permissions")
        }
        let before = plan.items.count
        var hasResults = false
        let target = Self.resolved(output) + "/"
        for name in names {
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            // Hidden files are never pictures that someone put there; earlier results are no inputs.
            // What an interrupted job keeps is no input either.
            guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") || $0.hasSuffix(".heirloom") }) else {
                continue
            }
            guard !Self.isFolder(path), !Self.resolved(path).hasPrefix(target) else { continue }
            do {
                try addToFolder(path, InputKind.probe(path), name: name)
            } catch let error as MediaError where Self.isForeign(error) {
                plan.skipped.append(.init(path: path, reason: error.reason))
            } catch let error as MediaError where error.code == .exists {
                leave(path, error)
                hasResults = true
            } catch {
                plan.refused.append(.init(path: path, error: error))
            }
        }
        guard plan.items.count > before || hasResults || !plan.refused.isEmpty else {
            throw MediaError(
                .noPicture, "read the folder", path: folder, reason: "there is no picture and no film in it",
                advice: recursive ? "" : "folders inside it are looked into with --recursive")
        }
    }

    /// Whether an error says that a file in a folder is something else, and not a broken picture or film.
    private static func isForeign(_ error: MediaError) -> Bool {
        [.noPicture, .noVideo, .unsupported].contains(error.code)
    }

    /// Adds an input under its own name; an ending that cannot be written is replaced by one that can.
    private mutating func addToFolder(_ input: String, _ kind: InputKind, name: String) throws {
        let target = output.hasSuffix("/") ? output + name : output + "/" + name
        let stem = name.lastIndex(of: ".").map { String(target.dropLast(name.distance(from: $0, to: name.endIndex))) }
        switch kind {
        case .still where StillFormat(path: target) == nil: try add(input, kind, to: (stem ?? target) + ".png")
        case .film:
            do {
                try add(input, kind, to: target)
            } catch let error as MediaError where error.code == .unsupported {
                try add(input, kind, to: (stem ?? target) + ".mkv")
            }
        default: try add(input, kind, to: target)
        }
    }

    private mutating func add(_ input: String, _ kind: InputKind, to target: String) throws {
        if let other = taken[target] {
            throw RestorationError(
                .badRequest,
                "Both '\(other)' and '\(input)' would be written to '\(target)'; \(verb) them one by one."
            )
        }
        // A folder that will be made cannot refuse anything yet; its stand-in is the nearest folder above it.
        let place = target == output ? target : Self.placeForChecking(target)
        switch kind {
        case .film:
            // Where work is kept, the job itself knows whether a target that exists is its own.
            let hasWork = FileManager.default.fileExists(atPath: Journal.folder(for: target, shard: film.shard))
            try VideoWriter.check(
                path: place, encoding: film.encoding, inputs: [input], overwrite: film.overwrite || hasWork)
        case .still:
            guard StillFormat(path: target) != nil else {
                throw MediaError(
                    .unsupported, verb, path: input,
                    reason: "it is a still picture, and '\(target)' is no name for a picture",
                    advice: "let the name of the result end in .jpg, .png or .tif")
            }
            try StillWriter.check(path: place, inputs: [input], overwrite: still.overwrite)
        case .folder: preconditionFailure("a folder is no single input")
        }
        taken[target] = input
        plan.items.append(.init(input: input, output: target, kind: kind))
    }

    /// The target, moved up to the nearest folder that exists, under a name that no file has.
    private static func placeForChecking(_ target: String) -> String {
        var folder = parent(of: target)
        guard !isFolder(folder) else { return target }
        while !FileManager.default.fileExists(atPath: folder), folder != "/", folder != "." {
            folder = parent(of: folder)
        }
        let ending = target.lastIndex(of: ".").map { String(target[$0...]) } ?? ""
        return (folder == "/" ? "" : folder) + "/.heirloom-check-" + UUID().uuidString
            + (ending.contains("/") ? "" : ending)
    }

    /// A file cannot be the folder that several results go to.
    private func refuseFileAsFolder() throws {
        guard FileManager.default.fileExists(atPath: output), !Self.isFolder(output) else { return }
        throw MediaError(
            .exists, "write to the folder", path: output, reason: "a file of that name exists",
            advice: "several inputs need a folder as output")
    }

    private static func name(of path: String) -> String { String(path.split(separator: "/").last ?? "") }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
}
