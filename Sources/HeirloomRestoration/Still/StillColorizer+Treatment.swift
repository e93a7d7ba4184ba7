import HeirloomMedia
import HeirloomWorkers

extension StillColorizer: StillTreatment {
    func perform(
        _ input: String, to output: String, _ settings: StillSettings, pictures: ProgressMeter, _ monitor: JobMonitor
    ) throws -> StillReport {
        monitor.show(pictures)
        let start = ContinuousClock.now
        let image = try StillReader.read(input)
        try monitor.flag.check()
        let colored = try self(image)
        try monitor.flag.check()
        let written = try StillWriter.write(
            colored, to: output, options: settings.writing, inputs: [input], overwrite: settings.overwrite)
        pictures.advance()
        let size = renderSize(of: image)
        return StillReport(
            input: input, output: output, width: colored.width, height: colored.height,
            bitDepth: colored.depth.rawValue, notes: image.notes + notes + notes(on: image) + written,
            seconds: (ContinuousClock.now - start) / .seconds(1), renderWidth: size.width, renderHeight: size.height)
    }
}
