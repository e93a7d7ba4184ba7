import Foundation

/// Text as HTML: whatever it contains, it is shown and never obeyed.
enum HTML {
    /// Text between tags or inside a quoted attribute.
    ///
    /// Control characters, which HTML forbids, become visible signs.
    static func text(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: result += "&amp;"
            case 0x3C: result += "&lt;"
            case 0x3E: result += "&gt;"
            case 0x22: result += "&quot;"
            case 0x27: result += "&#39;"
            case 0x09, 0x0A: result += " "
            case 0...0x1F: result.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F...0x9F, 0xFDD0...0xFDEF: result += "\u{FFFD}"
            case let code where code & 0xFFFE == 0xFFFE: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Text that came from a file or from the user: its direction of writing stays its own.
    ///
    /// - Parameter limit: letters after which it is cut.
    static func foreign(_ text: String, limit: Int = 400) -> String {
        let shown = text.count > limit ? "\(text.prefix(limit))… (\(text.count) letters)" : text
        return "<bdi>\(HTML.text(shown))</bdi>"
    }

    /// Foreign text where no tag can stand, in a title or an attribute: signs that turn the direction of what follows are
    /// left out.
    static func plain(_ text: String, limit: Int = 160) -> String {
        let turning: Set<Unicode.Scalar> = [
            "\u{061C}", "\u{200E}", "\u{200F}", "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2066}",
            "\u{2067}", "\u{2068}", "\u{2069}",
        ]
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: text.prefix(limit).unicodeScalars.filter { !turning.contains($0) })
        return HTML.text(String(kept)) + (text.count > limit ? "…" : "")
    }

    /// A picture inside the page.
    static func jpeg(_ bytes: [UInt8], width: Int, height: Int, description: String) -> String {
        "<img src=\"data:image/jpeg;base64,\(Data(bytes).base64EncodedString())\" width=\"\(width)\""
            + " height=\"\(height)\" alt=\"\(plain(description))\" decoding=\"async\">"
    }

    /// A table of two columns, the first of them heads.
    static func facts(_ rows: [(name: String, html: String)]) -> String {
        "<dl class=\"facts\">"
            + rows.map { "<div><dt>\(text($0.name))</dt><dd>\($0.html)</dd></div>" }.joined() + "</dl>"
    }

    /// A section with a heading.
    static func section(_ id: String, _ title: String, _ body: [String]) -> String {
        "<section aria-labelledby=\"\(id)\">\n<h2 id=\"\(id)\">\(text(title))</h2>\n"
            + body.joined(separator: "\n") + "\n</section>"
    }
}
