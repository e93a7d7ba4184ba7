import ArgumentParser
import HeirloomRestoration

/// Runs a job over films and pictures: plans, refuses, does, tells, and makes what was asked for besides.
struct BatchRun {
    let output: OutputArguments
    let long: FilmJobArguments

    /// Does it.
    ///
    /// - Parameters:
    ///   - settings: how films are read and written.
    ///   - plan: plans the job with such settings.
    ///   - perform: does what was planned.
    /// - Throws: `ExitCode` where some of several inputs could not be done.
    func run(
        _ settings: FilmSettings, plan: (FilmSettings) throws -> RestorationPlan,
        perform: (FilmSettings, RestorationPlan, JobMonitor) async throws -> RestorationReport
    ) async throws {
        let extras = FilmExtras(arguments: long.extras, overwrite: output.overwrite)
        let planned = try plan(settings)
        try long.check(planned, overwrite: output.overwrite)
        try await JobRun.showing(output.progress) { monitor in
            var settings = settings
            if let film = planned.items.first(where: { $0.kind == .film }) {
                try await long.lookForSpeed(of: film.input, for: film.output, &settings, monitor)
            }
            let report = try await perform(settings, planned, monitor)
            OutcomeText.showRest(report)
            if case .film(let film)? = report.outcomes.last { try await extras.write(film, monitor) }
            if !report.failures.isEmpty { throw ExitCode(1) }
        }
    }
}
