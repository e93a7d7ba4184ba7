import ArgumentParser
import Foundation
import HeirloomMedia
import HeirloomRestoration

/// How a command ends when something went wrong: one clear sentence on standard error and the right exit code.
enum Failure {
    /// Stopped in the middle, with what is done kept (128 + SIGINT, as shells count).
    static let interrupted: Int32 = 130

    /// Ends the process: 130 for an interruption and for a pause, the parser's own codes for usage errors, 1 for everything
    /// else.
    static func exit(with error: any Error) -> Never {
        if error is CancellationError {
            StandardError.write("heirloom: Stopped; nothing unfinished was left behind.\n")
            Foundation.exit(interrupted)
        }
        if error is ExitCode || error is CleanExit || error is ValidationError || isParserError(error) {
            HeirloomCommand.exit(withError: error)
        }
        StandardError.write("heirloom: \(sentence(error))\n")
        Foundation.exit(isPause(error) ? interrupted : 1)
    }

    /// Whether the same command goes on once there is time or room again.
    static func isPause(_ error: any Error) -> Bool {
        error is CancellationError || error is PauseError || (error as? MediaError)?.code == .diskFull
    }

    /// What an error says, as a sentence: those that are written as the end of one get their full stop here.
    static func sentence(_ error: any Error) -> String {
        let text = String(describing: error)
        return text.last.map { ".!?\n".contains($0) } == true ? text : text + "."
    }

    /// Errors of the argument parser are not public types; their exit code tells them apart.
    private static func isParserError(_ error: any Error) -> Bool {
        let code = HeirloomCommand.exitCode(for: error)
        return code == .validationFailure || code == .success
    }
}

/// Standard error, unbuffered: progress, notes and errors go here, results to standard output.
enum StandardError {
    static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
