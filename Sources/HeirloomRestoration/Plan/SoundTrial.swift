import Foundation
import HeirloomMedia
import HeirloomWorkers

/// Cleans pieces of a film's sound to learn how long the whole takes.
struct SoundTrial {
    /// Seconds that the pieces are long: the difference tells the rate, the rest what it costs to begin.
    static let pieces = (short: 6.0, long: 24.0)

    /// Seconds for all of it.
    let seconds: Double
    /// Bytes of the cleaned sound while the film is being joined, about.
    let scratchBytes: Double
    /// Bytes of it in a result with the ending of the film, about.
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
        func trial(_ seconds: Double, measured length: Double) -> SoundTrial {
            let path = folder + "/sound.flac"
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            let bytes = ((attributes?[.size] as? NSNumber)?.doubleValue ?? 0) / max(length, 0.1) * duration
            let info = try? AudioReader(contentsOf: URL(fileURLWithPath: path)).info
            let rate = info.flatMap {
                NewSound.bytesPerSecond(in: input, sampleRate: $0.sampleRate, channelCount: $0.channelCount)
            }
            return SoundTrial(
                seconds: seconds, scratchBytes: bytes, bytes: rate.map { $0 * duration } ?? bytes,
                peakResidentBytes: ProcessMemory.residentBytes ?? 0)
        }
        guard duration > pieces.short + pieces.long else {
            return trial(try await measure(from: nil, duration), measured: duration)
        }
        // The first call loads what the second finds ready; the middle of a film is rarely silent.
        let begin = (duration - pieces.long) / 2
        let short = try await measure(from: begin, pieces.short)
        let long = try await measure(from: begin, pieces.long)
        let rate = max(0, long - short) / (pieces.long - pieces.short)
        return trial(short + rate * (duration - pieces.short), measured: pieces.long)
    }
}
