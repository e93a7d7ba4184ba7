import ArgumentParser
import Foundation
import HeirloomModels

/// Looks for crashes with damaged files.
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz", abstract: "Load damaged files until one crashes.", subcommands: [Models.self])

    /// Damaged model files.
    struct Models: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "models",
            abstract: "Load damaged model files: each must load or be refused with a sentence.",
            discussion: """
                Makes small valid .pth, ncnn and safetensors files, damages them and loads them in this process. The number \
                of each case is printed before it runs; a process that dies (of a crash, or of the alarm after 20 s) leaves \
                it as the last thing printed, and --seed S --from K --count 1 runs that case again.

                Examples:
                  heirloom-engine fuzz models --count 10000 --seed 1
                  heirloom-engine fuzz models --seed 1 --from 4711 --count 1
                """)

        @Option(help: "How many files.")
        var count = 10_000

        @Option(help: "Start of the random numbers.")
        var seed: UInt64 = 1

        @Option(help: "Number of the first case.")
        var from = 0

        func validate() throws {
            guard count > 0, from >= 0, count <= Int.max - from else {
                throw ValidationError("--count is at least 1 and --from at least 0")
            }
        }

        func run() throws {
            let outcome = try ModelFuzzer(seed: seed).run(from..<from + count) { index in
                FileHandle.standardError.write(Data("\rseed \(seed) case \(index) ".utf8))
            }
            FileHandle.standardError.write(Data("\n".utf8))
            for fault in outcome.faults { print(fault) }
            print(
                "\(outcome.loaded + outcome.refused + outcome.faults.count) files: \(outcome.refused) refused, "
                    + "\(outcome.loaded) loaded, \(outcome.faults.count) faults")
            if !outcome.faults.isEmpty { throw ExitCode.failure }
        }
    }
}
