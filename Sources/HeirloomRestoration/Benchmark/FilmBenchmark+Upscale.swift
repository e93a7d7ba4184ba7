import Foundation
import HeirloomMedia
import HeirloomTensors
import HeirloomWorkers

extension FilmBenchmark {
    /// Enlarges a film and times it, and the network alone on a picture of the film's size before and after.
    ///
    /// - Parameters:
    ///   - input: a film; nil for a synthetic one.
    ///   - frames: how many frames of a synthetic film.
    ///   - width: columns of a synthetic film.
    ///   - height: rows of a synthetic film.
    /// - Throws: what the job throws; `badRequest` where the film has no picture or needs no network for its size.
    public static func runUpscale(
        input: String? = nil, frames: Int = 24, width: Int = 640, height: Int = 360,
        upscale: UpscaleSettings = UpscaleSettings(), film: FilmSettings = FilmSettings(),
        monitor: JobMonitor = JobMonitor()
    ) async throws -> FilmBenchmarkResult {
        try await withFilm(input, frames: frames, width: width, height: height) { source, folder in
            let job = FilmJob.upscale(source, to: folder + "/large.mkv", upscale: upscale, film: film)
            guard let picture = try MediaSummary(path: source).film?.picture else {
                throw RestorationError(.badRequest, "Cannot measure on '\(source)': it has no picture; give a film.")
            }
            // A film that is read from a later moment or to a limit is as large as the whole.
            let alone = try await Worker(name: "alone") {
                try BareUpscaler(upscale, width: picture.width, height: picture.height)
            }
            let all = upscale.threads ?? ProcessInfo.processInfo.activeProcessorCount
            func measure() async throws -> BareSeconds {
                try await alone.run { (try $0.secondsPerFrame(threads: 1), try $0.secondsPerFrame(threads: all)) }
            }
            let before = try await measure()
            let report = try await job.run(monitor: monitor)
            let after = try await measure()
            guard report.precision != "" else {
                throw RestorationError(
                    .badRequest, "Cannot measure: the film was resampled without the network; ask for a larger scale.")
            }
            let size = "\(picture.width)×\(picture.height)"
            return FilmBenchmarkResult(
                report, film: "\(size) to \(report.width)×\(report.height)", network: size, threads: upscale.threads,
                bare: [before, after])
        }
    }

    /// The enlarging network alone, on one picture, tiled as the film's frames are.
    private struct BareUpscaler {
        let restorer: TiledRestorer
        let picture: Tensor
        let tile: Int

        init(_ settings: UpscaleSettings, width: Int, height: Int) throws {
            let target = settings.target ?? .factor(UpscaleSettings.filmFactor)
            let size = try target.size(width: width, height: height, sampleAspect: 1)
            restorer = try settings.restorerForFilms(
                factor: max(Double(size.width) / Double(width), Double(size.height) / Double(height)))
            picture = Tensor.uniform([1, 3, height, width], using: Generator(seed: 1)).to(device: restorer.device)
            tile = settings.tile ?? restorer.filmTile(width: width, height: height)
        }

        func secondsPerFrame(threads: Int) throws -> Double {
            Runtime.threads = threads
            return try withoutGradients {
                try FilmBenchmark.secondsPerCall {
                    let source = RowStream(picture)
                    let plan = restorer.tiler.plan(
                        height: source.height, width: source.width, tile: tile, channels: 3)
                    let result = restorer.enlarged(source, plan: plan)
                    _ = try result.reader().rows(0..<result.height)
                    restorer.device.synchronize()
                }
            }
        }
    }
}
