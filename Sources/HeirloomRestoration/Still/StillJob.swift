import HeirloomMedia
import HeirloomWorkers

/// A picture in, a picture out.
public struct StillJob: Sendable {
    /// The picture to read.
    public let input: String
    /// The picture to write.
    public let output: String
    /// How to colour.
    public let color: ColorSettings
    /// How to write.
    public let settings: StillSettings

    /// A job.
    public init(
        input: String, output: String, color: ColorSettings = ColorSettings(), still: StillSettings = StillSettings()
    ) {
        self.input = input
        self.output = output
        self.color = color
        settings = still
    }

    /// Does it.
    ///
    /// - Parameter monitor: shows the progress and stops the job.
    /// - Throws: `MediaError`, `RestorationError`, what the model files throw; `CancellationError` when stopped.
    public func run(monitor: JobMonitor = JobMonitor()) async throws -> StillReport {
        monitor.begin(item: input)
        try monitor.flag.check()
        let worker = try await Worker(name: "stills") { [color] in
            try StillColorizer(NetworkPredictor(color), settings: color)
        }
        let meter = ProgressMeter(unit: "pictures", total: 1)
        monitor.show(meter)
        let report = try await worker.run { [self, flag = monitor.flag] colorizer in
            try perform(with: colorizer, flag)
        }
        meter.advance()
        return report
    }

    /// Reads, colours and writes on the calling thread, which is the network's.
    func perform(with colorizer: StillColorizer, _ flag: CancellationFlag) throws -> StillReport {
        let start = ContinuousClock.now
        let image = try StillReader.read(input)
        try flag.check()
        let colored = try colorizer(image)
        try flag.check()
        let written = try StillWriter.write(
            colored, to: output, options: settings.writing, inputs: [input], overwrite: settings.overwrite)
        let size = colorizer.renderSize(of: image)
        return StillReport(
            input: input, output: output, width: colored.width, height: colored.height,
            bitDepth: colored.depth.rawValue, notes: image.notes + colorizer.notes + written,
            seconds: (ContinuousClock.now - start) / .seconds(1), renderWidth: size.width, renderHeight: size.height)
    }
}
