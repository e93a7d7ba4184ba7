import ArgumentParser
import HeirloomTensors

/// Where to compute.
struct DeviceArguments: ParsableArguments {
    @Option(help: "Where to compute: auto, cpu, cuda, cuda:1 or mps.")
    var device = "auto"

    @Option(help: ArgumentHelp("Threads of one operation on the CPU.", valueName: "count"))
    var threads: Int?

    /// The device, after setting the threads.
    func selected() throws -> Device {
        if let threads {
            guard threads > 0 else { throw ValidationError("--threads must be at least 1.") }
            Runtime.threads = threads
        }
        if device == "auto" { return .best }
        guard let chosen = Device(device) else {
            throw ValidationError("\"\(device)\" is no device; use auto, cpu, cuda, cuda:1 or mps.")
        }
        try chosen.validate()
        return chosen
    }
}

/// Arithmetic of the forward pass.
enum Precision: String, CaseIterable, ExpressibleByArgument {
    case float32, bfloat16, float16

    var dtype: DType {
        switch self {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .float16: .float16
        }
    }

    /// Nil for float32, where nothing is mixed.
    var mixed: DType? { self == .float32 ? nil : dtype }
}

/// How progress is shown.
enum ProgressStyle: String, CaseIterable, ExpressibleByArgument {
    case bar, plain, json
}
