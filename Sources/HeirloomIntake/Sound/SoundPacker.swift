import Foundation
import HeirloomDatasets
import HeirloomMedia

/// Turns folders of recordings into a sound store for training.
///
/// Every recording is read once, mixed to one channel, judged, resampled, freed of silence at its ends and brought to one
/// level. The subfolder it lies in is its family: a talker, or a kind of noise. What cannot be used is left out and listed
/// in the report with the reason.
///
/// A file `manifest.csv` beside the recordings may give their families, licences and origins (columns `file`, `group`,
/// `licence`, `source`); they go into the store.
public struct SoundPacker: Sendable {
    /// Folders, searched with their subfolders, and sound files.
    public let inputs: [String]
    /// What is taken in, and how it is kept.
    public let options: SoundIntakeOptions

    /// A packer for a collection.
    public init(_ inputs: [String], options: SoundIntakeOptions) {
        self.inputs = inputs
        self.options = options
    }

    /// Packs the collection.
    ///
    /// - Parameters:
    ///   - path: the store to write; it appears under this name when it is whole.
    ///   - overwrite: whether a file that is there already may be replaced.
    ///   - shouldStop: asked before every recording; true ends the work and leaves nothing behind.
    ///   - progress: called after every recording, on another thread.
    /// - Throws: ``MediaError`` as ``SoundDoctor/run(shouldStop:progress:)``, for a target that is there already, and where
    ///   no recording can be used; `DatasetError` when the store cannot be written; `CancellationError`.
    public func run(
        to path: String, overwrite: Bool = false,
        shouldStop: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (_ completed: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> SoundReport {
        let purpose = options.purpose
        return try await SoundIntakePass(inputs: inputs, options: options, shouldStop: shouldStop, progress: progress)
            .runAlone { try Self.pack($0, to: path, overwrite: overwrite, purpose: purpose) }
    }

    private static func pack(
        _ pass: SoundIntakePass, to path: String, overwrite: Bool, purpose: SoundIntakeOptions.Purpose
    ) throws -> SoundReport {
        let operation = "pack the recordings"
        try Packer.check(target: path, overwrite: overwrite, operation: operation)
        let writer = try SoundStoreWriter(path: path)
        let report = try pass.run { clip in
            try writer.append(
                clip.samples, sampleRate: clip.sampleRate, name: clip.name, family: clip.family, source: clip.source)
        }
        guard report.usable > 0 else {
            let verdict = report.verdict(for: purpose)
            throw MediaError(
                .noSound, operation, path: path, reason: String(verdict.dropLast()),
                advice: "the first is '\(report.leftOut[0].path)': \(report.leftOut[0].detail)")
        }
        try writer.finish()
        return report
    }
}
