import Testing

/// The rules on made-up sources: each finds what breaks it, and nothing else.
@Suite struct RuleTests {
    private let row = TargetRow("HeirloomTensors", 1, ["CTorch", "Foundation"], hidden: ["Foundation"])

    private func source(_ text: String) -> SourceFile {
        SourceFile(path: "Sources/HeirloomTensors/Made.swift", text: text)
    }

    @Test("imports are found whatever stands before them, and not in comments or strings")
    func findsImports() {
        let file = source(
            ##"""
            @testable import HeirloomA
            public import Foundation
            @preconcurrency internal import struct HeirloomB.Thing
            #if canImport(Glibc)
                import Glibc
            #endif
            // import HeirloomC
            /* import HeirloomD /* import HeirloomE */
            import HeirloomF */
            let text = """
                import HeirloomG
                """
            let raw = #"\"# + "\" import HeirloomH"; let important = 1
            import HeirloomI  // why
            """##)
        #expect(imports(in: file).map(\.module) == ["HeirloomA", "Foundation", "HeirloomB", "Glibc", "HeirloomI"])
        #expect(imports(in: file).map(\.line) == [1, 2, 3, 5, 14])
        #expect(imports(in: file).filter(\.isPublic).map(\.module) == ["Foundation"])
    }

    @Test("an import outside the row is a violation, and so is a public one of a hidden module")
    func forbiddenImports() {
        #expect(importViolations(in: source("import CTorch\nimport Foundation"), row: row) == [])
        let sideways = importViolations(in: source("import CTorch\nimport HeirloomMedia"), row: row)
        #expect(
            sideways.map(\.description) == [
                "Sources/HeirloomTensors/Made.swift:2: HeirloomTensors may not import HeirloomMedia"
            ])
        let shown = importViolations(in: source("public import Foundation"), row: row)
        #expect(shown.map(\.reason) == ["the public API of HeirloomTensors may not show Foundation"])
    }

    @Test(
        "public declarations are recognised",
        arguments: [
            "public func f()", "    public static func + (a: T, b: T) -> T {", "open class Module {",
            "public final class Tensor {", "public private(set) var count = 0", "@inlinable public init?(x: Int)",
            "public subscript(i: Int) -> Int {", "public class func make()", "public nonisolated let name: String",
            "nonisolated(unsafe) public static var shared = 0", "public init<T>(x: T)", "public actor Worker<State> {",
            "public indirect enum Tree {", "public required init()",
        ])
    func recognises(declaration: String) {
        #expect(declaresPublic(declaration))
        #expect(documentationViolations(in: source("/// Does.\n@discardableResult\n\(declaration)")) == [])
        #expect(documentationViolations(in: source("// Does.\n\(declaration)")).count == 1)
        #expect(documentationViolations(in: source("/// Does.\n\n\(declaration)")).count == 1)
        #expect(documentationViolations(in: source(declaration)).map(\.line) == [1])
    }

    @Test(
        "what is not a public declaration is left alone",
        arguments: [
            "func f(public: Int)", "public import Foundation", "public extension Tensor {", "let open = 1",
            "internal func g()", "override public func h()", "file.open()", "\"public func f()\"", "case open(let x)",
        ])
    func ignores(line: String) {
        #expect(!declaresPublic(codeLines(of: source(line))[0]))
    }

    @Test(
        "places of one machine are found",
        arguments: [
            ("see /", "work/x"), ("\"/", "home/me/film.mp4\""), ("/", "root/.cache"), ("cd ../", "shared/data"),
        ])
    func findsPlaces(first: String, second: String) {
        #expect(foreignPathViolations(in: source("let x = 1\n" + first + second)).map(\.line) == [2])
    }

    @Test(
        "paths below something are no places of a machine",
        arguments: [
            "/usr/lib/x", "frame/work/b", "https://example.org/home/", "$HOME/work/", "/proc/self/", "homework",
        ])
    func ignoresPlaces(line: String) {
        #expect(foreignPathViolations(in: source(line)) == [])
    }
}
