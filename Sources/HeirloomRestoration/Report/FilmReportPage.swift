import Foundation
public import HeirloomMedia
import HeirloomModels

/// One self-contained HTML page about a restored film: what was done, by which weights, and what can be measured of it.
///
/// No script, no address, no font of its own: everything is in the file, and a content security policy forbids the rest.
/// Names and tags of the films are shown as text, whatever they contain.
public struct FilmReportPage: Sendable {
    /// What the job reported.
    public var report: FilmReport
    /// What was measured of the two files.
    public var comparison: FilmComparison
    /// What the page says beside both.
    public var facts: ReportFacts

    /// A page.
    ///
    /// - Parameter facts: what is said beside both; nil for what the report tells.
    public init(report: FilmReport, comparison: FilmComparison, facts: ReportFacts? = nil) {
        self.report = report
        self.comparison = comparison
        self.facts = facts ?? ReportFacts(report)
    }

    /// Refuses what ``write(to:overwrite:)`` would refuse about names: to be called before hours of work.
    ///
    /// - Parameter inputs: files that must not be overwritten.
    /// - Throws: `exists`, `sameFile`, `isDirectory`, `notWritable`; `unsupported` for a name that browsers would not open.
    public static func check(path: String, inputs: [String], overwrite: Bool = false) throws(MediaError) {
        let ending = (path as NSString).pathExtension.lowercased()
        guard ending == "html" || ending == "htm" else {
            throw MediaError(
                .unsupported, operation, path: path, reason: "its name does not end in .html",
                advice: "end it in .html, so that a browser opens it")
        }
        try OutputCheck.check(path, operation, inputs: inputs, overwrite: overwrite)
    }

    /// Writes the page beside its target and renames it.
    ///
    /// - Throws: what ``check(path:inputs:overwrite:)`` throws; `diskFull`, `writeFailed`. Nothing half-written is left.
    public func write(to path: String, overwrite: Bool = false) throws(MediaError) {
        try Self.check(
            path: path, inputs: [comparison.input.path, comparison.output.path], overwrite: overwrite)
        do {
            try Data(html.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
            throw MediaError(
                isFull ? .diskFull : .writeFailed, Self.operation, path: path,
                reason: isFull ? "the disk is full" : error.localizedDescription,
                advice: isFull
                    ? "free some space or write to another disk" : "check the disk and the folder's permissions")
        }
    }

    static let operation = "write the report"
    /// Bytes that a page has at most, so that it can be sent by mail.
    static let budget = 5_000_000

    /// The page.
    public var html: String {
        let name = Self.name(comparison.output.path)
        // Of the style sheet only this very text is allowed, of pictures only those inside the page, and nothing else.
        let policy =
            "default-src 'none'; img-src data:; style-src 'sha256-\(Self.digest(ReportStyle.css))';"
            + " base-uri 'none'; form-action 'none'"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="color-scheme" content="light dark">
            <title>\(HTML.plain(name)): what was done</title>
            <style>\(ReportStyle.css)</style>
            </head>
            <body>
            \(header)
            <main>
            \(sections.joined(separator: "\n"))
            </main>
            \(footer)
            </body>
            </html>

            """
    }

    /// The last part of a path: where on a disk a film lies is nobody's business who is sent the page.
    static func name(_ path: String) -> String { (path as NSString).lastPathComponent }

    /// The digest of a text as content security policies write it.
    private static func digest(_ text: String) -> String {
        var digest = SHA256()
        digest.update(text)
        let digits = Array(digest.hexadecimal)
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        return Data(bytes).base64EncodedString()
    }
}
