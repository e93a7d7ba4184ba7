import HeirloomRestoration

/// Runs a job as every command does: Ctrl-C stops it politely, and its progress is shown.
enum JobRun {
    /// Runs a body with a monitor.
    static func showing<R: Sendable>(
        _ progress: ProgressArguments, _ body: (JobMonitor) async throws -> R
    ) async throws -> R {
        let monitor = JobMonitor { OutcomeText.tell($0) }
        let interruption = Interruption("stopping") { monitor.cancel() }
        defer { withExtendedLifetime(interruption) {} }
        return try await ProgressDisplay.showing(
            progress.progress, state: { monitor.progress().map { ProgressState($0) } }, { try await body(monitor) })
    }
}
