import Foundation
import HeirloomMedia
import HeirloomWorkers

/// Cleans pieces of a film's sound to learn how long the whole takes.
struct SoundTrial {
    /// Seconds that the pieces are long: the difference tells the rate, the rest what it costs to begin.
    static let pieces = (short: 6.0, long: 24.0)

    /// Seconds for all of it.
    let seconds: Double
    /// Bytes of the cleaned sound in the result, about.
    let bytes: Double
    /// The memory that the process held afterwards, in bytes.
    let peakResidentBytes: Int

    /// Cleans one or two pieces of the sound into a folder of its own.
    ///
    /// - Parameter duration: of the whole sound, in seconds.
    /// - Throws: as `CleanJob`.
    static func run(
        _ input: String, settings: CleanSettings, duration: Double, folder: String, monitor: JobMonitor
    ) async throws -> SoundTrial {
        func measure(from: Double?, _ length: Double) async throws -> Double {
            var settings = settings
            settings.overwrite = true
            settings.report = nil
            settings.keepsRemoved = false
            settings.from = from
            settings.to = from.map { $0 + length }
            let start = ContinuousClock.now
            _ = try await CleanJob(inputs: [input], output: folder + "/sound.flac", settings: settings)
                .run(monitor: monitor)
            return (ContinuousClock.now - start) / .seconds(1)
        }
        func size(of length: Double) -> Double {
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/sound.flac")
            let bytes = (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
            return bytes / max(length, 0.1) * duration
        }
        guard duration > pieces.short + pieces.long else {
            let seconds = try await measure(from: nil, duration)
            return SoundTrial(
                seconds: seconds, bytes: size(of: duration),
                peakResidentBytes: ProcessMemory.residentBytes ?? 0)
        }
        // The first call loads what the second finds ready; the middle of a film is rarely silent.
        let begin = (duration - pieces.long) / 2
        let short = try await measure(from: begin, pieces.short)
        let long = try await measure(from: begin, pieces.long)
        let rate = max(0, long - short) / (pieces.long - pieces.short)
        return SoundTrial(
            seconds: short + rate * (duration - pieces.short), bytes: size(of: pieces.long),
            peakResidentBytes: ProcessMemory.residentBytes ?? 0)
    }
}
