import Foundation
import HeirloomMedia
import HeirloomModels
import HeirloomRestoration
import HeirloomTensors
import TestSupport
import Testing

@Suite struct FilmJobTests {
    private func source(
        _ folder: TemporaryFolder, width: Int = 96, height: Int = 64, frames: Int = 23,
        pixelFormat: PixelFormat = .yuv420p8, framesPerShot: Int = 12
    ) throws -> String {
        let path = folder.file("source.mkv")
        try SyntheticFilm(width: width, height: height, pixelFormat: pixelFormat, framesPerShot: framesPerShot)
            .write(to: path, frames: frames, encoding: VideoEncoding(codec: .ffv1))
        return path
    }

    private func colorize(
        _ input: String, _ output: String, _ settings: ColorSettings, _ film: FilmSettings = lossless()
    )
        -> FilmJob
    {
        FilmJob(input: input, output: output, settings: film) { format in
            try Colorizer(
                NetworkPredictor(tinyNetwork(), precision: settings.precision), format: format, settings: settings)
        }
    }

    @Test(
        arguments: [PixelFormat.yuv420p8, .yuv420p10, PixelFormat(.s422), PixelFormat(.s444, bitDepth: 10)],
        [true, false])
    func lumaAndTimesAreExact(pixelFormat: PixelFormat, stabilize: Bool) async throws {
        let folder = try TemporaryFolder()
        let input = try source(folder, pixelFormat: pixelFormat)
        let output = folder.file("out.mkv")
        let report = try await colorize(input, output, quickSettings(stabilize: stabilize)).run()
        let (before, after) = (try frames(of: input), try frames(of: output))
        #expect(report.frames == 23 && before.count == 23 && after.count == 23)
        #expect(zip(before, after).allSatisfy { $0.pts == $1.pts && $0.duration == $1.duration })
        #expect(zip(before, after).allSatisfy { $0.planes[0].bytes == $1.planes[0].bytes }, "luma is bit-exact")
        #expect(after.allSatisfy { $0.pixelFormat == pixelFormat })
        #expect(after.contains { Set($0.planes[1].bytes).count > 4 }, "there is colour")
        #expect(report.shots.map(\.firstFrame) == (stabilize ? [0, 12] : []))
        #expect(report.shots.map(\.frameCount).reduce(0, +) == (stabilize ? 23 : 0))
        #expect(folder.names == ["out.mkv", "source.mkv"])
        for queue in report.queues.values {
            #expect(queue.frames == 23 && queue.peakFrames <= 16 && queue.peakBytes <= 256 << 20)
        }
    }

    @Test(arguments: [(1, 1, 1), (3, 7, 5), (64, 48, 1), (62, 50, 2)])
    func greyFilmsOfAnySizeAndLength(width: Int, height: Int, count: Int) async throws {
        let folder = try TemporaryFolder()
        let input = try source(folder, width: width, height: height, frames: count, pixelFormat: PixelFormat(.grey))
        let output = folder.file("out.mkv")
        let report = try await colorize(input, output, quickSettings()).run()
        let (before, after) = (try frames(of: input), try frames(of: output))
        #expect(report.frames == count && after.count == count)
        #expect(zip(before, after).allSatisfy { $0.planes[0].bytes == $1.planes[0].bytes && $0.pts == $1.pts })
        #expect(after[0].pixelFormat.chroma == (width % 2 == 0 && height % 2 == 0 ? .s420 : .s444))
    }

    @Test func variableFrameRateAndSoundAreKept() async throws {
        let folder = try TemporaryFolder()
        let film = SyntheticFilm(width: 64, height: 48)
        let bare = folder.file("bare.mkv")
        let writer = try VideoWriter(path: bare, format: film.format, encoding: VideoEncoding(codec: .ffv1))
        var tick: Int64 = 0
        for index in 0..<20 {
            let length: Int64 = index % 3 == 0 ? 960 : 2400
            let frame = film.frame(index)
            try writer.write(
                VideoFrame(
                    width: frame.width, height: frame.height, pixelFormat: frame.pixelFormat, color: frame.color,
                    planes: frame.planes, pts: MediaTime(tick, film.format.timeBase),
                    duration: MediaTime(length, film.format.timeBase), index: index))
            tick += length
        }
        _ = try writer.finish()
        let input = folder.file("with sound.mkv")
        _ = try run(
            "ffmpeg",
            [
                "-v", "error", "-i", bare, "-f", "lavfi", "-i", "sine=frequency=440:duration=1.4", "-map", "0:v",
                "-map", "1:a", "-map", "1:a",
                "-c:v", "copy", "-c:a", "flac", "-metadata:s:a:1", "language=deu", input,
            ])
        let output = folder.file("out.mkv")
        _ = try await colorize(input, output, quickSettings()).run()
        #expect(try frames(of: input).map(\.pts) == frames(of: output).map(\.pts))
        for track in ["0:a:0", "0:a:1"] {
            let sums = try [input, output].map {
                try run("ffmpeg", ["-v", "error", "-i", $0, "-map", track, "-c", "copy", "-f", "md5", "-"])
            }
            #expect(sums[0] == sums[1] && !sums[0].isEmpty)
        }
    }

    @Test func aStageThatFailsNamesTheFrameAndLeavesNothing() async throws {
        let folder = try TemporaryFolder()
        let input = try source(folder)
        let job = FilmJob(input: input, output: folder.file("out.mkv"), settings: lossless()) { _ in
            TestStage(change: { frame in
                if frame.index == 9 { throw TestFailure() }
                return [frame]
            })
        }
        let error = await #expect(throws: RestorationError.self) { try await job.run() }
        #expect(
            error?.code == .frameFailed && error?.description.contains("frame 9 (at") == true,
            "\(error?.description ?? "")")
        #expect(folder.names == ["source.mkv"])
    }

    @Test(arguments: ["lost", "twice", "retimed"])
    func framesThatDoNotAddUpAreRefused(fault: String) async throws {
        let folder = try TemporaryFolder()
        let input = try source(folder)
        let job = FilmJob(input: input, output: folder.file("out.mkv"), settings: lossless()) { _ in
            TestStage(change: { frame in
                guard frame.index == 7 else { return [frame] }
                switch fault {
                case "lost": return []
                case "twice": return [frame, frame]
                default:
                    return [
                        VideoFrame(
                            width: frame.width, height: frame.height, pixelFormat: frame.pixelFormat,
                            color: frame.color,
                            planes: frame.planes, pts: frame.pts + MediaTime(1, frame.pts.timeBase),
                            duration: frame.duration, index: frame.index)
                    ]
                }
            })
        }
        let error = await #expect(throws: RestorationError.self) { try await job.run() }
        #expect(error?.code == .frameLost)
        #expect(
            error?.description.contains(fault == "retimed" ? "Frame 7" : fault == "lost" ? "Frame 7" : "Frame 8")
                == true, "\(error?.description ?? "")")
        #expect(folder.names == ["source.mkv"])
    }

    @Test(arguments: [true, false])
    func stoppingLeavesNothing(byTask: Bool) async throws {
        let folder = try TemporaryFolder()
        let input = try source(folder, frames: 60)
        let monitor = JobMonitor()
        let job = FilmJob(input: input, output: folder.file("out.mkv"), settings: lossless()) { _ in
            TestStage(change: { frame in
                // Waits to be stopped, however late that comes.
                while frame.index >= 10, !monitor.isCancelled { Thread.sleep(forTimeInterval: 0.005) }
                return [frame]
            })
        }
        let task = Task { try await job.run(monitor: monitor) }
        while (monitor.progress()?.completed ?? 0) < 3 { try await Task.sleep(for: .milliseconds(5)) }
        if byTask { task.cancel() } else { monitor.cancel() }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(monitor.isCancelled && folder.names == ["source.mkv"])
    }

    @Test func queuesStayWithinTheirBounds() async throws {
        let folder = try TemporaryFolder()
        let input = try source(folder, frames: 40)
        var settings = lossless()
        settings.queueFrames = 5
        settings.queueBytes = 3 * 96 * 64 * 3 / 2
        let job = FilmJob(input: input, output: folder.file("out.mkv"), settings: settings) { _ in
            TestStage(change: { frame in
                Thread.sleep(forTimeInterval: 0.002)
                return [frame]
            })
        }
        let report = try await job.run()
        #expect(report.frames == 40)
        for queue in report.queues.values { #expect(queue.peakFrames <= 3 && queue.peakBytes <= settings.queueBytes) }
    }

    @Test func refusalsComeBeforeTheModel() async throws {
        let folder = try TemporaryFolder()
        let input = try source(folder, frames: 2)
        let there = try folder.write([1], to: "there.mkv")
        for (output, code) in [
            (input, MediaError.Code.sameFile), (there, .exists), (folder.path, .isDirectory),
            (folder.file("nowhere/out.mkv"), .notWritable), (folder.file("out.xyz"), .unsupported),
        ] {
            let job = FilmJob(input: input, output: output, settings: lossless()) { _ in
                Issue.record("the model was loaded for \(output)")
                return TestStage()
            }
            let error = await #expect(throws: MediaError.self) { try await job.run() }
            #expect(error?.code == code, "\(output): \(error?.description ?? "")")
        }
        let missing = FilmJob(input: folder.file("ünïcode 🎞.mkv"), output: folder.file("o.mkv")) { _ in TestStage() }
        let error = await #expect(throws: MediaError.self) { try await missing.run() }
        #expect(error?.code == .notFound)
    }

    @Test func aPieceOfTheFilm() async throws {
        let folder = try TemporaryFolder()
        let input = try source(folder, frames: 30)
        var settings = lossless()
        settings.from = MediaTime(seconds: 0.5)
        settings.limit = MediaTime(seconds: 0.25)
        let report = try await colorize(input, folder.file("out.mkv"), quickSettings(), settings).run()
        #expect(report.frames == 6)
        let (all, piece) = (try frames(of: input), try frames(of: folder.file("out.mkv")))
        #expect(zip(all[12..<18], piece).allSatisfy { $0.planes[0].bytes == $1.planes[0].bytes })
        #expect(piece[0].pts.seconds == 0)
    }

    @Test func theSameFilmGivesTheSameBytes() async throws {
        let folder = try TemporaryFolder()
        let input = try source(folder)
        for name in ["a.mkv", "b.mkv"] { _ = try await colorize(input, folder.file(name), quickSettings()).run() }
        let (a, b) = (try frames(of: folder.file("a.mkv")), try frames(of: folder.file("b.mkv")))
        #expect(zip(a, b).allSatisfy { x, y in (0..<3).allSatisfy { x.planes[$0].bytes == y.planes[$0].bytes } })
    }
}
