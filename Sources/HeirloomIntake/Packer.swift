import Foundation
import HeirloomDatasets
import HeirloomMedia

/// Turns folders of photographs into a packed store for training.
///
/// Pictures are decoded on several threads, shrunk while they are decoded, and written one by one, so memory does not
/// grow with their number. The order, and so the store, depends on names and contents alone. What cannot be used is left
/// out and listed in the report with the reason.
///
/// A file `manifest.csv` beside the pictures may give their groups, licences and origins (columns `file`, `group`,
/// `licence`, `source`, `label`); they go into the store.
public struct Packer: Sendable {
    /// Folders, searched with their subfolders, and picture files.
    public let inputs: [String]
    /// What is taken in, and how large.
    public let options: IntakeOptions

    /// A packer for a collection.
    public init(_ inputs: [String], options: IntakeOptions = .init()) {
        self.inputs = inputs
        self.options = options
    }

    /// Packs the collection.
    ///
    /// - Parameters:
    ///   - path: the store to write; it appears under this name when it is whole.
    ///   - overwrite: whether a file that is there already may be replaced.
    ///   - shouldStop: asked before every picture; true ends the work and leaves nothing behind.
    ///   - progress: called after every picture, on another thread.
    /// - Throws: ``MediaError`` as ``DataDoctor/run(shouldStop:progress:)``, for a target that is there already, and where
    ///   no picture can be used; `DatasetError` when the store cannot be written; `CancellationError`.
    public func run(
        to path: String, overwrite: Bool = false,
        shouldStop: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (_ completed: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> DataReport {
        try await IntakePass(inputs: inputs, options: options, shouldStop: shouldStop, progress: progress)
            .runAlone { try Self.pack($0, to: path, overwrite: overwrite) }
    }

    /// Refuses a target that is a folder, or a file that must not be replaced.
    static func check(target path: String, overwrite: Bool, operation: String) throws {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            if isFolder.boolValue {
                throw MediaError(
                    .isDirectory, operation, path: path, reason: "it is a folder",
                    advice: "give the name of a file in it")
            }
            guard overwrite else {
                throw MediaError(
                    .exists, operation, path: path, reason: "the file exists already",
                    advice: "choose another name or ask for it to be overwritten (--overwrite)")
            }
        }
    }

    private static func pack(_ pass: IntakePass, to path: String, overwrite: Bool) throws -> DataReport {
        let operation = "pack the pictures"
        try check(target: path, overwrite: overwrite, operation: operation)
        let writer = try PackedStoreWriter(path: path)
        let report = try pass.run { picture, file in
            try picture.pixels.withUnsafeBytes {
                try writer.append(
                    pixels: $0, width: picture.width, height: picture.height, name: file.name, source: file.source,
                    group: file.group, label: file.label)
            }
        }
        guard report.usable > 0 else {
            throw MediaError(
                .noPicture, operation, path: path, reason: report.verdict.dropLastFullStop,
                advice: "the first is '\(report.leftOut[0].path)': \(report.leftOut[0].detail)")
        }
        try writer.finish()
        return report
    }
}

extension String {
    fileprivate var dropLastFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
