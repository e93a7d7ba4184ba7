import Foundation
import HeirloomMedia
import TestSupport
import Testing

@testable import HeirloomRestoration

/// A browser without a window, where one is installed.
enum Browser {
    static let program: String? = ["chromium", "chromium-browser", "google-chrome"].lazy
        .compactMap { name in
            ["/usr/bin", "/usr/local/bin", "/snap/bin"].map { "\($0)/\(name)" }
                .first { FileManager.default.isExecutableFile(atPath: $0) }
        }.first

    /// What a page has become after it was loaded, and what the browser's console had to say about it.
    static func load(
        _ page: String, in folder: TemporaryFolder, width: Int
    ) throws -> (dom: String, complaints: [String]) {
        let process = Process()
        process.executableURL = URL(filePath: try #require(program))
        process.arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr",
            "--allow-file-access-from-files", "--user-data-dir=\(folder.file("profile"))",
            "--window-size=\(width),900", "--virtual-time-budget=3000", "--dump-dom",
            URL(filePath: page).absoluteString,
        ]
        let (output, log) = (folder.file("dom"), folder.file("log"))
        for path in [output, log] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: log)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let lines = try String(contentsOfFile: log, encoding: .utf8).components(separatedBy: "\n")
        return (try String(contentsOfFile: output, encoding: .utf8), lines.filter { $0.contains("CONSOLE") })
    }
}

@Suite(.serialized) struct ReportBrowserTests {
    /// A page with all that can be on one, names and tags hostile.
    private func page(_ folder: TemporaryFolder) async throws -> String {
        let (bare, input) = (folder.file("bare.mkv"), folder.file("<script>alert(1)<:script>.mkv"))
        let output = folder.file("\(String(repeating: "verylongname", count: 15)).mkv")
        try ReportFilms.source(bare)
        try ReportFilms.dress(
            bare, as: input,
            [
                "-f", "lavfi", "-i", "sine=duration=1", "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "flac",
                "-metadata", "title=<script>document.title='obeyed'</script>",
                "-metadata", "comment=\(String(repeating: "x", count: 390))", "-metadata",
                "artist=\u{202E}\u{5E9}\u{5DC}\u{5D5}\u{5DD}",
            ])
        var report = try await ReportFilms.restore(input, to: output)
        report.untreatedFrameNumbers = Array(stride(from: 0, to: 4000, by: 2))
        report.weights = ["heirloom-color.safetensors": String(repeating: "0123456789abcdef", count: 4)]
        let page = FilmReportPage(report: report, comparison: try await FilmComparison.measure(input, output))
        let path = folder.file("page.html")
        try page.write(to: path)
        return path
    }

    @Test(
        "a browser shows the page without an error, a request or a sideways scroll",
        .enabled(if: Browser.program != nil, "there is no Chromium here"))
    func theBrowserAgrees() async throws {
        let folder = try TemporaryFolder()
        let path = try await page(folder)
        let html = try String(contentsOfFile: path, encoding: .utf8)
        // As it is: nothing runs, nothing is asked for, nothing is complained about.
        let plain = try Browser.load(path, in: folder, width: 1200)
        #expect(plain.dom.contains("verylongname") && plain.dom.contains(": what was done</title>"))
        #expect(plain.dom.components(separatedBy: "<tr>").count > 20 && !plain.dom.contains("<script"))
        #expect(plain.complaints.isEmpty, "\(plain.complaints)")
        // What the page must not do would be noticed, and is forbidden.
        let spoilt = html.replacingOccurrences(
            of: "</main>",
            with: "</main><p style=\"color:red\"></p><img src=\"http://127.0.0.1:9/x.png\">"
                + "<script>document.title='obeyed'</script>")
        let noticed = try Browser.load(try folder.write(Array(spoilt.utf8), to: "spoilt.html"), in: folder, width: 1200)
        #expect(noticed.complaints.count >= 3, "\(noticed.complaints)")
        #expect(noticed.dom.contains(": what was done</title>"))

        // With eyes in it: only the test's own copy may run the script that looks around.
        let eyes = """
            const all=[...document.images],root=document.documentElement,r={
            broken:all.filter(i=>!i.complete||i.naturalWidth===0).length,images:all.length,
            scroll:root.scrollWidth-root.clientWidth,
            wide:[...document.querySelectorAll('body *')].filter(e=>e.getBoundingClientRect().right>root.clientWidth+1)
            .map(e=>e.tagName).length,
            squeezed:[...document.querySelectorAll('p,caption,tbody th,td,dt,dd,summary')].filter(e=>{
            const b=e.getBoundingClientRect();return e.textContent.length>3&&b.width<60&&b.height>2*b.width})
            .map(e=>e.tagName+': '+e.textContent.slice(0,40)),
            styled:getComputedStyle(document.body).backgroundColor!=='rgba(0, 0, 0, 0)',
            requests:performance.getEntriesByType('resource').filter(e=>!e.name.startsWith('data:')).length,
            headings:[...document.querySelectorAll('h1,h2,h3')].map(h=>h.tagName[1]).join(''),
            unnamed:[...document.querySelectorAll('section')].filter(s=>!document.getElementById(
            s.getAttribute('aria-labelledby'))).length,
            alts:all.filter(i=>!i.alt).length,title:document.title,
            small:[...document.querySelectorAll('summary')].filter(e=>e.getBoundingClientRect().height<24).length};
            document.body.setAttribute('data-seen',JSON.stringify(r));
            """
        let looked = html.replacingOccurrences(
            of: "default-src 'none';", with: "default-src 'none'; script-src 'unsafe-inline';"
        )
        .replacingOccurrences(
            of: "</body>",
            with: "<script>document.querySelectorAll('details').forEach(d=>d.open=true);"
                + "window.onload=()=>{\(eyes)}</script></body>")
        let copy = try folder.write(Array(looked.utf8), to: "looked.html")
        // A window of Chromium is never narrower than 500; a frame inside a page is.
        for width in [360, 768, 1280] {
            let frame = try folder.write(
                Array(
                    """
                    <!DOCTYPE html><body style="margin:0"><iframe src="looked.html" width="\(width)" height="800" \
                    style="border:0"></iframe><script>window.onload=()=>{const d=document.querySelector('iframe')\
                    .contentDocument;document.body.setAttribute('data-seen',d.body.getAttribute('data-seen'))}</script>
                    """.utf8), to: "frame.html")
            let process = width < 500 ? frame : copy
            let seen = try seen(process, folder, width: max(width, 500))
            #expect(seen["images"] as? Int == 4 && seen["broken"] as? Int == 0, "\(width): \(seen)")
            #expect(seen["scroll"] as? Int == 0 && seen["wide"] as? Int == 0, "\(width): \(seen)")
            #expect((seen["squeezed"] as? [String])?.isEmpty == true, "\(width): \(seen)")
            #expect(seen["styled"] as? Bool == true && seen["requests"] as? Int == 0, "\(width): \(seen)")
            #expect(seen["unnamed"] as? Int == 0 && seen["alts"] as? Int == 0 && seen["small"] as? Int == 0)
            #expect((seen["title"] as? String)?.hasSuffix("what was done") == true)
            #expect((seen["headings"] as? String)?.hasPrefix("1223") == true)
        }
    }

    /// What the script in a page saw of it.
    private func seen(_ page: String, _ folder: TemporaryFolder, width: Int) throws -> [String: Any] {
        let dom = try Browser.load(page, in: folder, width: width).dom
        let body = dom.components(separatedBy: "<body").last ?? ""
        let json = try #require(body.pieces(from: "data-seen=\"", to: "\"").first, "the page was not looked at")
            .replacingOccurrences(of: "&quot;", with: "\"").replacingOccurrences(of: "&amp;", with: "&")
        return try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    }
}
