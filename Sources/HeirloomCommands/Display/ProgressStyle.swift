import ArgumentParser
import Foundation

/// How progress is shown.
enum ProgressStyle: String, CaseIterable, ExpressibleByArgument {
    /// A line that is redrawn, on a terminal.
    case bar
    /// A new line every few seconds.
    case plain
    /// One JSON object per line, for programs.
    case json
    /// Nothing.
    case none

    /// A bar on a terminal, plain lines elsewhere.
    static var automatic: ProgressStyle { isatty(STDERR_FILENO) == 1 ? .bar : .plain }
}
