import Foundation
import HeirloomMedia

/// What an input is, found by looking into it: names and endings decide nothing.
public enum InputKind: String, Sendable {
    /// A picture.
    case still
    /// A film.
    case film
    /// A folder.
    case folder

    /// Looks at a file or folder.
    ///
    /// - Throws: `MediaError` where there is nothing, nothing readable, or neither a picture nor a film.
    public static func probe(_ path: String) throws -> InputKind {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue { return .folder }
        guard FileManager.default.fileExists(atPath: path) else {
            throw MediaError(
                .notFound, "open", path: path, reason: "there is no such file", advice: "check the name and the folder")
        }
        let refusal: MediaError
        do {
            _ = try StillReader.probe(path)
            return .still
        } catch {
            refusal = error
        }
        switch refusal.code {
        case .empty, .unreadable:
            // What it would have been, only its name can tell.
            guard StillFormat(path: path) == nil else { throw refusal }
            throw MediaError(refusal.code, "open", path: path, reason: refusal.reason, advice: refusal.advice)
        case .notFound, .tooLarge: throw refusal
        default: break
        }
        do {
            guard try MediaSummary(path: path).film != nil else {
                throw MediaError(
                    .noVideo, "read the film", path: path, reason: "it has no moving picture",
                    advice: "give a film or a picture")
            }
            return .film
        } catch let error as MediaError {
            // What is damaged or called a picture is better told about as a picture; anything else as a film.
            throw refusal.code == .corrupt || StillFormat(path: path) != nil ? refusal : error
        }
    }
}
