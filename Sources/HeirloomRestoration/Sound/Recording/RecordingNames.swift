import Foundation

/// Finds the recording that a word on the command line means.
struct RecordingNames {
    /// The recordings, as the user named them.
    let paths: [String]

    /// The position of a recording: by its path, else by the end of it where only one fits.
    ///
    /// - Throws: `badRequest` where none or several fit.
    func index(of word: String, option: String) throws -> Int {
        if let exact = paths.firstIndex(of: word) { return exact }
        let absolute = URL(fileURLWithPath: word).standardizedFileURL.path
        if let same = paths.firstIndex(where: { URL(fileURLWithPath: $0).standardizedFileURL.path == absolute }) {
            return same
        }
        let fitting = paths.indices.filter { Self.name(paths[$0]) == word }
        if fitting.count == 1 { return fitting[0] }
        let reason =
            fitting.isEmpty ? "none of the recordings has that name" : "\(fitting.count) recordings have that name"
        throw RestorationError(
            .badRequest, "\(option) \(word): \(reason); write it as the recording is written: \(list).")
    }

    /// The last part of a path.
    static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private var list: String {
        let shown = paths.prefix(6).map { "'\($0)'" }.joined(separator: ", ")
        return paths.count > 6 ? shown + ", …" : shown
    }
}
