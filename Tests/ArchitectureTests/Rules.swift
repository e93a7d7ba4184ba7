/// A rule broken in one place, as the test reports it.
struct Violation: CustomStringConvertible, Equatable {
    let path: String
    let line: Int
    let reason: String

    var description: String { "\(path):\(line): \(reason)" }
}

/// One `import` of a file.
struct Import: Equatable {
    let module: String
    let isPublic: Bool
    let line: Int
}

/// The imports in `file`, whatever their attributes, access level and kind.
func imports(in file: SourceFile) -> [Import] {
    codeLines(of: file).enumerated().compactMap { index, code in
        guard code.contains("import") else { return nil }
        let words = code.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count else { return nil }
        let access: Set = ["public", "package", "internal", "fileprivate", "private"]
        guard words[..<keyword].allSatisfy({ access.contains($0) || $0.hasPrefix("@") }) else { return nil }
        let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor"]
        let name = kinds.contains(words[keyword + 1]) && keyword + 2 < words.count ? keyword + 2 : keyword + 1
        let module = words[name].prefix { $0 != "." && $0 != ";" }
        return Import(module: String(module), isPublic: words[..<keyword].contains("public"), line: index + 1)
    }
}

/// Imports of `file` that the table does not allow its target.
func importViolations(in file: SourceFile, row: TargetRow) -> [Violation] {
    imports(in: file).compactMap { found in
        if !row.imports.contains(found.module) {
            return Violation(path: file.path, line: found.line, reason: "\(row.name) may not import \(found.module)")
        }
        if found.isPublic, row.hidden.contains(found.module) {
            return Violation(
                path: file.path, line: found.line, reason: "the public API of \(row.name) may not show \(found.module)")
        }
        return nil
    }
}

private let modifiers: Set = [
    "public", "open", "final", "static", "class", "mutating", "nonmutating", "required", "convenience", "lazy", "weak",
    "unowned", "indirect", "prefix", "postfix", "infix", "dynamic", "nonisolated", "isolated", "consuming", "borrowing",
    "override",
]
private let declarations: Set = [
    "func", "var", "let", "class", "struct", "enum", "protocol", "actor", "init", "subscript", "typealias", "macro",
]

/// True where a line of code declares something public. An override inherits its documentation.
func declaresPublic(_ code: String) -> Bool {
    guard code.contains("public") || code.contains("open") else { return false }
    let words = code.split(whereSeparator: \.isWhitespace)
    var leading: Set<String> = []
    for (index, word) in words.enumerated() {
        // "private(set)" is a modifier, "init(" and "subscript<T>(" are declarations.
        let name = String(word.prefix { $0.isLetter })
        // "class" is a declaration before a name, a modifier before another declaration.
        let nextIsKeyword =
            index + 1 < words.count
            && (modifiers.union(declarations)).contains(String(words[index + 1].prefix { $0.isLetter }))
        if word.hasPrefix("@") || word.contains("(set)") || word.contains("(unsafe)") { continue }
        if declarations.contains(name), !(name == "class" && nextIsKeyword) {
            return !leading.isDisjoint(with: ["public", "open"]) && !leading.contains("override")
        }
        guard modifiers.contains(name) else { return false }
        leading.insert(name)
    }
    return false
}

/// Public declarations of `file` without a documentation comment directly above them or above their attributes.
func documentationViolations(in file: SourceFile) -> [Violation] {
    let code = codeLines(of: file)
    return code.indices.compactMap { index in
        guard declaresPublic(code[index]) else { return nil }
        var above = index - 1
        while above >= 0, isAttribute(file.lines[above]) { above -= 1 }
        let comment = above >= 0 ? file.lines[above].drop(while: \.isWhitespace) : ""
        if comment.hasPrefix("///") { return nil }
        let declaration = file.lines[index].trimmingPrefix(while: \.isWhitespace)
        return Violation(path: file.path, line: index + 1, reason: "no documentation comment: \(declaration)")
    }
}

private func isAttribute(_ line: String) -> Bool {
    let text = line.drop(while: \.isWhitespace)
    return text.hasPrefix("@") || text.hasPrefix("#if") || text.hasPrefix("#else") || text.hasPrefix("#endif")
}

/// Places of one machine or of a neighbour folder that `file` names. The system's own folders are no such places.
func foreignPathViolations(in file: SourceFile) -> [Violation] {
    // Put together here, so that this file does not break its own rule.
    let folders = ["work", "root", "home", "opt", "mnt", "srv", "Users"].map { "/" + $0 + "/" }
    let neighbour = "../" + "shared"
    return file.lines.enumerated().compactMap { index, line in
        let found = folders.first { folder in
            line.ranges(of: folder).contains { range in
                // "a/work/b" and "https://x/home/" are paths below something, not of a machine.
                guard range.lowerBound > line.startIndex else { return true }
                let before = line[line.index(before: range.lowerBound)]
                return !(before.isLetter || before.isNumber || "._-/$})".contains(before))
            }
        }
        guard let place = found ?? (line.contains(neighbour) ? neighbour : nil) else { return nil }
        return Violation(path: file.path, line: index + 1, reason: "names a place outside the repository: \(place)")
    }
}
