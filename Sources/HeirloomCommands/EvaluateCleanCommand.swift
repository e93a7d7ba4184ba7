public import ArgumentParser
import Foundation
import HeirloomRestoration

/// `heirloom evaluate clean`: restored sound beside the true one.
public struct EvaluateCleanCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Measure how close cleaned sound comes to the true one.",
        discussion: """
            The estimate may start anywhere, be louder or quieter, upside down, run on another clock and have another \
            rate: it is aligned first, to a part of a sample, and the offset and drift found are printed. Several \
            channels are averaged.

              SI-SDR   dB, exact: a different microphone's tone or place costs as much as noise
              SDR-F    dB, forgives any linear filter of 32 ms: noise and late echoes are what is left
              STOI     intelligibility of speech, 0 to 1; ESTOI also where noise comes and goes
              segSNR   dB, mean over frames of 30 ms, each within -10...35
              LSD      dB, distance of the spectra at the reference's rate: lost bandwidth shows here

            All but LSD at 16 kHz. STOI and ESTOI equal pystoi. PESQ is not built in: its reference code may not be used \
            freely.

            EXAMPLES:
              heirloom evaluate clean --reference true.wav --estimate cleaned.wav
              heirloom evaluate clean --reference true.wav --estimate raw.wav --estimate cleaned.wav --from 2 --to 20
              heirloom evaluate clean --reference true.wav --estimate cleaned.wav --json
            """)

    @Option(help: ArgumentHelp("The true sound.", valueName: "file"), completion: .file())
    var reference: String

    @Option(
        help: ArgumentHelp("What is compared with it; repeat for several.", valueName: "file"), completion: .file())
    var estimate: [String]

    @Option(help: ArgumentHelp("Compare from this second of the reference on.", valueName: "seconds"))
    var from: Double?

    @Option(help: ArgumentHelp("Compare up to this second of the reference.", valueName: "seconds"))
    var to: Double?

    @Flag(help: "Do not look for clocks that run at another speed.")
    var noDrift = false

    @Flag(help: "Print JSON, for programs.")
    var json = false

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        guard !estimate.isEmpty else { throw ValidationError("Give at least one --estimate.") }
        if let from, !(0..<1e6).contains(from) { throw ValidationError("--from \(from) is no place in a sound.") }
        if let to, !(to > from ?? 0) { throw ValidationError("--to must lie behind --from.") }
    }

    /// Measures and prints.
    public func run() async throws {
        var evaluation = SoundEvaluation(
            reference: URL(fileURLWithPath: reference), estimates: estimate.map { URL(fileURLWithPath: $0) })
        evaluation.from = from
        evaluation.to = to
        evaluation.findsDrift = !noDrift
        let scores = try await evaluation.run()
        if json { return print(try JSONText.of(scores)) }
        print(SoundScoresText.table(scores).joined(separator: "\n"))
    }
}
