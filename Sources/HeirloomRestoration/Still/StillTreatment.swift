import HeirloomWorkers

/// What a job does with each of its pictures, confined to one thread.
protocol StillTreatment {
    /// Reads a picture, treats it and writes the result.
    ///
    /// - Parameters:
    ///   - pictures: counts the pictures of the job; the treatment shows it, or a meter of its own.
    ///   - monitor: shows the progress and stops the job.
    /// - Throws: `MediaError`, `RestorationError`; `CancellationError` when stopped. Nothing is written then.
    func perform(
        _ input: String, to output: String, _ settings: StillSettings, pictures: ProgressMeter, _ monitor: JobMonitor
    ) throws -> StillReport
}
