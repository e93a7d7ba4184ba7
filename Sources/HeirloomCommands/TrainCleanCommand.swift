import ArgumentParser
import Foundation
import HeirloomIntake
import HeirloomModels
import HeirloomRecipes

/// `heirloom train clean`: recordings of speech and of noise → packed stores → a network that cleans speech.
struct TrainCleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Train a network that cleans speech.",
        discussion: """
            Packs clean speech and noise into two files beside the model, leaves out what is clipped, noisy or there \
            twice, and trains: the speech is put into simulated rooms, disturbed by the noise and recorded by simulated \
            cheap microphones, and the network learns to undo that. Subfolders are talkers and kinds of noise. With \
            --from it goes on with a model, and says at the end whether it has become better on recordings that were set \
            aside; when not, it keeps the old one. A checkpoint is written every minute; the same command with --resume \
            goes on after Ctrl-C, a kill or a power cut.

            EXAMPLES:
              heirloom train clean speech/ noise/ --minutes 60
              heirloom train clean speech/ street/ machines/ --out my-clean.safetensors --minutes 90
              heirloom train clean speech/ noise/ --from my-clean.safetensors --out better.safetensors
              heirloom clean interview.wav -o clean.wav --model my-clean.safetensors
            """)

    @Argument(help: ArgumentHelp("A folder of clean speech, or its packed store.", valueName: "speech"))
    var speech: String

    @Argument(help: ArgumentHelp("Folders of noise, or one packed store.", valueName: "noise"))
    var noise: [String]

    @OptionGroup var course: TrainingCourseArguments

    @Option(
        help: ArgumentHelp("The network to begin with: a name (heirloom models) or a file.", valueName: "model"),
        completion: .file())
    var from: String?

    @Option(help: "The network's size, where none is given to begin with: S, M or L (for GPUs).")
    var size = "S"

    @Flag(help: "End with a short game against a critic, which gives more presence.")
    var polish = false

    @OptionGroup var progress: ProgressArguments
    @OptionGroup(title: "Device options") var device: TrainingDeviceArguments

    func validate() throws {
        if noise.isEmpty { throw ValidationError("Name a folder of noise after the folder of speech.") }
        guard SpectralUNetConfiguration(size: size) != nil else {
            throw ValidationError("--size is S, M or L, not \(size).")
        }
        try course.check(target)
    }

    private var target: String { course.target(besides: speech, "-clean") }

    func run() async throws {
        let place = try device.place()
        let interruption = InterruptionFlag("stopping after this step; --resume goes on")
        // A start that cannot be used is told before the packing.
        var recipe = SoundRecipe(network: SpectralUNetConfiguration(size: size) ?? .small)
        let start =
            try from.map { try SoundStart($0, pretrained: .standard()) }
            ?? SoundStart(random: recipe.network, seed: course.seed)
        recipe.network = start.network.configuration
        if from != nil { recipe.easySteps = 0 }
        if polish { recipe.phases += SoundRecipe.polish }
        let data = try SoundData(
            speechPath: try await store([speech], .init(purpose: .speech), "speech", interruption),
            noisePath: try await store(noise, .init(purpose: .noise), "noise", interruption),
            validation: course.validation, seed: course.seed)
        let task = try SoundTask(
            recipe, start: start.network, data: data, device: place.device, precision: place.precision,
            seed: course.seed)
        let options = TrainingOptions(
            length: course.length, output: target, device: place.device, precision: place.precision,
            seed: course.seed, keepsLog: true, comparesWithStart: from != nil, startingWeights: start.origin)
        try course.run(
            task, options, display: TrainingDisplay(progress.progress), interruption: interruption,
            example: "heirloom clean recording.wav -o clean.wav")
    }

    /// The packed store of some recordings, beside the model; made anew unless a run is resumed.
    private func store(
        _ inputs: [String], _ options: SoundIntakeOptions, _ name: String, _ interruption: InterruptionFlag
    ) async throws -> String {
        if inputs.count == 1, inputs[0].hasSuffix(".store") { return inputs[0] }
        let path = "\(target).\(name).store"
        if course.resume && FileManager.default.fileExists(atPath: path) { return path }
        let meter = PackingMeter("reading \(name)")
        let report = try await ProgressDisplay.showing(
            progress.progress, state: { meter.state },
            {
                try await SoundPacker(inputs, options: options).run(
                    to: path, overwrite: true, shouldStop: { interruption.isRequested },
                    progress: { meter.set($0, of: $1) })
            })
        StandardError.write(report.lines(for: options.purpose).joined(separator: "\n") + "\n")
        return path
    }
}
