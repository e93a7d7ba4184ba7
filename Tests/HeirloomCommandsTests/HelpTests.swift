import ArgumentParser
import Foundation
import Testing

@testable import HeirloomCommands

/// The help is what most people read first: its examples must work.
@Suite struct HelpTests {
    private static func all(below command: any ParsableCommand.Type = HeirloomCommand.self)
        -> [any ParsableCommand.Type]
    {
        [command] + command.configuration.subcommands.flatMap { all(below: $0) }
    }

    /// The command lines in a text: lines that begin with the program's name, without what follows a number sign or goes
    /// to another program.
    private static func commandLines(in text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.prefix { $0 != "#" && $0 != ">" }.split(whereSeparator: \.isWhitespace)
            return words.first == "heirloom" && words.count > 1 ? words.joined(separator: " ") : nil
        }
    }

    @Test("every command says in one sentence what it does")
    func abstracts() {
        for command in Self.all() {
            let abstract = command.configuration.abstract
            #expect(abstract.hasSuffix(".") && abstract.first?.isUppercase == true, "\(command): '\(abstract)'")
        }
    }

    @Test("every command of the first level shows examples, and they stay readable")
    func examples() {
        for command in HeirloomCommand.configuration.subcommands + [HeirloomCommand.self] {
            let help = HeirloomCommand.helpMessage(for: command, columns: 100)
            #expect(help.contains("EXAMPLE"), "\(command)")
            #expect(!Self.commandLines(in: help).isEmpty, "\(command)")
        }
    }

    @Test("the examples in the help are parsed by the commands that they name")
    func examplesParse() {
        let lines = Self.all().flatMap { Self.commandLines(in: $0.configuration.discussion) }
        #expect(lines.count >= 15)
        for line in lines { expectParses(line) }
    }

    @Test("the command lines of the README are parsed as well")
    func readme() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let lines = Self.commandLines(in: text)
        #expect(lines.count >= 10)
        for line in lines { expectParses(line) }
    }

    @Test("every option of colorize has a word of help")
    func optionsExplained() {
        let help = HeirloomCommand.helpMessage(for: ColorizeCommand.self, columns: 200)
        let options = help.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("  -") }
        #expect(options.count >= 18, "\(help)")
        for option in options {
            let text =
                option.dropFirst(2).components(separatedBy: "  ").last?.trimmingCharacters(in: .whitespaces) ?? ""
            // Long options have their text on the next line, which the split leaves without a dash.
            #expect(!text.isEmpty, "\(option)")
        }
        for title in ["FILM OPTIONS", "DEVICE OPTIONS"] { #expect(help.contains(title)) }
        for option in [
            "--output", "--model", "--render-size", "--strength", "--stabilize", "--device", "--precision", "--codec",
            "--quality", "--overwrite", "--progress", "--limit", "--from",
        ] { #expect(help.contains(option)) }
    }

    private func expectParses(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let arguments = line.split(separator: " ").dropFirst().map(String.init)
        do { _ = try HeirloomCommand.parseAsRoot(arguments) } catch {
            Issue.record("\(line): \(HeirloomCommand.message(for: error))", sourceLocation: sourceLocation)
        }
    }
}
