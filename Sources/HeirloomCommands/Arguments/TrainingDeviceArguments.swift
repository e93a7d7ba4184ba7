import ArgumentParser
import HeirloomRecipes

/// Where training computes.
struct TrainingDeviceArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Where to compute: auto, cpu, cuda, cuda:1, mps.", valueName: "device"))
    var device = "auto"

    @Option(help: ArgumentHelp("CPU threads of one operation.", valueName: "count"))
    var threads: Int?

    @Flag(inversion: .prefixedNo, help: "Compute in half precision where it pays (on GPUs).")
    var halfPrecision = true

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
    }

    /// The place, checked.
    func place() throws -> TrainingPlace {
        try TrainingPlace(named: device, threads: threads, halfPrecision: halfPrecision)
    }
}
