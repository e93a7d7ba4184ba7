public import ArgumentParser
import HeirloomRestoration

/// `heirloom clean`: one good recording from several cheap microphones, or from one.
public struct CleanCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Make one clean recording from several cheap microphones, or from one.",
        discussion: """
            Several recordings of one event, from phones, recorders and cameras that nobody synchronised, become one \
            clean signal on the timeline of the best of them: they are aligned to a fraction of a millisecond (different \
            starts, clocks that drift, lost buffers), freed from echo, combined, freed from noise, and brought to an even \
            loudness. Dead, overloaded and unrelated recordings are left out and named. The result has the length of \
            that recording to the sample; inputs are never changed.

            One recording alone is freed from hum, clicks and echo, and from noise by 12 dB at most, so that voices stay \
            natural. \
            Music and singing are left alone.

            FOR AN INTERVIEW, the two commands that matter:
              heirloom clean phone.m4a recorder.wav laptop.flac -o interview.wav --report interview
              heirloom clean lavalier.wav -o lavalier-clean.wav

            MORE EXAMPLES:
              heirloom clean phone.m4a recorder.wav -o aligned/ --align-only
              heirloom clean mic.wav -o clean.wav --limit 20dB --keep removed
              heirloom clean film.mp4 -o film-clean.mp4
              heirloom clean --sound-of camera1.mp4 camera2.mp4 recorder.wav -o film-clean.mp4
            """)

    @Argument(help: ArgumentHelp("Recordings of one event, or one recording or film.", valueName: "recording"))
    var inputs: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Use the sound of these films and recordings; the result has the timeline (and the picture) of the first.",
            valueName: "file"))
    var soundOf: [String] = []

    @OptionGroup var output: OutputArguments
    @OptionGroup var sound: SoundArguments

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        if inputs.isEmpty && soundOf.isEmpty { throw ValidationError("Name at least one recording.") }
        if !inputs.isEmpty && !soundOf.isEmpty {
            throw ValidationError("Name the recordings alone or after --sound-of, not both.")
        }
        if sound.alignOnly, inputs.count + soundOf.count < 2 {
            throw ValidationError("--align-only needs at least two recordings.")
        }
        _ = try sound.settings(overwrite: false)
    }

    /// Cleans, shows progress, and says what was found.
    public func run() async throws {
        let job = CleanJob(
            inputs: soundOf.isEmpty ? inputs : soundOf, output: output.output, keepsFirstTimeline: !soundOf.isEmpty,
            settings: try sound.settings(overwrite: output.overwrite), version: HeirloomVersion.current)
        let report = try await JobRun.showing(output.progress) { try await job.run(monitor: $0) }
        SoundText.show(report)
    }
}
