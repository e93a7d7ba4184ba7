import Foundation

/// Writes what happens in a training run as JSON lines: one object per line, handed to the system at once, so that a
/// killed run has all of them.
///
/// A resumed run goes on in the same file: what was logged after its checkpoint happens again and is removed first.
public final class TrainingLog {
    /// The file.
    public let path: String
    private let file: FileHandle

    /// Opens a log: empty, or as it was at a checkpoint.
    /// - Parameter position: Which fit of the run a resumed run goes on with, and how many of its steps are done; nil
    ///   begins anew.
    /// - Throws: ``TrainingError`` when the file cannot be read or written.
    public init(path: String, resumingAt position: (phase: Int, step: Int)? = nil) throws {
        self.path = path
        do {
            var kept: [Line] = []
            if let position, FileManager.default.fileExists(atPath: path) {
                kept = try Self.read(path).filter { ($0.phase, $0.step) <= position }
            }
            try Data(try kept.flatMap(Self.bytes)).write(to: URL(filePath: path), options: .atomic)
            file = try FileHandle(forWritingTo: URL(filePath: path))
            try file.seekToEnd()
        } catch let error as TrainingError {
            throw error
        } catch {
            throw Self.failure(path, error)
        }
    }

    deinit { try? file.close() }

    /// Appends a line.
    /// - Throws: ``TrainingError`` when the disk refuses.
    public func append(_ line: Line) throws {
        do { try file.write(contentsOf: Self.bytes(line)) } catch { throw Self.failure(path, error) }
    }

    /// Appends what a ``Recorder`` has put together.
    /// - Throws: ``TrainingError`` when the disk refuses.
    public func append(_ entry: Recorder.Entry, phase: Int = 0) throws {
        try append(Line(entry, phase: phase))
    }

    /// Reads a log. The last line may be cut off by the end of the process that wrote it; it is then left out.
    /// - Throws: ``TrainingError`` when the file cannot be read or another line is no line of a log.
    public static func read(_ path: String) throws -> [Line] {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch { throw failure(path, error) }
        let parts = data.split(separator: UInt8(ascii: "\n"))
        return try parts.enumerated().compactMap { index, part in
            do { return try decoder.decode(Line.self, from: part) } catch {
                if index == parts.count - 1, data.last != UInt8(ascii: "\n") { return nil }
                throw TrainingError(
                    code: .inaccessible, reason: "line \(index + 1) of \(path) is no line of a training log")
            }
        }
    }

    private static func bytes(_ line: Line) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try encoder.encode(line) + [UInt8(ascii: "\n")]
    }

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }

    private static func failure(_ path: String, _ error: any Error) -> TrainingError {
        TrainingError(
            code: .inaccessible,
            reason:
                "the training log \(path) cannot be read or written (\(error.localizedDescription)); check the folder, "
                + "its permissions and the free space")
    }
}
