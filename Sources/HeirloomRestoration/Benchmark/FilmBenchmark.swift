import Foundation
import HeirloomMedia
import HeirloomTensors
import HeirloomWorkers

/// Measures the film pipeline against the bare network.
public enum FilmBenchmark {
    /// Colours a film and times it, and the network alone before and after.
    ///
    /// - Parameters:
    ///   - input: a film; nil for a synthetic one.
    ///   - frames: how many frames of a synthetic film; enough that the encoder's look-ahead, which is done after the
    ///     last frame, does not count much.
    ///   - width: columns of a synthetic film.
    ///   - height: rows of a synthetic film.
    /// - Throws: what the job throws.
    public static func run(
        input: String? = nil, frames: Int = 300, width: Int = 640, height: Int = 480,
        color: ColorSettings = ColorSettings(), film: FilmSettings = FilmSettings(), monitor: JobMonitor = JobMonitor()
    ) async throws -> FilmBenchmarkResult {
        try await withFilm(input, frames: frames, width: width, height: height) { source, folder in
            try await measured(source, folder: folder, color: color, film: film, monitor: monitor)
        }
    }

    /// Lends a closure a film, made where none is given, and a folder that goes afterwards.
    static func withFilm<R>(
        _ input: String?, frames: Int, width: Int, height: Int,
        _ body: (_ source: String, _ folder: String) async throws -> R
    ) async throws -> R {
        precondition(frames > 0 && width > 0 && height > 0, "a benchmark of \(frames) frames of \(width)×\(height)")
        let folder = NSTemporaryDirectory() + "heirloom-bench-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let source = input ?? folder + "/film.mkv"
        if input == nil {
            try await Worker(name: "synthesize") { SyntheticFilm(width: width, height: height) }
                .run { try $0.write(to: source, frames: frames, encoding: VideoEncoding(codec: .h264)) }
        }
        return try await body(source, folder)
    }

    private static func measured(
        _ source: String, folder: String, color: ColorSettings, film: FilmSettings, monitor: JobMonitor
    ) async throws -> FilmBenchmarkResult {
        let summary = try MediaSummary(path: source)
        let seen = RenderSize(
            width: summary.film?.picture?.width ?? 640, height: summary.film?.picture?.height ?? 480,
            sampleAspect: summary.film?.picture?.sampleAspectRatio.doubleValue ?? 1,
            shortSide: color.renderSize ?? ColorSettings.filmRenderSize)
        let job = FilmJob.colorize(source, to: folder + "/colour.mkv", color: color, film: film)
        let alone = try await Worker(name: "alone") { try Bare(predictor: NetworkPredictor(color)) }
        let batch = try await alone.run { _ in
            try color.batch
                ?? NetworkPredictor.forFilm(color, seen)
                .batch(height: seen.paddedHeight, width: seen.paddedWidth)
        }
        let all = color.threads ?? ProcessInfo.processInfo.activeProcessorCount
        func measure() async throws -> BareSeconds {
            try await alone.run { bare in
                (
                    try bare.secondsPerFrame(seen, batch: batch, threads: 1),
                    try bare.secondsPerFrame(seen, batch: batch, threads: all)
                )
            }
        }
        let before = try await measure()
        let report = try await job.run(monitor: monitor)
        let after = try await measure()
        return FilmBenchmarkResult(
            report, film: "\(report.width)×\(report.height)", network: "\(seen.paddedWidth)×\(seen.paddedHeight)",
            threads: color.threads, bare: [before, after])
    }

    /// Seconds that a call takes, after one to warm up, over about two seconds.
    static func secondsPerCall(_ call: () throws -> Void) rethrows -> Double {
        try call()
        let start = ContinuousClock.now
        var calls = 0
        repeat {
            try call()
            calls += 1
        } while ContinuousClock.now - start < .seconds(2)
        return (ContinuousClock.now - start) / .seconds(1) / Double(calls)
    }

    /// Seconds a frame of the network alone.
    typealias BareSeconds = (oneThread: Double, allThreads: Double)

    /// The network alone.
    private struct Bare {
        let predictor: any ChromaPredictor

        /// Seconds per frame, over about two seconds.
        func secondsPerFrame(_ size: RenderSize, batch: Int, threads: Int) throws -> Double {
            Runtime.threads = threads
            let luma = Tensor.full([batch, 1, size.paddedHeight, size.paddedWidth], 0.5, device: predictor.device)
            return try FilmBenchmark.secondsPerCall {
                _ = try withoutGradients { try predictor.chroma(of: luma) }
                predictor.device.synchronize()
            } / Double(batch)
        }
    }
}
