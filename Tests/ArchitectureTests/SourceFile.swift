import Foundation

/// One text file of the package, with its place in it.
struct SourceFile {
    /// Path from the package's root.
    let path: String

    /// Lines as they stand.
    let lines: [String]

    init(path: String, text: String) {
        self.path = path
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The folder below Sources or Tests, which is the target.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    /// Number of lines, not counting the empty one after the last newline.
    var lineCount: Int {
        lines.last == "" ? lines.count - 1 : lines.count
    }
}

/// The package's own files, found from where this one stands.
enum SourceTree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The names of the folders directly in `folder`.
    static func folders(in folder: String) throws -> [String] {
        let url = root.appending(path: folder)
        return try FileManager.default.contentsOfDirectory(atPath: url.path)
            .filter { name in
                var isFolder: ObjCBool = false
                let path = url.appending(path: name).path
                return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
            }
            .sorted()
    }

    /// The UTF-8 files under `place` (a folder or a file) whose name ends in one of `extensions`; any name when nil.
    static func files(in place: String, extensions: Set<String>? = nil) throws -> [SourceFile] {
        let base = root.appending(path: place).resolvingSymlinksInPath()
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: base.path, isDirectory: &isFolder) else { return [] }
        let names =
            isFolder.boolValue
            ? try FileManager.default.subpathsOfDirectory(atPath: base.path).map { place + "/" + $0 }.sorted() : [place]
        return names.compactMap { name in
            let url = root.appending(path: name)
            if let extensions, !extensions.contains(url.pathExtension) { return nil }
            guard let data = try? Data(contentsOf: url), let text = String(data: data, encoding: .utf8) else {
                return nil
            }
            return SourceFile(path: name, text: text)
        }
    }
}
