import ArgumentParser
import Foundation
import HeirloomMedia
import HeirloomRestoration

/// How the job on a film is divided and gone on with, and what is made of the film besides: the same for all commands
/// that treat films.
struct FilmJobArguments: ParsableArguments {
    @Flag(help: "Throw away what an interrupted run has kept, and start afresh.")
    var restart = false

    @Flag(help: "Pass on and list frames that cannot be treated, instead of stopping at the first.")
    var keepGoing = false

    @Option(
        help: ArgumentHelp(
            "Do one share of several, on any machine that sees the folder; 'heirloom join' puts them together.",
            valueName: "i/n"), transform: FilmValues.shard)
    var shard: Shard?

    @Option(
        help: ArgumentHelp(
            "Work on the film on several devices side by side: 0,1 or cuda:0,cuda:1.", valueName: "list"),
        transform: FilmValues.devices)
    var devices: [DeviceChoice]?

    @Option(
        help: ArgumentHelp(
            "Frames a second of a film without sound, by timestamps only: 16, 18, 20, or auto to look for evidence.",
            valueName: "speed"), transform: FilmValues.speed)
    var silentSpeed: SilentSpeedChoice?

    @OptionGroup var extras: FilmExtraArguments

    func validate() throws {
        if shard != nil, extras.asksForAny {
            throw ValidationError(
                "--shard does a part of the film, which has no --report and no --compare yet; give them to 'heirloom join'."
            )
        }
    }

    /// The options that were given and concern films alone, as they are written.
    var given: [String] {
        [
            (restart, "--restart"), (keepGoing, "--keep-going"), (shard != nil, "--shard"),
            (devices != nil, "--devices"),
            (silentSpeed != nil, "--silent-speed"), (extras.report != nil, "--report"),
            (extras.compare != nil, "--compare"),
        ].filter(\.0).map(\.1)
    }

    /// Adds to the settings what does not hang on the film.
    func apply(to settings: inout FilmSettings) {
        settings.restart = restart
        settings.keepGoing = keepGoing
        settings.shard = shard
        settings.devices = devices ?? []
        if case .fixed(let speed)? = silentSpeed { settings.speed = speed }
    }

    /// Puts the speed into the settings that a film itself gives evidence for, and says what the evidence is.
    ///
    /// Work that was begun keeps the speed it was begun with.
    func lookForSpeed(of input: String, for output: String, _ settings: inout FilmSettings, _ monitor: JobMonitor)
        async throws
    {
        guard silentSpeed == .auto else { return }
        if !restart, let kept = try? ResumeJob(output) {
            settings.speed = kept.description.film.speed
            return
        }
        let estimate = try await SilentSpeedEstimate.measure(input, film: settings, monitor: monitor)
        OutcomeText.tell(estimate.reason)
        settings.speed = estimate.speed
    }

    /// Refuses what makes no sense for what is planned.
    func check(_ plan: RestorationPlan, overwrite: Bool) throws {
        guard let option = given.first, !plan.items.isEmpty else { return }
        if let picture = plan.items.first(where: { $0.kind != .film }), shard != nil || plan.items.count == 1 {
            throw ValidationError("\(option) is for films, and '\(picture.input)' is a picture.")
        }
        let films = plan.items.filter { $0.kind == .film }
        guard !films.isEmpty else { throw ValidationError("\(option) is for films, and there is none.") }
        if plan.items.count > 1, let single = given.first(where: { ["--report", "--compare"].contains($0) }) {
            throw ValidationError("\(single) is about one film; give one film alone.")
        }
        if films.count > 1, case .auto? = silentSpeed {
            throw ValidationError("--silent-speed auto looks at one film; give one film alone, or name the speed.")
        }
        try extras.check(films[0].input, films[0].output, overwrite: overwrite)
    }
}
