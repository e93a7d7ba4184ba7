public import ArgumentParser
import Foundation
import HeirloomRestoration

/// `heirloom slurm`: a script that does films on a cluster.
public struct SlurmCommand: ParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "slurm",
        abstract: "Print a script that does films on a Slurm cluster, a share on each of its machines.",
        discussion: """
            Each film becomes an array of tasks, a share of the film each, and a last task that joins them when all are \
            done. A share that is interrupted, requeued or cut off by its time limit loses nothing: run the script again. \
            All machines must see the films, the folder of the results and this program under the same names. What is done \
            with the films stands at the end, after --do, as it would without a cluster; restore when nothing is said.

            EXAMPLES:
              heirloom slurm film.mkv -o film-new.mkv --shards 8 > film.sh && bash film.sh
              heirloom slurm film.mkv -o film-colour.mkv --shards 4 --do colorize --strength 1.2
              heirloom slurm a.mkv b.mkv -o large/ --sbatch=--partition=gpu --sbatch=--gres=gpu:1 --do upscale --scale 2
            """)

    @Argument(help: ArgumentHelp("The films.", valueName: "film"), completion: .file())
    var films: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The result; of several films the folder for the results.", valueName: "path"))
    var output: String

    @Option(help: ArgumentHelp("Shares of each film, 1...9999.", valueName: "count"))
    var shards = 4

    @Option(help: ArgumentHelp("Processors for each share.", valueName: "count"))
    var cpus: Int?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("An option for sbatch, once for each: --partition=gpu.", valueName: "option"))
    var sbatch: [String] = []

    @Option(
        name: .customLong("do"), parsing: .remaining,
        help: ArgumentHelp("What is done with the films; everything behind it belongs to it.", valueName: "command"))
    var words: [String] = []

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        if films.isEmpty { throw ValidationError("Name at least one film.") }
        guard Shard.counts.contains(shards) else { throw ValidationError("--shards \(shards) is outside 1...9999.") }
        if let cpus, !(1...256).contains(cpus) { throw ValidationError("--cpus \(cpus) is outside 1...256.") }
        if cpus != nil, words.contains(where: { $0 == "--threads" || $0.hasPrefix("--threads=") }) {
            throw ValidationError("--cpus and --threads say the same; leave one of them out.")
        }
        if let wrong = sbatch.first(where: { !$0.hasPrefix("-") || $0.contains(where: \.isNewline) }) {
            throw ValidationError("--sbatch \(wrong) is no option of sbatch; write it as --sbatch=--partition=gpu.")
        }
        let verb = words.first ?? Self.standard
        guard Self.verbs.contains(verb) else {
            throw ValidationError("--do \(verb): what can be done in shares is \(Self.verbs.joined(separator: ", ")).")
        }
        for word in Self.ours where words.contains(where: { $0 == word || $0.hasPrefix(word + "=") }) {
            throw ValidationError("\(word) is decided by the script; leave it out.")
        }
        // What the cluster would refuse after an hour in the queue is refused here.
        let share = [verb, films[0], "-o", output] + words.dropFirst() + ["--shard", "1/\(shards)"]
        do { _ = try HeirloomCommand.parseAsRoot(share) } catch {
            throw ValidationError(HeirloomCommand.message(for: error))
        }
    }

    /// Prints the script.
    public func run() throws {
        let threads = cpus.map { ["--threads", "\($0)"] } ?? []
        let script = SlurmScript(
            program: Bundle.main.executablePath ?? "heirloom",
            words: (words.isEmpty ? [Self.standard] : words) + threads,
            shards: shards, sbatch: (cpus.map { ["--cpus-per-task=\($0)"] } ?? []) + sbatch, films: try named())
        print(script.text)
    }

    /// The films with their results, whole paths; a film that is none, or a result that exists, is refused.
    private func named() throws -> [(input: String, output: String)] {
        let job = ColorizeJob(inputs: films, output: output)
        let plan = try job.plan()
        if let refused = plan.refused.first { throw refused.error }
        if let other = plan.items.first(where: { $0.kind != .film }) {
            throw ValidationError("Only films are divided, and '\(other.input)' is a picture.")
        }
        return plan.items.map { (Self.whole($0.input), Self.whole($0.output)) }
    }

    private static func whole(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    private static let standard = "restore"
    private static let verbs = ["restore", "colorize", "upscale"]
    private static let ours = ["--shard", "--report", "--compare", "--output", "-o"]
}
