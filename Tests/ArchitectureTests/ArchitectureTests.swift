import Testing

/// The real tree against the rules. `RuleTests` shows that the rules can be broken.
@Suite struct ArchitectureTests {
    @Test("every import is in the table")
    func everyImport() throws {
        let files = try SourceTree.files(in: "Sources", extensions: ["swift"])
        #expect(files.count > 20, "the sources were not found")
        for file in files {
            let row = try #require(ImportTable.row(for: file.target), "\(file.path): its target is not in the table")
            expectNone(importViolations(in: file, row: row))
        }
    }

    @Test("every folder in Sources is a target in the table, and the other way round")
    func everyTarget() throws {
        let folders = try SourceTree.folders(in: "Sources")
        #expect(folders == ImportTable.rows.map(\.name).sorted())
    }

    @Test("imports of our own go to a lower level, so that no cycle can exist")
    func levels() {
        for row in ImportTable.rows {
            for module in row.imports {
                guard let imported = ImportTable.row(for: module) else { continue }
                #expect(imported.level < row.level, "\(row.name) imports \(module) on its own level or above")
            }
        }
    }

    @Test("every public declaration is documented")
    func everyDeclaration() throws {
        for file in try SourceTree.files(in: "Sources", extensions: ["swift"]) {
            expectNone(documentationViolations(in: file))
        }
    }

    @Test("no file is longer than 600 lines")
    func fileLengths() throws {
        let extensions: Set = ["swift", "cpp", "c", "h", "py"]
        let files = try ["Sources", "Tests"].flatMap { try SourceTree.files(in: $0, extensions: extensions) }
        for file in files where file.lineCount > 400 {
            if file.lineCount > 600 {
                Issue.record("\(file.path) has \(file.lineCount) lines, more than 600: split it at a seam")
            } else {
                print("\(file.path) has \(file.lineCount) lines: look for a seam")
            }
        }
    }

    @Test("no file names a place outside the repository")
    func foreignPaths() throws {
        let places = [
            "Sources", "Tests", "samples", "pretrained", ".ci", "Makefile", "README.md", "Package.swift", ".gitignore",
            ".gitattributes", ".swift-format",
        ]
        for file in try places.flatMap({ try SourceTree.files(in: $0) }) {
            expectNone(foreignPathViolations(in: file))
        }
    }
}

/// Records each violation as a failure of its own.
private func expectNone(_ violations: [Violation]) {
    for violation in violations {
        Issue.record("\(violation)")
    }
}
