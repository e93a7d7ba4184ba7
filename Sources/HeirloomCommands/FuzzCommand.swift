public import ArgumentParser
import Foundation
import HeirloomMedia
import Synchronization

/// `heirloom fuzz`: damaged files by the thousand, for those who work on the readers.
public struct FuzzCommand: ParsableCommand {
    /// Name, text and subcommands, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract: "Damage files by the thousand and read them.",
        discussion: """
            For those who work on the readers: nothing may crash or hang, whatever is in a file.

            EXAMPLES:
              heirloom fuzz pictures --count 10000 --seed 1
              heirloom fuzz sounds --count 10000 --seed 1
            """,
        shouldDisplay: false,
        subcommands: [Pictures.self, Sounds.self])

    /// Creates the command.
    public init() {}

    /// `heirloom fuzz pictures`.
    public struct Pictures: ParsableCommand {
        /// Name and text, for the argument parser.
        public static let configuration = CommandConfiguration(
            commandName: "pictures",
            abstract: "Damage small pictures and read them whole and in strips.",
            discussion: """
                Before each file its seed is shown, so that a crash can be run again: --seed SEED --count 1. A file \
                that is not read within the time limit counts as a hang and ends the run.

                EXAMPLES:
                  heirloom fuzz pictures --count 10000 --seed 1
                  heirloom fuzz pictures --count 1 --seed 4711 --keep damaged/
                """)

        @OptionGroup var cases: FuzzArguments

        /// Creates the command.
        public init() {}

        /// Runs the cases and prints what became of them.
        public func run() throws {
            if let keep = cases.keep {
                try FileManager.default.createDirectory(atPath: keep, withIntermediateDirectories: true)
                for seed in cases.seeds {
                    let made = try PictureFuzzer(folder: keep).write(seed: seed)
                    let ending = made.format.fileExtensions[0]
                    _ = try? FileManager.default.removeItem(atPath: "\(keep)/\(seed).\(ending)")
                    try FileManager.default.moveItem(atPath: made.path, toPath: "\(keep)/\(seed).\(ending)")
                }
                return
            }
            let folder = FileManager.default.temporaryDirectory.path + "/heirloom-fuzz-\(getpid())"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let watch = Watch(limit: cases.limit)
            watch.start()
            let report = try PictureFuzzer(folder: folder).run(seeds: cases.seeds) { seed in
                StandardError.write("\rseed \(seed) ")
                watch.begin(seed)
            }
            watch.end()
            StandardError.write("\n")
            try show(report)
        }

        private func show(_ report: PictureFuzzer.Report) throws {
            let read = report.read.values.reduce(0, +)
            print("\(report.count) damaged pictures: \(read) read, \(report.count - read) refused")
            for (format, count) in report.read.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                print("  read    \(format.name): \(count)")
            }
            for (code, count) in report.refused.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                print("  refused \(code): \(count)")
            }
            let seconds = String(format: "%.2f", report.slowest.seconds)
            print("  slowest \(seconds) s (seed \(report.slowest.seed))")
            for (seed, what) in report.disagreements { print("  seed \(seed): \(what)") }
            if !report.disagreements.isEmpty {
                StandardError.write(
                    "heirloom: \(report.disagreements.count) files were read differently whole and in strips\n")
                throw ExitCode(1)
            }
        }
    }

    /// Ends the process when a file takes too long.
    final class Watch: Sendable {
        private let limit: Double
        private let current = Mutex<(seed: UInt64, start: ContinuousClock.Instant)?>(nil)

        init(limit: Double) { self.limit = limit }

        func begin(_ seed: UInt64) { current.withLock { $0 = (seed, .now) } }

        func end() { current.withLock { $0 = nil } }

        func start() {
            Thread.detachNewThread { [self] in
                while true {
                    Thread.sleep(forTimeInterval: 0.5)
                    guard let (seed, start) = current.withLock({ $0 }) else { continue }
                    if start.duration(to: .now) > .seconds(limit) {
                        StandardError.write("\nheirloom: the file of seed \(seed) was not read within \(limit) s\n")
                        _exit(1)
                    }
                }
            }
        }
    }
}
