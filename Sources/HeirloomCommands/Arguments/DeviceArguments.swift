public import ArgumentParser
public import HeirloomRestoration

extension Precision: ExpressibleByArgument {}

/// Where and how precisely the network computes.
struct DeviceArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Where to compute: auto, cpu, cuda, cuda:1, mps.", valueName: "device"))
    var device = "auto"

    @Option(
        help: ArgumentHelp(
            "Arithmetic of the network; auto takes the fastest that keeps the result.", valueName: "type"))
    var precision = Precision.auto

    @Option(help: ArgumentHelp("CPU threads of the network; all when nothing is said.", valueName: "count"))
    var threads: Int?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
    }

    /// The device as a value.
    func choice() throws -> DeviceChoice {
        guard let choice = DeviceChoice(device) else {
            throw ValidationError("--device \(device): there is no such device; use auto, cpu, cuda, cuda:1 or mps.")
        }
        return choice
    }
}
