import HeirloomRestoration

/// What the user reads of cleaned sound: the files on standard output, what was found on standard error.
enum SoundText {
    /// The whole report.
    static func show(_ report: CleanReport) {
        for path in report.outputs + [report.removed].compactMap(\.self) { print(path) }
        StandardError.write(report.summary + "\n")
    }

    /// A film whose sound alone was treated.
    static func show(_ report: RestoreReport) {
        for path in report.sound?.outputs ?? [] { print(path) }
        StandardError.write(report.summary + "\n")
    }
}
