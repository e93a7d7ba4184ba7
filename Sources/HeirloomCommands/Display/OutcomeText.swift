import HeirloomRestoration

/// What the user reads about each file: results on standard output, notes and failures on standard error.
enum OutcomeText {
    /// One finished or failed file.
    static func show(_ outcome: ItemOutcome) {
        switch outcome {
        case .film(let report):
            StandardError.write("\r\u{1B}[2K".onTerminal)
            print(report.output)
            StandardError.write(report.summary + "\n")
        case .still(let report):
            StandardError.write("\r\u{1B}[2K".onTerminal)
            print(report.output)
            for note in report.notes { StandardError.write("  note: \(report.input): \(note)\n") }
        case .failed(let input, let error):
            StandardError.write("\r\u{1B}[2K".onTerminal)
            StandardError.write("heirloom: \(input): \(Failure.sentence(error))\n")
        }
    }

    /// A file that was made besides.
    static func wrote(_ path: String) {
        StandardError.write("\r\u{1B}[2K".onTerminal)
        StandardError.write("  wrote \(path)\n")
    }

    /// A sentence that cannot wait for the end.
    static func tell(_ sentence: String) {
        StandardError.write("\r\u{1B}[2K".onTerminal)
        StandardError.write("  note: \(sentence)\n")
    }

    /// What concerns the whole job.
    static func showRest(_ report: RestorationReport) {
        for skipped in report.skipped { StandardError.write("skipped \(skipped.path): \(skipped.reason)\n") }
        let failed = report.failures.count
        if failed > 0 {
            let done = report.outcomes.count - failed
            StandardError.write("\(done) done, \(failed) failed\n")
        }
    }
}

extension String {
    /// A terminal control sequence, or nothing where standard error is not a terminal.
    fileprivate var onTerminal: String { ProgressStyle.automatic == .bar ? self : "" }
}
