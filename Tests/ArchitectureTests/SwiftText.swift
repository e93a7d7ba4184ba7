/// Swift source without comments and the contents of string literals, line by line: what remains is code.
///
/// A small lexer rather than a parser: it knows nested block comments, multi-line and raw strings, and escapes. The text inside
/// an interpolation goes with its string.
func codeLines(of file: SourceFile) -> [String] {
    var stripper = CommentStripper()
    return file.lines.map { stripper.code(in: $0) }
}

private struct CommentStripper {
    private enum State: Equatable {
        case code
        case blockComment(depth: Int)
        case string(hashes: Int, multiline: Bool)
    }

    private var state = State.code

    /// The code in the next line of the file.
    mutating func code(in line: String) -> String {
        let bytes = Array(line.utf8)
        var kept: [UInt8] = []
        var position = 0
        while position < bytes.count {
            switch state {
            case .code:
                position = readCode(bytes, position, &kept)
            case .blockComment(let depth):
                position = readComment(bytes, position, depth)
            case .string(let hashes, let multiline):
                position = readString(bytes, position, hashes, multiline, &kept)
            }
            if position < 0 { break }
        }
        // A one-line string that the line ends in is unfinished only in broken source: do not let it eat the file.
        if case .string(_, multiline: false) = state { state = .code }
        return String(decoding: kept, as: UTF8.self)
    }

    /// Reads on in code; returns the next position, or -1 at a line comment.
    private mutating func readCode(_ bytes: [UInt8], _ position: Int, _ kept: inout [UInt8]) -> Int {
        let next = position + 1 < bytes.count ? bytes[position + 1] : 0
        switch bytes[position] {
        case UInt8(ascii: "/") where next == UInt8(ascii: "/"):
            return -1
        case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
            state = .blockComment(depth: 1)
            return position + 2
        case UInt8(ascii: "\""), UInt8(ascii: "#"):
            let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
            let quotes = bytes.dropFirst(position + hashes).prefix { $0 == UInt8(ascii: "\"") }.count
            guard quotes > 0 else {
                kept += bytes[position..<position + max(hashes, 1)]
                return position + max(hashes, 1)
            }
            kept += Array("\"".utf8)
            state = .string(hashes: hashes, multiline: quotes >= 3)
            return position + hashes + (quotes >= 3 ? 3 : 1)
        default:
            kept.append(bytes[position])
            return position + 1
        }
    }

    private mutating func readComment(_ bytes: [UInt8], _ position: Int, _ depth: Int) -> Int {
        let pair = bytes[position...].prefix(2)
        if pair.elementsEqual("*/".utf8) {
            state = depth == 1 ? .code : .blockComment(depth: depth - 1)
            return position + 2
        }
        if pair.elementsEqual("/*".utf8) {
            state = .blockComment(depth: depth + 1)
            return position + 2
        }
        return position + 1
    }

    private mutating func readString(
        _ bytes: [UInt8], _ position: Int, _ hashes: Int, _ multiline: Bool, _ kept: inout [UInt8]
    ) -> Int {
        if bytes[position] == UInt8(ascii: "\\"), hashes == 0 { return position + 2 }
        let end = String(repeating: "\"", count: multiline ? 3 : 1) + String(repeating: "#", count: hashes)
        if bytes[position...].starts(with: end.utf8) {
            kept += Array("\"".utf8)
            state = .code
            return position + end.utf8.count
        }
        return position + 1
    }
}
