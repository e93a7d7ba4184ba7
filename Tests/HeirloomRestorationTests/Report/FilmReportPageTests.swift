import Foundation
import HeirloomMedia
import TestSupport
import Testing

@testable import HeirloomRestoration

@Suite struct FilmReportPageTests {
    /// Film, result, and the page about both.
    private func made(
        _ folder: TemporaryFolder, input name: String = "film.mkv", output: String = "out.mkv", tags: [String] = [],
        _ change: (inout FilmReport) -> Void = { _ in }
    ) async throws -> FilmReportPage {
        let (bare, input, output) = (folder.file("bare.mkv"), folder.file(name), folder.file(output))
        try ReportFilms.source(bare)
        try ReportFilms.dress(bare, as: input, ["-c", "copy"] + tags)
        var report = try await ReportFilms.restore(input, to: output)
        change(&report)
        return FilmReportPage(report: report, comparison: try await FilmComparison.measure(input, output))
    }

    @Test func numbersOnThePageAreThoseThatWereMeasured() async throws {
        let folder = try TemporaryFolder()
        let page = try await made(folder) {
            $0.untreatedFrameNumbers = [3, 4, 5, 9]
            $0.segments = 7
            $0.resumedSegments = 2
            $0.weights = ["heirloom-color.safetensors": "12ab"]
        }
        let html = page.html
        let comparison = page.comparison
        for curves in [comparison.colorfulness] {
            let (before, after) = (try #require(curves.input.mean), try #require(curves.output.mean))
            #expect(html.contains("before: \(ReportNumbers.fixed(before, 1))</span>"))
            #expect(html.contains("after: \(ReportNumbers.fixed(after, 1))</span>"))
            #expect(after > 20 && before < 1)
        }
        let flicker = try #require(comparison.colorFlicker.output.mean)
        #expect(html.contains("after: \(ReportNumbers.fixed(flicker, 2))</span>"))
        #expect(html.contains("All 24 frames of the source are there"))
        #expect(html.contains("4 frames could not be treated"))
        #expect(html.contains("<dt>not treated</dt><dd>4: number 3–5, 9</dd>"))
        #expect(html.contains("<dt>treated</dt><dd>20</dd>"))
        #expect(html.contains("7 segments, 2 of them finished by an earlier run"))
        #expect(html.contains("<code>12ab</code>"))
        #expect(html.pieces(from: "<img ", to: ">").count == 4)
    }

    @Test func allPicturesDecodeAndNothingIsFetched() async throws {
        let folder = try TemporaryFolder()
        let html = try await made(folder).html
        let pictures = html.pieces(from: "src=\"data:image/jpeg;base64,", to: "\"")
        #expect(pictures.count == 4)
        for (index, text) in pictures.enumerated() {
            let data = try #require(Data(base64Encoded: text))
            let image = try StillReader.read(try folder.write(Array(data), to: "\(index).jpg"))
            #expect(image.width == 64 && image.height == 48)
        }
        #expect(html.pieces(from: " alt=\"", to: "\"").allSatisfy { $0.hasPrefix("Frame ") })
        for address in [
            "http:", "https:", "//", "url(", "@import", "<script", "<link", "javascript", " style=\"", " on",
        ] {
            let inside = html.replacingOccurrences(
                of: "base64,[A-Za-z0-9+/=]*|sha256-[A-Za-z0-9+/=]*", with: "", options: .regularExpression)
            let hits = inside.pieces(from: "<body>", to: "</body>").filter { body in
                address == " on"
                    ? body.range(of: "<[^>]* on[a-z]+=", options: .regularExpression) != nil
                    : body.contains(address)
            }
            #expect(hits.isEmpty, "\(address)")
        }
        #expect(html.contains("default-src 'none'; img-src data:;"))
    }

    @Test func hostileNamesAndTagsAreShownAndNotObeyed() async throws {
        let folder = try TemporaryFolder()
        let attack = "<script>alert(1)</script>\"' onload=x"
        let turned = "\u{202E}gnp.mlif \u{5E9}\u{5DC}\u{5D5}\u{5DD}"
        let page = try await made(
            folder, input: "<img src=x onerror=alert(1)>&amp;.mkv", output: "\(turned)\u{7}\"'.mkv",
            tags: [
                "-metadata", "title=\(attack)", "-metadata", "<b>key</b>=</style></head>",
                "-metadata:s:v:0", "language=<i>", "-metadata", "comment=\(String(repeating: "long ", count: 2000))",
            ]
        ) { $0.notes = ["<svg/onload=alert(2)>", "line\u{0}one"] }
        let html = page.html
        #expect(!html.contains("<script") && !html.contains("<svg/") && !html.contains("<img src=x"))
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=x"))
        #expect(html.contains("&lt;img src=x onerror=alert(1)&gt;&amp;amp;.mkv"))
        #expect(html.pieces(from: "</style>", to: "x").count == 1, "one style sheet, ended once")
        #expect(html.contains("<bdi>\(turned)\u{2407}&quot;&#39;.mkv</bdi>"))
        let title = try #require(html.pieces(from: "<title>", to: "</title>").first)
        #expect(!title.contains("\u{202E}"))
        #expect(html.contains("(10000 letters)") && !html.contains(String(repeating: "long ", count: 200)))
        #expect(!html.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        #expect(!html.contains(folder.path), "where the films lie is nobody's business")
    }

    @Test func lossIsSaidInWords() async throws {
        let folder = try TemporaryFolder()
        let (input, output) = (folder.file("in.mkv"), folder.file("out.mkv"))
        try ReportFilms.source(input)
        var report = try await ReportFilms.restore(input, to: output)
        report.notes = []
        try ReportFilms.change(input, to: output) { $0.index == 7 ? nil : $0 }
        let comparison = try await FilmComparison.measure(input, output)
        let html = FilmReportPage(report: report, comparison: comparison).html
        #expect(html.contains("1 frame of the source missing from the result, 0 frames in it without a source."))
        #expect(html.contains("<dt>missing from the result</dt><dd>1: number 7</dd>"))
        #expect(!html.contains("What the job said"))
    }

    @Test func streamsAndTagsAreCompared() async throws {
        let folder = try TemporaryFolder()
        let (bare, input, output) = (folder.file("b.mkv"), folder.file("in.mkv"), folder.file("out.mkv"))
        try ReportFilms.source(bare)
        let sound = [
            "-f", "lavfi", "-i", "sine=duration=1", "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "flac",
        ]
        try ReportFilms.dress(
            bare, as: input, sound + ["-metadata:s:a:0", "language=deu", "-metadata", "title=Wedding"])
        try ReportFilms.dress(
            input, as: output, ["-c", "copy", "-metadata:s:a:0", "language=fra", "-metadata", "title="])
        let table = StreamTable(try MediaSummary(path: input), try MediaSummary(path: output))
        func verdict(_ group: String, _ row: String) -> StreamTable.Verdict? {
            table.groups.first { $0.title == group }?.rows.first { $0.name == row }?.verdict
        }
        #expect(verdict("The file", "tag: title") == .gone)
        #expect(verdict("Sound", "tag: language") == .differs)
        #expect(verdict("Sound", "coding") == .same && verdict("The picture", "size") == .same)
        let lost = StreamTable(try MediaSummary(path: input), try MediaSummary(path: bare))
        #expect(lost.groups.first { $0.title == "Sound" }?.rows.allSatisfy { $0.verdict == .gone } == true)
    }

    @Test func pagesAreWrittenWholeAndNeverOverAnything() async throws {
        let folder = try TemporaryFolder()
        let page = try await made(folder)
        let path = folder.file("page.html")
        try page.write(to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == page.html)
        #expect(folder.names == ["bare.mkv", "film.mkv", "out.mkv", "page.html"])
        func code(_ path: String, overwrite: Bool = false) -> MediaError.Code? {
            do throws(MediaError) {
                try page.write(to: path, overwrite: overwrite)
                return nil
            } catch { return error.code }
        }
        #expect(code(path) == .exists && code(path, overwrite: true) == nil)
        #expect(code(folder.file("none/page.html")) == .notWritable && code(folder.file("page.txt")) == .unsupported)
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link.html"), withDestinationPath: folder.file("film.mkv"))
        #expect(code(folder.file("link.html"), overwrite: true) == .sameFile)
    }

    @Test func longFilmsGiveSmallPages() async throws {
        let folder = try TemporaryFolder()
        var page = try await made(folder)
        // As many and as large pictures as there can be, of noise that does not compress.
        let side = ShotPictures.side
        var random: UInt32 = 1
        let pixels = (0..<side * side * 3).map { _ -> UInt8 in
            random = random &* 1_664_525 &+ 1_013_904_223
            return UInt8(random >> 26) + 96
        }
        let noise = StillImage(width: side, height: side, channels: .rgb, depth: .eight, pixels: pixels)
        let bytes = try StillWriter.encode(noise, as: .jpeg, options: StillWriteOptions(quality: 82)).bytes
        let worst = ShotPicture(
            shot: Shot(firstFrame: 0, seconds: 0, frameCount: 1), frame: 0, seconds: 0, width: side, height: side,
            before: bytes, after: bytes)
        page.comparison.pictures = Array(repeating: worst, count: ShotPictures.limit)
        #expect(page.html.utf8.count <= FilmReportPage.budget)
        #expect(page.html.pieces(from: "<img ", to: ">").count >= 4)
        #expect(page.html.contains("are shown, spread over the film"))
    }

    @Test func numbersReadTheSameEverywhere() {
        #expect(ReportNumbers.fixed(-0.04, 1) == "0.0" && ReportNumbers.fixed(-1.25, 1) == "−1.2")
        #expect(ReportNumbers.count(1_234_567) == "1,234,567" && ReportNumbers.count(12) == "12")
        #expect(ReportNumbers.clock(7) == "0:07" && ReportNumbers.clock(3723.9) == "1:02:03")
        #expect(ReportNumbers.span(61) == "1 minute 1 second" && ReportNumbers.span(8.25) == "8.2 seconds")
        #expect(ReportNumbers.bytes(1_500_000) == "1.5 MB" && ReportNumbers.bytes(17) == "17 bytes")
        #expect([0.03, 0.3, 7, 60, 61].map(ReportChart.ceiling) == [0.1, 0.4, 8, 60, 80])
    }
}
