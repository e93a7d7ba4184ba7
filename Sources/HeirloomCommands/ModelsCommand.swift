public import ArgumentParser
import Foundation
import HeirloomModels

/// `heirloom models`: the weights that are here, their checksums, fetching those that are not, and importing others.
public struct ModelsCommand: ParsableCommand {
    /// Name, text and subcommands, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List, verify, fetch and import models.",
        discussion: """
            EXAMPLES:
              heirloom models
              heirloom models verify
              heirloom models fetch realesrgan-x4plus
              heirloom models import RealESRGAN_x2plus.pth --name x2plus
            """,
        subcommands: [List.self, Verify.self, Fetch.self, Import.self],
        defaultSubcommand: List.self)

    /// Creates the command.
    public init() {}

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the models: what each is for, its licence, whether it is here.")

        @Flag(help: "Print JSON, for programs.")
        var json = false

        func run() throws {
            let pretrained = try Pretrained.standard()
            if json {
                return print(try JSONText.of(pretrained.models))
            }
            for model in pretrained.models {
                let bytes = model.files.reduce(0) { $0 + $1.bytes }
                print("\(model.name)  (\(model.task), \(megabytes(bytes)), \(Self.state(of: model, in: pretrained)))")
                print("    \(model.summary)")
                print("    from \(model.origin); trained on \(model.trainedOn)")
                print("    licence: \(model.licence)")
            }
            for model in pretrained.imported {
                let attributes = try? FileManager.default.attributesOfItem(atPath: model.path)
                let size = megabytes((attributes?[.size] as? NSNumber)?.intValue ?? 0)
                print("\(model.name)  (\(model.header?.task ?? "unreadable"), \(size), imported)")
                if let header = model.header {
                    print("    \(header.architecture) \(header.configuration)")
                    print("    licence: \(header.licence)")
                }
            }
        }

        private func megabytes(_ bytes: Int) -> String { "\(String(format: "%.1f", Double(bytes) / 1e6)) MB" }

        private static func state(of model: Pretrained.Model, in pretrained: Pretrained) -> String {
            let states = model.files.map { pretrained.status(of: $0) }
            if states.contains(.damaged) { return "damaged" }
            if states.contains(.missing) { return model.onRequest == true ? "fetched when named" : "not fetched" }
            return states.contains(.unconverted) ? "here, converted at the first use" : "here"
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Compare the files of models with their checksums.")

        @Argument(help: "Models; all that are here when none is named.")
        var names: [String] = []

        func run() throws {
            let pretrained = try Pretrained.standard()
            var failed = false
            func check(_ name: String, _ body: () throws -> Void) {
                do {
                    try body()
                    print("\(name): right")
                } catch {
                    failed = true
                    StandardError.write("heirloom: \(error)\n")
                }
            }
            for imported in pretrained.imported where names.isEmpty || names.contains(imported.name) {
                check(imported.name) { try ModelFile(path: imported.path).verify() }
            }
            let others = names.filter { name in !pretrained.imported.contains { $0.name == name } }
            guard names.isEmpty || !others.isEmpty else {
                if failed { throw ExitCode(1) }
                return
            }
            for model in names.isEmpty ? pretrained.models : try others.map({ try pretrained.model(named: $0) }) {
                let isAbsent = model.files.allSatisfy { pretrained.status(of: $0) == .missing && !$0.comesWithHeirloom }
                if names.isEmpty, isAbsent {
                    print("\(model.name): not fetched")
                } else {
                    check(model.name) { try pretrained.verify(model) }
                }
            }
            if failed { throw ExitCode(1) }
        }
    }

    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Download models that are not here, and check them.",
            discussion: "A download that was cut off goes on where it stopped; nothing unchecked gets a model's name.")

        @Argument(help: "Models; all but those that are fetched only when named, when none is.")
        var names: [String] = []

        func run() throws {
            let pretrained = try Pretrained.standard()
            let models =
                names.isEmpty
                ? pretrained.models.filter { $0.onRequest != true }
                : try names.map { try pretrained.model(named: $0) }
            for model in models {
                try pretrained.fetch(model) { StandardError.write($0 + "\n") }
                print("\(model.name): here")
            }
        }
    }
}
