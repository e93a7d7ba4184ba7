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
        let pictures = ProgressMeter(unit: "pictures", total: 1)
        return try await worker.run { [self] in
            try $0.perform(input, to: output, settings, pictures: pictures, monitor)
        }
    }
}
