import HeirloomMedia
import HeirloomRestoration

/// Makes the report page and the clip of a finished film.
struct FilmExtras {
    let arguments: FilmExtraArguments
    let overwrite: Bool

    /// Makes what was asked for.
    ///
    /// - Throws: what the page and the clip throw; the film is finished whatever happens here, and the sentence says so.
    func write(_ report: FilmReport, _ monitor: JobMonitor) async throws {
        guard arguments.asksForAny else { return }
        do {
            let comparison = try await FilmComparison.measure(
                report.input, report.output, film: report.job.film, monitor: monitor)
            if let path = arguments.report {
                try FilmReportPage(
                    report: report, comparison: comparison, facts: ReportFacts(report, version: HeirloomVersion.current)
                )
                .write(to: path, overwrite: overwrite)
                OutcomeText.wrote(path)
            }
            if let path = arguments.compare {
                let notes = try await WipeClip(comparison, film: report.job.film)
                    .write(to: path, overwrite: overwrite, monitor: monitor)
                OutcomeText.wrote(path)
                for note in notes { OutcomeText.tell(note) }
            }
        } catch {
            OutcomeText.tell("the film '\(report.output)' itself is finished")
            throw error
        }
    }
}
