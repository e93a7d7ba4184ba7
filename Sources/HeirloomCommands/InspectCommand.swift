public import ArgumentParser
import Foundation
import HeirloomIntake
import HeirloomMedia
import HeirloomModels
import HeirloomRecipes

/// `heirloom inspect`: a model's worst and best examples.
public struct InspectCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Look at a model's mistakes: its worst and its best examples on one sheet.",
        discussion: """
            Colours the grey version of every photograph, or enlarges a reduced one, and ranks the results: colours by \
            their distance from the true ones, enlargements by their PSNR. The sheet shows on the left the worst (red), \
            on the right the best (green), each as input, output and truth. What the worst have in common is what to \
            add to the training pictures. The names and scores are printed, the worst first.

            EXAMPLES:
              heirloom inspect heirloom-color photos/ -o mistakes.jpg
              heirloom inspect mine.safetensors held-out.pack -o mistakes.jpg --count 12
              heirloom inspect realesr-animevideov3-x4 photos/ -o mistakes.png --limit 20
            """)

    @Argument(help: ArgumentHelp("A model's name (heirloom models) or a weights file.", valueName: "model"))
    var model: String

    @Argument(
        help: ArgumentHelp(
            "Folders and files of photographs that took no part in training, or one packed store.",
            valueName: "photos"))
    var photos: [String]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The sheet (.jpg, .png).", valueName: "picture"), completion: .file())
    var output: String

    @Option(help: ArgumentHelp("So many of the worst, and so many of the best.", valueName: "count"))
    var count = 8

    @Option(help: ArgumentHelp("Short side in pixels at which photographs are taken.", valueName: "pixels"))
    var size = 256

    @Option(help: ArgumentHelp("At most so many photographs, spread evenly over all.", valueName: "count"))
    var limit: Int?

    @Flag(help: "Print the whole ranking as JSON, for programs.")
    var json = false

    @Flag(help: "Replace a sheet that exists already.")
    var overwrite = false

    @OptionGroup var progress: ProgressArguments
    @OptionGroup(title: "Device options") var device: TrainingDeviceArguments

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        try PictureStore.check(photos)
        guard (1...100).contains(count) else { throw ValidationError("--count \(count) is outside 1...100.") }
        guard (64...1024).contains(size) else { throw ValidationError("--size \(size) is outside 64...1024.") }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        try SheetTarget.check(output, option: "--output", overwrite: overwrite)
    }

    /// Ranks, prints, draws.
    public func run() async throws {
        let place = try device.place()
        let inspector = try Inspector(
            try Pretrained.standard().restorationNetwork(model), name: model, device: place.device)
        let interruption = InterruptionFlag("stopping")
        let store = try await PictureStore.of(
            photos,
            options: IntakeOptions(
                shortSide: size, smallestSide: max(64, min(size, inspector.smallestSide)),
                leavesOutGrey: inspector.colors),
            progress: progress.progress, interruption: interruption)
        let inspection = try await Counted.showing("looking", progress.progress, interruption: interruption) {
            try inspector.run(onStoreAt: store.path, limit: limit, count: count, progress: $0)
        }
        try SheetTarget.write(try Self.sheet(of: inspection), to: output, overwrite: overwrite)
        guard json else {
            print("\(inspection.ranking.count) pictures by \(inspection.measure)")
            for (title, examples) in [("worst", inspection.worst), ("best", inspection.best)] {
                for example in examples { print("\(title)\t\(example.name)\t\(example.text)") }
            }
            return
        }
        print(try JSONText.of(inspection.ranking))
    }

    /// A row for the n-th worst and the n-th best: input, output, truth of each.
    static func sheet(
        of inspection: Inspection, layout: ContactSheet = ContactSheet(cellWidth: 256, cellHeight: 192)
    ) throws -> StillImage {
        func tiles(_ examples: [Inspection.Example], _ row: Int, _ title: String, _ frame: SIMD3<UInt8>)
            -> [ContactSheet.Tile]
        {
            guard row < examples.count else { return [] }
            let example = examples[row]
            let file = example.name.split(separator: "/").last.map(String.init) ?? example.name
            return [
                .init(ContactSheet.picture(rgb: example.input), caption: [file, "\(title) \(row + 1)"]),
                .init(ContactSheet.picture(rgb: example.output), caption: example.caption, frame: frame),
                .init(ContactSheet.picture(rgb: example.truth), caption: ["truth"]),
            ]
        }
        let rows = (0..<max(inspection.worst.count, inspection.best.count)).map { row in
            tiles(inspection.worst, row, "worst", SIMD3(214, 64, 46))
                + tiles(inspection.best, row, "best", SIMD3(76, 175, 80))
        }
        return try layout.tiles(rows)
    }
}
