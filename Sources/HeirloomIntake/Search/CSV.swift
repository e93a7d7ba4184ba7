/// Tables as RFC 4180 has them: fields between commas, quoted where they hold commas, quotes or line ends.
enum CSV {
    /// The rows of a table, without empty ones; nil where a quotation mark is not closed or the text is not UTF-8.
    static func rows(of text: [UInt8]) -> [[String]]? {
        let (quote, comma, lineFeed, carriageReturn) = (UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(10), UInt8(13))
        var rows: [[String]] = []
        var row: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var isText = true
        func endField() {
            if let value = String(validating: field, as: UTF8.self) { row.append(value) } else { isText = false }
            field = []
        }
        func endRow() {
            endField()
            if row != [""] { rows.append(row) }
            row = []
        }
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var index = text.starts(with: byteOrderMark) ? 3 : 0
        while index < text.count {
            let byte = text[index]
            index += 1
            if isQuoted {
                if byte != quote {
                    field.append(byte)
                } else if index < text.count && text[index] == quote {
                    field.append(quote)
                    index += 1
                } else {
                    isQuoted = false
                }
            } else if byte == quote && field.isEmpty {
                isQuoted = true
            } else if byte == comma {
                endField()
            } else if byte == lineFeed {
                endRow()
            } else if byte != carriageReturn || index < text.count && text[index] != lineFeed {
                field.append(byte)
            }
        }
        if isQuoted { return nil }
        if !field.isEmpty || !row.isEmpty { endRow() }
        return isText ? rows : nil
    }
}
