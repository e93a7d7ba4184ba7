import ArgumentParser
import Foundation
import HeirloomMedia
import HeirloomRestoration

/// What is made of a finished film besides.
struct FilmExtraArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Write a page about what was done, with pictures and measures.", valueName: "page.html"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Option(
        help: ArgumentHelp("Write a short clip, before on the left, after on the right.", valueName: "clip.mp4"),
        completion: .file(extensions: ["mp4"]))
    var compare: String?

    /// Whether anything is asked for.
    var asksForAny: Bool { report != nil || compare != nil }

    /// Refuses names that cannot be written, before hours of work.
    func check(_ input: String, _ output: String, overwrite: Bool) throws {
        if let report { try FilmReportPage.check(path: report, inputs: [input, output], overwrite: overwrite) }
        if let compare { try WipeClip.check(path: compare, inputs: [input, output], overwrite: overwrite) }
        if let compare, Self.isSame(compare, output) {
            throw ValidationError("--compare \(compare) is the name of the film itself; give the clip another one.")
        }
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        URL(fileURLWithPath: one).standardizedFileURL == URL(fileURLWithPath: other).standardizedFileURL
    }
}
