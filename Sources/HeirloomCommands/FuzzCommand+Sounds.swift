public import ArgumentParser
import Foundation
import HeirloomMedia

extension FuzzCommand {
    /// `heirloom fuzz sounds`.
    public struct Sounds: ParsableCommand {
        /// Name and text, for the argument parser.
        public static let configuration = CommandConfiguration(
            commandName: "sounds",
            abstract: "Damage small sound files of every kind and read them in large and odd pieces.",
            discussion: """
                Before each file its seed is shown, so that a crash can be run again: --seed SEED --count 1. A file \
                that is not read within the time limit counts as a hang and ends the run.

                EXAMPLES:
                  heirloom fuzz sounds --count 10000 --seed 1
                  heirloom fuzz sounds --count 1 --seed 4711 --keep damaged/
                """)

        @OptionGroup var cases: FuzzArguments

        /// Creates the command.
        public init() {}

        /// Runs the cases and prints what became of them.
        public func run() throws {
            if let keep = cases.keep {
                try FileManager.default.createDirectory(atPath: keep, withIntermediateDirectories: true)
                let fuzzer = SoundFuzzer(folder: keep)
                for seed in cases.seeds {
                    let made = try fuzzer.write(seed: seed)
                    _ = try? FileManager.default.removeItem(atPath: "\(keep)/\(seed).\(made.ending)")
                    try FileManager.default.moveItem(atPath: made.path, toPath: "\(keep)/\(seed).\(made.ending)")
                }
                return
            }
            let folder = FileManager.default.temporaryDirectory.path + "/heirloom-fuzz-\(getpid())"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let watch = Watch(limit: cases.limit)
            watch.start()
            let report = try SoundFuzzer(folder: folder).run(seeds: cases.seeds) { seed in
                StandardError.write("\rseed \(seed) ")
                watch.begin(seed)
            }
            watch.end()
            StandardError.write("\n")
            try show(report)
        }

        private func show(_ report: SoundFuzzer.Report) throws {
            let read = report.read.values.reduce(0, +)
            print("\(report.count) damaged sounds: \(read) read, \(report.count - read) refused")
            for (ending, count) in report.read.sorted(by: { $0.key < $1.key }) {
                print("  read    \(ending): \(count)")
            }
            for (code, count) in report.refused.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                print("  refused \(code): \(count)")
            }
            let seconds = String(format: "%.2f", report.slowest.seconds)
            print("  slowest \(seconds) s (seed \(report.slowest.seed))")
            for (seed, what) in report.disagreements { print("  seed \(seed): \(what)") }
            if !report.disagreements.isEmpty {
                StandardError.write(
                    "heirloom: \(report.disagreements.count) files were read differently in large and odd pieces\n")
                throw ExitCode(1)
            }
        }
    }
}
