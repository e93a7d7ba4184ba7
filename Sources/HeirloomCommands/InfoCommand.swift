public import ArgumentParser
import Foundation
import HeirloomMedia
import HeirloomRestoration

/// `heirloom info`: what a file contains and how it would be taken.
public struct InfoCommand: ParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show what a film or picture contains.",
        discussion: """
            Streams, sizes, frame rates, colour tags and what Heirloom takes them for, rotation, interlacing, chapters.

            EXAMPLES:
              heirloom info film.mp4
              heirloom info scan.tif
              heirloom info --json film.mkv
            """)

    @Argument(help: ArgumentHelp("Films or pictures.", valueName: "file"))
    var files: [String]

    @Flag(help: "Print JSON, for programs.")
    var json = false

    /// Creates the command.
    public init() {}

    /// Prints the facts of each file; a file that cannot be read is named and the others go on.
    public func run() throws {
        var failed = false
        for file in files {
            do {
                switch try InputKind.probe(file) {
                case .film: try show(film: MediaSummary(path: file))
                case .still: try show(still: StillReader.probe(file), path: file)
                case .folder:
                    throw MediaError(
                        .isDirectory, "look into", path: file, reason: "it is a folder",
                        advice: "name the files in it, as in \(file)/*")
                }
            } catch {
                failed = true
                StandardError.write("heirloom: \(String(describing: error))\n")
            }
        }
        if failed { throw ExitCode(1) }
    }

    private func show(film: MediaSummary) throws {
        if json { return try printJSON(film) }
        print(FilmText.describe(film))
    }

    private func show(still: StillInfo, path: String) throws {
        if json { return try printJSON(StillFacts(still, path: path)) }
        print("\(path)\n  " + StillFacts(still, path: path).sentence)
    }

    private func printJSON(_ value: some Encodable) throws {
        print(try JSONText.of(value))
    }
}

/// The facts of a picture as they are printed.
private struct StillFacts: Encodable {
    let path, format, colorSpace: String
    let width, height, channels, bitsPerSample, orientation, pages: Int
    let hasProfile, hasEXIF: Bool
    let bytes: Int64

    init(_ info: StillInfo, path: String) {
        self.path = path
        format = info.format.rawValue
        colorSpace = info.colorSpace
        width = info.width
        height = info.height
        channels = info.channelCount
        bitsPerSample = info.bitsPerSample
        orientation = info.orientation
        pages = info.pageCount
        hasProfile = info.hasProfile
        hasEXIF = info.hasEXIF
        bytes = info.byteCount
    }

    var sentence: String {
        var parts = ["\(format) picture, \(width) × \(height)", "\(channels) × \(bitsPerSample) bit \(colorSpace)"]
        if orientation != 1 { parts.append("orientation \(orientation) (will be turned upright)") }
        if pages > 1 { parts.append("\(pages) pages (the first is used)") }
        if hasProfile { parts.append("ICC profile") }
        if hasEXIF { parts.append("EXIF") }
        return parts.joined(separator: ", ")
    }
}
