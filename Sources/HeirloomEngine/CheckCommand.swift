import ArgumentParser
import Foundation
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors

/// Checks that this machine computes the right numbers.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check that networks compute the right numbers here.",
        subcommands: [Parity.self, DeviceTest.self])

    /// Compares the networks with a parity kit.
    struct Parity: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "parity",
            abstract: "Compare the networks with reference values: a folder of JSON and safetensors.",
            discussion: """
                Prints, for each case, the largest error as a part of the output's range; exit code 1 where one \
                exceeds its limit, and where no case could be run. The limit is 1e-4; small numbers are held to less, and steps \
                of training, which multiply rounding errors, to more: it is printed where it differs. Cases that nothing here can run are listed as not covered, and \
                so are those with published weights that were not fetched to this machine.

                Examples:
                  heirloom-engine check parity parity/
                  heirloom-engine check parity parity/ --no-weights
                """)

        @Argument(help: "The folder.")
        var folder: String

        @Flag(inversion: .prefixedNo, help: "Run the cases with published weights that were fetched to this machine.")
        var weights = true

        func run() throws {
            let pretrained = weights ? try? Pretrained.standard() : nil
            let results = try ParityKit(folder: folder).run(
                weights: pretrained, runners: UpscalerParity.runners, describers: ColorizerParity.describers)
            var counts = (passed: 0, failed: 0, left: 0)
            for result in results {
                let verdict: String
                switch (result.largestError, result.passes()) {
                case (let error?, let passes?):
                    let limit = result.limit == 1e-4 ? "" : String(format: ", allowed %.0e", result.limit)
                    verdict = String(format: "%@, largest error %.1e", passes ? "passed" : "FAILED", error) + limit
                    if passes { counts.passed += 1 } else { counts.failed += 1 }
                default:
                    verdict = "not covered"
                    counts.left += 1
                }
                print("\(result.name): \(verdict) (\(result.note))")
            }
            print("\(counts.passed) passed, \(counts.failed) failed, \(counts.left) not covered")
            if counts.failed > 0 || counts.passed == 0 { throw ExitCode.failure }
        }
    }

    /// Compares a device with the CPU.
    struct DeviceTest: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "device", abstract: "Compare the colour network on a device with the CPU in float32.",
            discussion: """
                Examples:
                  heirloom-engine check device --device cuda
                """)

        @OptionGroup var device: DeviceArguments

        func run() throws {
            let device = try self.device.selected()
            print("libtorch \(Runtime.version), \(Runtime.cpuCapability), \(Runtime.threads) threads")
            var precisions: [DType] = [.float32, .bfloat16]
            if device != .cpu { precisions.append(.float16) }
            var passed = true
            for precision in precisions {
                let test = try DeviceSelfTest(device, dtype: precision)
                print(
                    "\(device) \(precision): error \(String(format: "%.2e", test.error)) of the deviation, "
                        + "allowed \(String(format: "%.0e", test.tolerance)): \(test.passed ? "passed" : "FAILED")")
                passed = passed && test.passed
            }
            if !passed { throw ExitCode.failure }
        }
    }
}
