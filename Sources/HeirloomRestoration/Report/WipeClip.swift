public import HeirloomMedia
import HeirloomWorkers

/// A clip to send to the family: the film before on the left, after on the right, and a thin line that moves between them.
///
/// At most twenty seconds, taken from all over the film; all of a short film. H.264 in 8 bits, its index at the front, so
/// that it plays everywhere and at once.
public struct WipeClip: Sendable {
    /// The longest clip, in seconds.
    public static let longest = 20.0
    /// The longer side of the picture at most, in samples.
    public static let side = 1920

    /// The two films and what was measured of them.
    public var comparison: FilmComparison
    /// How the source was read when the result was made.
    public var film: FilmSettings
    /// Quality and preset of the clip; the codec stays H.264.
    public var encoding = VideoEncoding(codec: .h264, quality: 19, preset: "veryfast")

    /// A clip of two films.
    public init(_ comparison: FilmComparison, film: FilmSettings = FilmSettings()) {
        self.comparison = comparison
        self.film = film
    }

    /// Refuses what ``write(to:overwrite:monitor:)`` would refuse about names: to be called before hours of work.
    ///
    /// - Parameter inputs: files that must not be overwritten.
    /// - Throws: `exists`, `sameFile`, `isDirectory`, `notWritable`; `unsupported` for a name that does not end in .mp4,
    ///   .m4v, .mov or .mkv.
    public static func check(path: String, inputs: [String], overwrite: Bool = false) throws(MediaError) {
        try VideoWriter.check(path: path, encoding: VideoEncoding(), inputs: inputs, overwrite: overwrite)
    }

    /// Writes the clip.
    ///
    /// - Parameter monitor: shows the progress and stops the work.
    /// - Returns: sentences worth showing: what was left out.
    /// - Throws: `MediaError` where a film cannot be read or the clip not be written; `CancellationError` when stopped.
    ///   Nothing half-written is left.
    public func write(
        to path: String, overwrite: Bool = false, monitor: JobMonitor = JobMonitor()
    ) async throws -> [String] {
        monitor.begin(item: path)
        try Self.check(
            path: path, inputs: [comparison.input.path, comparison.output.path], overwrite: overwrite)
        return try await withTaskCancellationHandler {
            let worker = try await Worker(name: "wipe") { [self] in
                try WipeWriter(self, path: path, overwrite: overwrite, monitor: monitor)
            }
            do {
                let notes = try await worker.run { try $0.run() }
                await worker.end()
                return notes
            } catch {
                // The unfinished file goes before anyone hears of the failure.
                await worker.end()
                throw error
            }
        } onCancel: {
            monitor.cancel()
        }
    }
}
