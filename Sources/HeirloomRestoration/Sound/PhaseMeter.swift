import HeirloomWorkers

/// Shows one phase of a job in seconds of sound, and stops it.
final class PhaseMeter {
    private let monitor: JobMonitor
    private let meter: ProgressMeter
    private var pending = 0.0

    /// Begins a phase.
    ///
    /// - Parameters:
    ///   - name: what is being done.
    ///   - seconds: how much sound there is to do; nil where nobody knows.
    init(_ monitor: JobMonitor, _ name: String, seconds: Double?, index: Int = 0, of count: Int = 1) {
        self.monitor = monitor
        meter = ProgressMeter(unit: "s", total: seconds.map { Int($0.rounded(.up)) })
        monitor.begin(item: name, index: index, of: count)
        monitor.show(meter)
    }

    /// So many more seconds are done.
    ///
    /// - Throws: `CancellationError` once the job was stopped.
    func advance(_ seconds: Double) throws {
        try monitor.flag.check()
        pending += seconds
        let whole = Int(pending)
        if whole > 0 {
            meter.advance(by: whole)
            pending -= Double(whole)
        }
    }
}
