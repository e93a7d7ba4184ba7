import Foundation

/// Runs programs as a user does: arguments in, exit code and texts out.
enum Program {
    struct Outcome: CustomStringConvertible {
        let code: Int32
        let output: String
        let errors: String

        /// The lines of standard error that are not empty.
        var errorLines: [String] {
            errors.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
        }

        var description: String { "exit code \(code)\nstdout: \(output)\nstderr: \(errors)" }
    }

    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// The program `heirloom` of the same build as these tests, which lies in the same folder.
    static func heirloomPath() throws -> String {
        var folders = [URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()]
        if let program = Bundle.main.executableURL { folders.append(program.deletingLastPathComponent()) }
        folders.append(Bundle.main.bundleURL.deletingLastPathComponent())
        for folder in folders {
            let path = folder.appendingPathComponent("heirloom").path
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw Missing(
            description:
                "the program 'heirloom' is not in \(folders.map(\.path)); build it first: swift build --build-tests")
    }

    /// Runs `heirloom`.
    ///
    /// - Parameters:
    ///   - folder: the working folder.
    ///   - interruptAt: sends SIGINT once standard error holds this text.
    ///   - moment: does something once a file is there.
    static func heirloom(
        _ arguments: [String], in folder: String? = nil, interruptAt text: String? = nil, at moment: Moment? = nil
    ) async throws -> Outcome {
        try await run(try heirloomPath(), arguments, in: folder, interruptAt: text, at: moment)
    }

    /// Something that is done to a program, given its number, once a file is there.
    struct Moment: Sendable {
        let file: String
        let act: @Sendable (Int32) -> Void

        /// Ctrl-C.
        static func interrupt(at file: String) -> Moment { Moment(file: file) { _ = Foundation.kill($0, SIGINT) } }
        /// The end without a word.
        static func kill(at file: String) -> Moment { Moment(file: file) { _ = Foundation.kill($0, SIGKILL) } }

        /// Watches on a thread of its own: tasks come late where many tests run side by side, and the program is done by
        /// then.
        func watch(_ process: Int32) {
            Thread.detachNewThread {
                while Foundation.kill(process, 0) == 0 {
                    if access(file, F_OK) == 0 {
                        return act(process)
                    }
                    usleep(1000)
                }
            }
        }
    }

    /// Runs FFmpeg; its output must be made.
    static func ffmpeg(_ arguments: [String]) async throws {
        let outcome = try await run(
            "/usr/bin/env", ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"] + arguments)
        guard outcome.code == 0 else { throw Missing(description: "ffmpeg \(arguments): \(outcome)") }
    }

    /// Runs a program to its end; kills it after two minutes.
    static func run(
        _ path: String, _ arguments: [String], in folder: String? = nil, interruptAt text: String? = nil,
        at moment: Moment? = nil
    ) async throws -> Outcome {
        // Files instead of pipes: nothing has to be emptied while the program runs.
        let stem = NSTemporaryDirectory() + "heirloom-run-\(UUID().uuidString)"
        let (outputPath, errorPath) = (stem + ".out", stem + ".err")
        defer { for path in [outputPath, errorPath] { try? FileManager.default.removeItem(atPath: path) } }
        for path in [outputPath, errorPath] { try Data().write(to: URL(fileURLWithPath: path)) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: outputPath)
        process.standardError = FileHandle(forWritingAtPath: errorPath)
        try process.run()
        let start = ContinuousClock.now
        moment?.watch(process.processIdentifier)
        var isInterrupted = false
        while process.isRunning {
            try? await Task.sleep(for: .milliseconds(20))
            if ContinuousClock.now - start > .seconds(120) { process.terminate() }
            if let text, !isInterrupted, read(errorPath).contains(text) {
                isInterrupted = true
                process.interrupt()
            }
        }
        return Outcome(code: process.terminationStatus, output: read(outputPath), errors: read(errorPath))
    }

    private static func read(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
