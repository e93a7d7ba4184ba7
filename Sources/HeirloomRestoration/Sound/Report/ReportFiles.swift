import Foundation
import HeirloomMedia

/// The files of a report: text, JSON and a picture, or the one that the name asks for.
struct ReportFiles {
    /// The text; nil where none is wanted.
    let text: String?
    /// The same for programs.
    let json: String?
    /// The picture.
    let picture: String?

    /// The files that a name means: it alone where it ends in .txt, .json or .png, else all three beside each other.
    init(_ path: String) {
        let ending = (RecordingNames.name(path) as NSString).pathExtension.lowercased()
        text = ending == "txt" ? path : ending == "json" || ending == "png" ? nil : path + ".txt"
        json = ending == "json" ? path : ending == "txt" || ending == "png" ? nil : path + ".json"
        picture = ending == "png" ? path : ending == "txt" || ending == "json" ? nil : path + ".png"
    }

    /// All of them.
    var paths: [String] { [text, json, picture].compactMap(\.self) }

    /// Throws where one cannot be written.
    func check(inputs: [String], overwrite: Bool) throws {
        for path in paths { try OutputCheck.check(path, "write the report", inputs: inputs, overwrite: overwrite) }
    }

    /// Writes them; each appears whole or not at all.
    func write(_ report: CleanReport, picture drawn: () -> StillImage, overwrite: Bool) throws {
        if let text { try Self.write(Data(report.text.utf8), to: text) }
        if let json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
            try Self.write(try encoder.encode(report), to: json)
        }
        if let picture { _ = try StillWriter.write(drawn(), to: picture, overwrite: overwrite) }
    }

    private static func write(_ data: Data, to path: String) throws {
        do {
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw MediaError(
                .writeFailed, "write the report", path: path, reason: error.localizedDescription,
                advice: "check the disk and the folder's permissions")
        }
    }
}
