import Foundation
import HeirloomMedia
import Synchronization
import TestSupport

@testable import HeirloomRestoration

/// A stage that remembers, works in groups and holds frames back: what it makes of a frame hangs on the five before it and
/// on its group of four, so that a run-in that is wrong by one frame shows in the samples.
struct MemoryStage: FrameStage {
    static let memory = 5
    static let group = 4
    /// Called for every frame that is fed.
    var onFrame: @Sendable (VideoFrame) throws -> Void = { _ in }
    private var past: [UInt8] = []
    private var held: [VideoFrame] = []
    private var shots: [Shot] = []

    init(onFrame: @escaping @Sendable (VideoFrame) throws -> Void = { _ in }) { self.onFrame = onFrame }

    func outputFormat(for input: VideoFormat) throws -> VideoFormat { input }

    var runIn: StageRunIn { StageRunIn(frames: Self.memory, grain: Self.group) }

    mutating func process(_ frame: VideoFrame) throws -> [VideoFrame] {
        try onFrame(frame)
        // The first frame that is fed seems to begin a shot, as it does to real stages.
        if shots.isEmpty || frame.index % 10 == 0 {
            shots.append(Shot(firstFrame: frame.index, seconds: frame.pts.seconds, frameCount: 1))
        }
        held.append(frame)
        return (frame.index + 1) % Self.group == 0 ? give() : []
    }

    mutating func finish() throws -> [VideoFrame] { give() }

    var summary: StageSummary {
        var summary = StageSummary()
        summary.shots = shots
        return summary
    }

    private mutating func give() -> [VideoFrame] {
        defer { held = [] }
        let whole = held.map { $0.planes[0].bytes[0] }.reduce(0, &+)
        return held.map { frame in
            let change = past.reduce(whole, &+)
            past = (past + [frame.planes[0].bytes[0]]).suffix(Self.memory)
            let luma = frame.planes[0]
            let plane = VideoFrame.Plane(
                width: luma.width, height: luma.height, bytesPerRow: luma.bytesPerRow,
                bytes: luma.bytes.map { $0 &+ change })
            return frame.replacing(planes: [plane] + frame.planes.dropFirst())
        }
    }
}

/// A folder with a source film in it, and jobs over it.
struct JournalBench {
    let folder: TemporaryFolder
    let source: String
    var settings = FilmSettings()
    /// The ending of targets.
    var ending = "mkv"
    var custom = ["strength": "1"]

    static let frames = 61

    /// - Parameter frames: 61 frames in segments of eight: seven whole ones, and one of five.
    init(frames: Int = Self.frames, segment: Int = 8, encoding: VideoEncoding = VideoEncoding(codec: .ffv1)) throws {
        folder = try TemporaryFolder()
        source = folder.file("source.mkv")
        try SyntheticFilm(width: 32, height: 16, framesPerShot: 25)
            .write(to: source, frames: frames, encoding: VideoEncoding(codec: .ffv1))
        settings.encoding = encoding
        settings.segmentFrames = segment
        settings.queueFrames = 2
    }

    func target(_ name: String) -> String { folder.file(name + "." + ending) }

    func job(
        _ name: String, _ settings: FilmSettings? = nil,
        onFrame: @escaping @Sendable (VideoFrame) throws -> Void = { _ in }
    ) -> FilmJob {
        FilmJob(input: source, output: target(name), settings: settings ?? self.settings, custom: custom) { _ in
            MemoryStage(onFrame: onFrame)
        }
    }

    /// The bytes of an unbroken run.
    func unbroken() async throws -> [UInt8] {
        _ = try await job("unbroken").run()
        return try bytes("unbroken")
    }

    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: target(name)))) }

    /// Runs the job until frame `stop` is fed, and stops it there.
    ///
    /// - Returns: what it threw; nil where it was finished before.
    func stopped(_ name: String, at stop: Int, _ settings: FilmSettings? = nil) async throws -> (any Error)? {
        let monitor = JobMonitor()
        let job = job(name, settings) { frame in
            if frame.index == stop { monitor.cancel() }
        }
        do {
            _ = try await job.run(monitor: monitor)
            return nil
        } catch {
            return error
        }
    }

    /// The folder of a target's work.
    func work(_ name: String) -> String { Journal.folder(for: target(name)) }

    /// What is in the folder of a target's work.
    func workNames(_ name: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: work(name))) ?? []).sorted()
    }
}

/// The error of an asynchronous body, as a sentence.
func sentence(_ body: () async throws -> Void) async -> String {
    do {
        try await body()
        return "no error"
    } catch {
        return "\(error)"
    }
}
