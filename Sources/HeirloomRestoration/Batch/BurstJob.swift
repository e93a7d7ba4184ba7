import HeirloomMedia
import HeirloomMediaTensors
import HeirloomModels
import HeirloomSignals
import HeirloomTensors
import HeirloomWorkers

/// `heirloom upscale --burst`: several pictures of one scene become one that is sharper and cleaner.
///
/// Frames are registered and fused on a grid twice as fine; a model that is named enlarges the result further. Frames
/// that show something else are left out and named.
public struct BurstJob: Sendable {
    /// By how much fusion alone enlarges.
    public static let fusionScale = 2

    /// The frames, of one size.
    public let frames: [String]
    /// The picture to write.
    public let output: String
    /// How large, and by which model; the standard model means none.
    public let upscale: UpscaleSettings
    /// How the picture is written.
    public let still: StillSettings

    /// A job.
    public init(
        frames: [String], output: String, upscale: UpscaleSettings = UpscaleSettings(),
        still: StillSettings = StillSettings()
    ) {
        self.frames = frames
        self.output = output
        self.upscale = upscale
        self.still = still
    }

    /// Does it.
    ///
    /// - Parameter monitor: shows the progress and stops the job.
    /// - Throws: `badRequest` for fewer than two frames or frames that do not belong together, `MediaError`, what the
    ///   model files throw; `CancellationError` when stopped.
    public func run(monitor: JobMonitor = JobMonitor()) async throws -> StillReport {
        try upscale.validate()
        guard frames.count > 1 else {
            throw RestorationError(
                .badRequest,
                "A burst needs at least two pictures of one scene, and there is one; leave --burst out to enlarge it alone."
            )
        }
        try StillWriter.check(path: output, inputs: frames, overwrite: still.overwrite)
        try upscale.device.check()
        monitor.begin(item: output)
        let worker = try await Worker(name: "burst") { [self] in BurstWork(self, monitor) }
        return try await worker.run { try $0.perform() }
    }
}

/// A burst being fused, on one thread.
private final class BurstWork {
    private let job: BurstJob
    private let monitor: JobMonitor
    private let meter: ProgressMeter
    private var notes: [String] = []

    init(_ job: BurstJob, _ monitor: JobMonitor) {
        self.job = job
        self.monitor = monitor
        // Reading each frame, fusing them, writing.
        meter = ProgressMeter(unit: "steps", total: job.frames.count + 2)
        monitor.show(meter)
    }

    func perform() throws -> StillReport {
        let start = ContinuousClock.now
        let images = try job.frames.map { path in
            try monitor.flag.check()
            let image = try StillReader.read(path)
            meter.advance()
            return image
        }
        try check(images)
        do {
            return try withoutGradients {
                let (fused, reference) = try fuse(images)
                meter.advance()
                try monitor.flag.check()
                let result = try enlarged(fused, from: images[reference])
                let source = images[reference]
                var layout = StillLayout(source).resized(width: result.width, height: result.height)
                // Opacity has no part in a burst; grey stays grey.
                layout.channels = source.channels.isGrey ? .grey : .rgb
                let written = try write(result, layout)
                meter.advance()
                return StillReport(
                    input: job.frames[reference], output: job.output, width: result.width, height: result.height,
                    bitDepth: layout.depth.rawValue, notes: notes + written,
                    seconds: (ContinuousClock.now - start) / .seconds(1), renderWidth: source.width,
                    renderHeight: source.height)
            }
        } catch let error as TorchError {
            throw UpscaleFailure.error(error, naming: "the burst")
        }
    }

    /// Frames that belong together are of one size.
    private func check(_ images: [StillImage]) throws {
        for (path, image) in zip(job.frames, images)
        where image.width != images[0].width || image.height != images[0].height {
            throw RestorationError(
                .badRequest,
                "The pictures of a burst must have one size: '\(path)' is \(image.width)×\(image.height), '\(job.frames[0])' is \(images[0].width)×\(images[0].height)."
            )
        }
    }

    private func fuse(_ images: [StillImage]) throws -> (picture: Tensor, reference: Int) {
        let result: BurstResult
        do {
            result = try recovering {
                try BurstFusion()(images.map { Tensor(rgb: $0) }, scale: BurstJob.fusionScale)
            }
        } catch let error as BurstError {
            throw RestorationError(.badRequest, error.description)
        }
        for frame in result.leftOut { notes.append("'\(job.frames[frame.index])' was left out: \(frame.reason)") }
        if result.leftOut.count == images.count - 1 {
            let only = job.frames[result.reference]
            notes.append("no other picture shows the same scene: the result is made of '\(only)' alone")
        }
        return (result.picture, result.reference)
    }

    /// The fused picture at the size that was asked for; with the network where a model is named.
    private func enlarged(_ fused: Tensor, from source: StillImage) throws -> RowStream {
        guard case .named = job.upscale.model else {
            let target = job.upscale.target ?? .factor(Double(BurstJob.fusionScale))
            let size = try target.size(width: source.width, height: source.height)
            return Enlargement(width: size.width, height: size.height, strength: 0, locksColor: false)
                .result(of: RowStream(fused), network: nil)
        }
        let restorer = try job.upscale.restorerForStills()
        let stream = RowStream(fused.to(device: restorer.device))
        let target = job.upscale.target ?? .factor(Double(BurstJob.fusionScale * restorer.scale))
        let size = try target.size(width: source.width, height: source.height)
        let enlargement = Enlargement(
            width: size.width, height: size.height, strength: job.upscale.strength, locksColor: job.upscale.locksColor)
        guard enlargement.usesNetwork(width: stream.width, height: stream.height) else {
            return enlargement.result(of: stream, network: nil)
        }
        let plan = restorer.tiler.plan(
            height: stream.height, width: stream.width, tile: job.upscale.tile ?? restorer.automaticTile())
        try TileWatch(monitor, job.output).follow(restorer, plan)
        return enlargement.result(of: stream, network: restorer.enlarged(stream, plan: plan))
    }

    private func write(_ result: RowStream, _ layout: StillLayout) throws -> [String] {
        let writer = try StillStripWriter(
            path: job.output, layout: layout, options: job.still.writing, inputs: job.frames,
            overwrite: job.still.overwrite)
        let reader = result.reader()
        let step = RowStream.stepRows(width: result.width)
        for top in stride(from: 0, to: result.height, by: step) {
            try monitor.flag.check()
            let rows = try recovering { try reader.rows(top..<min(top + step, result.height)).to(device: .cpu) }
            let kept = layout.channels.isGrey ? YCbCrMatrix.bt601.luma(of: rows) : rows
            try writer.write(StillImage(samples: kept, depth: layout.depth))
        }
        return try writer.finish()
    }
}
