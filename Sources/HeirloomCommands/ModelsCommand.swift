public import ArgumentParser
import Foundation
import HeirloomModels

/// `heirloom models`: the weights that are here, their checksums, and fetching those that are not.
public struct ModelsCommand: ParsableCommand {
    /// Name, text and subcommands, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List, verify and fetch models.",
        discussion: """
            EXAMPLES:
              heirloom models
              heirloom models verify
              heirloom models fetch efficientnet-lite0
            """,
        subcommands: [List.self, Verify.self, Fetch.self],
        defaultSubcommand: List.self)

    /// Creates the command.
    public init() {}

    /// The models that a list of names means; all of them where none is named.
    private static func models(named names: [String], in pretrained: Pretrained) throws -> [Pretrained.Model] {
        names.isEmpty ? pretrained.models : try names.map { try pretrained.model(named: $0) }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the models: what each is for, its licence, whether it is here.")

        @Flag(help: "Print JSON, for programs.")
        var json = false

        func run() throws {
            let pretrained = try Pretrained.standard()
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                return print(String(decoding: try encoder.encode(pretrained.models), as: UTF8.self))
            }
            for model in pretrained.models {
                let states = model.files.map { pretrained.status(of: $0) }
                let state =
                    states.contains(.damaged) ? "damaged" : states.contains(.missing) ? "not fetched" : "here"
                let bytes = model.files.reduce(0) { $0 + $1.bytes }
                print("\(model.name)  (\(model.task), \(String(format: "%.1f", Double(bytes) / 1e6)) MB, \(state))")
                print("    \(model.summary)")
                print("    from \(model.origin); trained on \(model.trainedOn)")
                print("    licence: \(model.licence)")
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Compare the files of models with their checksums.")

        @Argument(help: "Models; all that are here when none is named.")
        var names: [String] = []

        func run() throws {
            let pretrained = try Pretrained.standard()
            var failed = false
            for model in try ModelsCommand.models(named: names, in: pretrained) {
                if names.isEmpty, model.files.allSatisfy({ pretrained.status(of: $0) == .missing && $0.source != nil })
                {
                    print("\(model.name): not fetched")
                    continue
                }
                do {
                    try pretrained.verify(model)
                    print("\(model.name): right")
                } catch {
                    failed = true
                    StandardError.write("heirloom: \(error)\n")
                }
            }
            if failed { throw ExitCode(1) }
        }
    }

    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Download models that are not here, and check them.")

        @Argument(help: "Models; all when none is named.")
        var names: [String] = []

        func run() throws {
            let pretrained = try Pretrained.standard()
            for model in try ModelsCommand.models(named: names, in: pretrained) {
                try pretrained.fetch(model) { StandardError.write($0 + "\n") }
                print("\(model.name): here")
            }
        }
    }
}
