import ArgumentParser
import HeirloomTensors

/// The program that needs no media library: it trains, measures and checks on a bare machine with libtorch.
@main
struct Engine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heirloom-engine",
        abstract: "Train, measure and check Heirloom's networks on packed pictures.",
        discussion: """
            Examples:
              heirloom-engine data photos.pack
              heirloom-engine train photos.pack --out colour.safetensors --minutes 70
              heirloom-engine inspect colour.safetensors held-out.pack -o mistakes.png
              heirloom-engine check device --device cuda
            """,
        version: "0.1.0",
        subcommands: [
            DataCommand.self, TrainCommand.self, TrainUpscaleCommand.self, TrainCleanCommand.self,
            FindRateCommand.self, EvaluateCommand.self, InspectCommand.self, BenchCommand.self, CheckCommand.self,
            FuzzCommand.self,
        ])
}
