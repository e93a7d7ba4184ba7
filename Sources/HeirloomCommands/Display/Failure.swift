import ArgumentParser
import Foundation

/// How a command ends when something went wrong: one clear sentence on standard error and the right exit code.
enum Failure {
    /// Interrupted by the user (128 + SIGINT, as shells count).
    static let interrupted: Int32 = 130

    /// Ends the process: 130 for an interruption, the parser's own codes for usage errors, 1 for everything else.
    static func exit(with error: any Error) -> Never {
        if error is CancellationError {
            StandardError.write("heirloom: stopped; nothing was left under the final name\n")
            Foundation.exit(interrupted)
        }
        if error is ExitCode || error is CleanExit || error is ValidationError || isParserError(error) {
            HeirloomCommand.exit(withError: error)
        }
        StandardError.write("heirloom: \(sentence(error))\n")
        Foundation.exit(1)
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
