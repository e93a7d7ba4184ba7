import Foundation
import HeirloomMedia

/// The checks of a file that is written by no library.
enum OutputCheck {
    /// Throws unless a file may be made at a path: not an input, not a folder, not there already (unless overwriting is
    /// asked for), in a folder that can be written.
    ///
    /// - Parameters:
    ///   - operation: a verb phrase that follows "Cannot".
    ///   - hasFolder: whether the folder must be there already.
    static func check(
        _ path: String, _ operation: String, inputs: [String], overwrite: Bool, folder hasFolder: Bool = true
    ) throws(MediaError) {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            if isFolder.boolValue {
                throw MediaError(
                    .isDirectory, operation, path: path, reason: "it is a folder", advice: "give the name of a file")
            }
            if inputs.contains(where: { identity(of: $0) == identity(of: path) }) {
                throw MediaError(
                    .sameFile, operation, path: path, reason: "it is an input file",
                    advice: "choose another name; inputs are never changed")
            }
            guard overwrite else {
                throw MediaError(
                    .exists, operation, path: path, reason: "the file exists already",
                    advice: "choose another name or ask for it to be overwritten (--overwrite)")
            }
        }
        if hasFolder { try checkFolder(folder(of: path), operation, for: path) }
    }

    /// Throws unless a folder is there and can be written.
    static func checkFolder(_ folder: String, _ operation: String, for path: String) throws(MediaError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw MediaError(
                .notWritable, operation, path: path, reason: "the folder '\(folder)' does not exist",
                advice: "make the folder first")
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw MediaError(
                .notWritable, operation, path: path, reason: "the folder '\(folder)' may not be written to",
                advice: "choose another folder or change its permissions")
        }
    }

    /// The folder of a path; "." for a bare name.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func identity(of path: String) -> [UInt64]? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: (path as NSString).resolvingSymlinksInPath)
        guard let device = attributes?[.systemNumber] as? NSNumber,
            let file = attributes?[.systemFileNumber] as? NSNumber
        else { return nil }
        return [device.uint64Value, file.uint64Value]
    }
}
