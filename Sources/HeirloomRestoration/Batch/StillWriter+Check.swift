import Foundation
import HeirloomMedia

extension StillWriter {
    /// Refuses what writing would refuse about a name, without making anything: before a model is loaded.
    ///
    /// - Throws: `unsupported`, `sameFile`, `isDirectory`, `exists`, `notWritable`.
    static func check(path: String, inputs: [String], overwrite: Bool) throws {
        let operation = "write the picture"
        guard StillFormat(path: path) != nil else {
            throw MediaError(
                .unsupported, operation, path: path, reason: "the ending of its name is no picture format's",
                advice: "end it in .jpg, .png, .tif or .webp")
        }
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        if manager.fileExists(atPath: path, isDirectory: &isFolder) {
            let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            if inputs.contains(where: { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path == target }) {
                throw MediaError(
                    .sameFile, operation, path: path, reason: "it is the input file itself",
                    advice: "choose another name; the input is never changed")
            }
            if isFolder.boolValue {
                throw MediaError(
                    .isDirectory, operation, path: path, reason: "it is a folder",
                    advice: "give the name of a file to write in it")
            }
            guard overwrite else {
                throw MediaError(
                    .exists, operation, path: path, reason: "the file exists already",
                    advice: "choose another name or ask for it to be overwritten (--overwrite)")
            }
        }
        let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard manager.fileExists(atPath: parent, isDirectory: &isFolder), isFolder.boolValue else {
            throw MediaError(
                .notWritable, operation, path: path, reason: "the folder '\(parent)' does not exist",
                advice: "make the folder first")
        }
        guard manager.isWritableFile(atPath: parent) else {
            throw MediaError(
                .notWritable, operation, path: path, reason: "the folder '\(parent)' may not be written to",
                advice: "choose another folder or change its permissions")
        }
    }
}
