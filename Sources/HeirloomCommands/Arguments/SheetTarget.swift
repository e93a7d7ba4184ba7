import ArgumentParser
import Foundation
import HeirloomMedia

/// Where a sheet of pictures goes: checked before the work, so that minutes are not spent on what cannot be saved.
enum SheetTarget {
    /// Refuses a name that no picture can have, one in a folder that is not there, and a file that may not be replaced.
    static func check(_ path: String, option: String, overwrite: Bool) throws {
        guard StillFormat(path: path) != nil else {
            throw ValidationError("\(option) \(path): a sheet is a picture; end its name in .jpg or .png.")
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder) else {
            throw ValidationError("\(option) \(path): there is no folder \(folder).")
        }
        guard overwrite || !FileManager.default.fileExists(atPath: path) else {
            throw ValidationError("\(path) exists; give --overwrite to replace it.")
        }
    }

    /// Writes the sheet and says so.
    static func write(_ sheet: StillImage, to path: String, overwrite: Bool) throws {
        for note in try StillWriter.write(
            sheet, to: path, options: StillWriteOptions(quality: 90), overwrite: overwrite)
        {
            StandardError.write("\(path): \(note)\n")
        }
        StandardError.write("wrote \(path)\n")
    }
}
