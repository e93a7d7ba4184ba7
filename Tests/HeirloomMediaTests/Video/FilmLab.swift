import Foundation
import HeirloomMedia
import Testing

/// A folder for one test, with the `ffmpeg` and `ffprobe` tools to make and to judge films; removed at the end.
final class FilmLab: Sendable {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "/heirloom-film-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func path(_ name: String) -> String { folder + "/" + name }

    struct ToolFailure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a tool in the folder and returns what it prints.
    @discardableResult
    func run(_ tool: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        let errors = path("stderr-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: errors, contents: nil)
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let said = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
        try? FileManager.default.removeItem(atPath: errors)
        guard process.terminationStatus == 0 else {
            throw ToolFailure(description: "\(tool) \(arguments.joined(separator: " ")): \(said)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Makes a film with the tool: arguments as typed, without spaces inside one.
    @discardableResult
    func ffmpeg(_ arguments: String) throws -> String {
        try run("ffmpeg", ["-v", "error", "-nostdin", "-y"] + arguments.split(separator: " ").map(String.init))
    }

    /// Reads a film to its end.
    func read(_ name: String, _ options: VideoReaderOptions = .init()) throws -> (VideoReader, [VideoFrame]) {
        let reader = try VideoReader(path: path(name), options: options)
        var frames: [VideoFrame] = []
        while let frame = try reader.next() { frames.append(frame) }
        return (reader, frames)
    }

    /// Reads a film and writes it again, frame by frame.
    func pass(
        _ input: String, _ output: String, _ encoding: VideoEncoding = .init(codec: .ffv1),
        options: VideoReaderOptions = .init()
    ) throws -> (reader: VideoReader, count: Int, notes: [String]) {
        let reader = try VideoReader(path: path(input), options: options)
        let writer = try VideoWriter(
            path: path(output), format: reader.format, encoding: encoding, copying: reader.copySource)
        var count = 0
        while let frame = try reader.next() {
            try writer.write(frame)
            count += 1
        }
        return (reader, count, try writer.finish())
    }

    /// Timestamps and durations of the film's packets by `ffprobe`, in the order of display.
    func times(_ name: String) throws -> [Times] {
        let text = try run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "V:0", "-show_entries", "stream=time_base:packet=pts,duration",
                "-of", "compact", path(name),
            ])
        var base = Rational.one
        var raw: [(Int64, Int64)] = []
        for line in text.split(separator: "\n") {
            var fields: [Substring: Substring] = [:]
            for part in line.split(separator: "|").dropFirst() {
                let pair = part.split(separator: "=", maxSplits: 1)
                if pair.count == 2 { fields[pair[0]] = pair[1] }
            }
            if let pts = fields["pts"].flatMap({ Int64($0) }) {
                raw.append((pts, fields["duration"].flatMap { Int64($0) } ?? 0))
            } else if let ratio = fields["time_base"]?.split(separator: "/"), ratio.count == 2 {
                base = Rational(try #require(Int32(ratio[0])), try #require(Int32(ratio[1])))
            }
        }
        return raw.sorted { $0.0 < $1.0 }
            .map { Times(pts: MediaTime($0.0, base), duration: MediaTime($0.1, base)) }
    }

    struct Times: Equatable {
        let pts: MediaTime
        let duration: MediaTime
    }

    /// Checksums of each frame after a filter, decoded by the tool.
    func checksums(_ name: String, filter: String = "extractplanes=y", before: [String] = []) throws -> [String] {
        let text = try run(
            "ffmpeg",
            ["-v", "error", "-nostdin"] + before + [
                "-i", path(name), "-map", "0:V:0", "-vf", filter, "-fps_mode", "passthrough", "-f", "framemd5", "-",
            ])
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .compactMap { $0.split(separator: ",").last?.trimmingCharacters(in: .whitespaces) }
    }

    /// A checksum over all packets of every stream of a kind ("a", "s").
    func streamHashes(_ name: String, kind: String) throws -> String {
        try run(
            "ffmpeg", ["-v", "error", "-i", path(name), "-map", "0:\(kind)", "-c", "copy", "-f", "streamhash", "-"])
    }

    func probe(_ name: String, _ entries: String) throws -> String {
        try run("ffprobe", ["-v", "error", "-show_entries", entries, "-of", "compact", path(name)])
    }

    /// Names of files in the folder that start with a dot: what a failed writer might leave.
    var hiddenFiles: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasPrefix(".") }
    }
}

/// The error that a body throws, or a failed test.
func mediaError(
    _ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
) throws -> MediaError {
    do {
        try body()
    } catch let error as MediaError {
        // Every message names the file and is one sentence.
        #expect(error.description.hasSuffix("."), "\(error)", sourceLocation: sourceLocation)
        #expect(error.description.contains("'\(error.path)'"), "\(error)", sourceLocation: sourceLocation)
        #expect(!error.description.contains("\n"), "\(error)", sourceLocation: sourceLocation)
        return error
    }
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    throw FilmLab.ToolFailure(description: "nothing was thrown")
}
