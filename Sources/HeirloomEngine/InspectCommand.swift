import ArgumentParser
import Foundation
import HeirloomModels
import HeirloomRecipes

/// Shows a model's worst and best examples.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Draw a model's worst and best examples on a packed store as a PNG sheet.",
        discussion: """
            A row holds the n-th worst on the left and the n-th best on the right, of each the input, the output and the \
            truth. The names and scores are printed, the worst first.

            Examples:
              heirloom-engine inspect colour.safetensors held-out.pack -o mistakes.png
              heirloom-engine inspect realesr-animevideov3-x4 held-out.pack -o mistakes.png --count 4 --limit 30
            """)

    @Argument(help: "The model: a name or a file.")
    var model: String

    @Argument(help: "The packed store.")
    var store: String

    @Option(name: .shortAndLong, help: "The sheet, a PNG file.")
    var output: String

    @Option(help: ArgumentHelp("So many of the worst, and so many of the best.", valueName: "count"))
    var count = 8

    @Option(help: ArgumentHelp("At most so many pictures, spread evenly over all.", valueName: "count"))
    var limit: Int?

    @Flag(help: "Replace a sheet that exists already.")
    var overwrite = false

    @OptionGroup var device: DeviceArguments

    func validate() throws {
        guard (1...100).contains(count) else { throw ValidationError("--count \(count) is outside 1...100.") }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        guard output.hasSuffix(".png") else { throw ValidationError("--output \(output): end its name in .png.") }
        guard overwrite || !FileManager.default.fileExists(atPath: output) else {
            throw ValidationError("\(output) exists; give --overwrite to replace it.")
        }
    }

    func run() throws {
        let selected = try device.selected()
        // A file needs no manifest.
        let network =
            FileManager.default.fileExists(atPath: model)
            ? try ForeignWeights.load(model) : try Pretrained.standard().restorationNetwork(model)
        let inspection = try Inspector(network, name: model, device: selected)
            .run(onStoreAt: store, limit: limit, count: count)
        try inspection.writeSheet(to: output)
        print("\(inspection.ranking.count) pictures by \(inspection.measure)")
        for (title, examples) in [("worst", inspection.worst), ("best", inspection.best)] {
            for example in examples { print("\(title)\t\(example.name)\t\(example.text)") }
        }
    }
}
