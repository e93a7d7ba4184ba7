import HeirloomWorkers

extension SilentSpeedEstimate {
    /// Looks at a film for its speed, for ten seconds at most.
    ///
    /// - Parameters:
    ///   - film: how it is read.
    ///   - monitor: stops the look.
    /// - Throws: `MediaError` where the film cannot be read; `CancellationError` when stopped.
    public static func measure(
        _ path: String, film: FilmSettings = FilmSettings(), monitor: JobMonitor = JobMonitor()
    ) async throws -> SilentSpeedEstimate {
        let (flag, options) = (monitor.flag, film.readerOptions)
        return try await Worker(name: "look") {
            SilentSpeedEstimate(try FilmSurvey(path: path, options: options) { try flag.check() })
        }.run { $0 }
    }
}
