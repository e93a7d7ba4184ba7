import ArgumentParser
import Foundation
import HeirloomDatasets
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors

/// Measures models on pictures that they were not trained on.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure a model on a packed store.", subcommands: [Color.self])

    /// The figures of a colour network.
    struct Color: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "color",
            abstract: "Measure a colour network: colourfulness, chroma error, recognition.",
            discussion: """
                Examples:
                  heirloom-engine evaluate color val.pack --model colour.safetensors --classifier lite1.pth
                  heirloom-engine evaluate color val.pack --model colour.safetensors --limit 20 --json
                """)

        @Argument(help: "The packed store.")
        var store: String

        @Option(help: "The colour network.")
        var model: String

        @Option(help: "EfficientNet-Lite1 with ImageNet weights, for recognition figures.")
        var classifier: String?

        @Option(help: ArgumentHelp("Measure the first pictures only.", valueName: "count"))
        var limit: Int?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var device: DeviceArguments

        func run() throws {
            let selected = try device.selected()
            let store = try PackedStore(contentsOf: store)
            let network = try ModelFile(path: model).load(ColorUNet.self).preparedForInference(device: selected)
            let judge = try classifier.map { try EfficientNetLite.published(variant: 1, contentsOf: $0) }
            let pictures = Array(0..<min(store.count, max(1, limit ?? store.count)))
            let figures = ColorEvaluation(classifier: judge, device: selected)
                .figures(of: network, on: store, pictures: pictures)
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
                print(String(decoding: try encoder.encode(figures), as: UTF8.self))
            } else {
                print("\(figures.pictures) pictures: \(TrainingText.figures(figures))")
            }
        }
    }
}
