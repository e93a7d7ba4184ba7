import Foundation
import HeirloomMedia
import HeirloomWorkers

/// Measures how fast several recordings are cleaned, stage by stage.
public enum SoundBenchmark {
    /// One measured chain.
    public struct Measurement: Sendable, Codable {
        /// The stages that ran.
        public var stages: String
        /// The network; nil for none.
        public var model: String?
        /// Seconds of work.
        public var seconds: Double
        /// Seconds of the result for one of work.
        public var timesRealTime: Double
    }

    /// What was measured.
    public struct Result: Sendable, Codable {
        /// Recordings that were cleaned together.
        public var microphones: Int
        /// Samples per second of each.
        public var sampleRate: Int
        /// Seconds of sound in each.
        public var length: Double
        /// Physical memory of the process at its highest, in bytes; nil where the system does not tell.
        public var peakBytes: Int?
        /// Each chain.
        public var measurements: [Measurement]

        /// A few lines for a person.
        public var summary: String {
            var lines = ["\(microphones) microphones at \(sampleRate) Hz, \(CleanReport.clock(length)) each:"]
            for one in measurements {
                let name = one.stages + (one.model.map { " with \($0)" } ?? "")
                lines.append(
                    "  \(name): \(CleanReport.number(one.seconds, 1)) s, \(CleanReport.number(one.timesRealTime, 1)) times real time"
                )
            }
            if let peakBytes { lines.append("  memory at its highest: \(peakBytes >> 20) MB") }
            return lines.joined(separator: "\n")
        }
    }

    /// Cleans made-up recordings with and without the stages that cost most.
    ///
    /// - Parameters:
    ///   - seconds: how much sound each microphone has.
    ///   - microphones: how many there are.
    ///   - settings: the network and the device; the stages are chosen here.
    /// - Throws: what the job throws.
    public static func run(
        seconds: Double = 120, microphones: Int = 4, sampleRate: Int = 48_000,
        settings: CleanSettings = CleanSettings(), monitor: JobMonitor = JobMonitor()
    ) async throws -> Result {
        precondition(seconds >= 10 && microphones > 0, "a benchmark of \(microphones) microphones for \(seconds) s")
        let folder = NSTemporaryDirectory() + "heirloom-bench-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let inputs = try await Worker(name: "synthesize") { SyntheticSpeech(sampleRate: sampleRate) }.run { speech in
            try (0..<microphones).map { index in
                let path = "\(folder)/mic\(index + 1).wav"
                try speech.write(to: path, seconds: seconds, microphone: index)
                return path
            }
        }
        var result = Result(
            microphones: microphones, sampleRate: sampleRate, length: seconds, peakBytes: nil, measurements: [])
        var chains: [(CleanStages, CleanModel)] = [
            ([.align, .beamform], .none), ([.align, .dereverb, .beamform], .none),
        ]
        if settings.model != .none { chains.append((.all, settings.model)) }
        for (stages, model) in chains {
            var chain = settings
            chain.stages = stages
            chain.model = model
            chain.overwrite = true
            let report = try await CleanJob(inputs: inputs, output: folder + "/out.wav", settings: chain)
                .run(monitor: monitor)
            if stages == .all && report.model == nil { continue }
            result.measurements.append(
                Measurement(
                    stages: stages.names.joined(separator: ", "), model: report.model, seconds: report.workSeconds,
                    timesRealTime: report.seconds / report.workSeconds))
        }
        result.peakBytes = ProcessMemory.residentBytes
        return result
    }
}
