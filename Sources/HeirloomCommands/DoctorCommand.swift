public import ArgumentParser
import HeirloomMedia
import HeirloomModels

/// `heirloom doctor`: what this machine has, whether it computes right, and the one thing missing.
public struct DoctorCommand: ParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check this machine: libraries, processor, GPU, models.",
        discussion: """
            Runs the colour network once on every device in every arithmetic and compares it with the CPU, so that \
            black or wrong pictures are found here and not after a night of work.

            EXAMPLE:
              heirloom doctor
            """)

    /// Creates the command.
    public init() {}

    /// Prints what was found; exit code 1 when something is missing or computes wrongly.
    public func run() throws {
        let machine = MachineReport()
        var missing: [String] = []
        print("heirloom \(HeirloomVersion.current), libtorch \(machine.libtorch)")
        print("media     \(MediaLibraries.versions.joined(separator: ", "))")
        var processor = "processor \(machine.threads) threads, \(machine.cpuCapability)"
        if machine.cpuHasBFloat16 { processor += ", bfloat16" }
        if let memory = machine.memory {
            processor += ", \(gigabytes(memory.free)) of \(gigabytes(memory.total)) memory free"
        }
        print(processor)
        for gpu in machine.gpus {
            print("GPU       \(gpu.name), \(gigabytes(gpu.free)) of \(gigabytes(gpu.total)) free")
        }
        if let reason = machine.cudaReason { print("GPU       none: \(reason)") }
        testDevices(machine, &missing)
        checkModels(&missing)
        guard let first = missing.first else { return print("All is well.") }
        print("To do: \(first)")
        throw ExitCode(1)
    }

    private func testDevices(_ machine: MachineReport, _ missing: inout [String]) {
        for outcome in DeviceSelfTest.all(on: machine) {
            switch outcome {
            case .success(let test):
                let verdict = test.passed ? "right" : "WRONG"
                print("self-test \(test.name): \(verdict), error \(percent(test.error))")
                if !test.passed {
                    missing.append("\(test.name) computes wrongly here; use --precision float32 or --device cpu.")
                }
            case .failure(let error):
                print("self-test failed: \(error)")
                missing.append("The self-test did not run: \(error)")
            }
        }
    }

    private func checkModels(_ missing: inout [String]) {
        do {
            let pretrained = try Pretrained.standard()
            _ = try pretrained.colorUNet()
            print("models    \(pretrained.models.count) known; the colour network loads")
        } catch {
            print("models    \(error)")
            missing.append("The colour network cannot be loaded: \(error)")
        }
    }

    private func gigabytes(_ bytes: UInt64) -> String {
        let tenths = Int((Double(bytes) / 1e8).rounded())
        return "\(tenths / 10).\(tenths % 10) GB"
    }

    private func percent(_ error: Double) -> String {
        error.isFinite ? "\((error * 1e6).rounded() / 1e4) %" : "not a number"
    }
}
