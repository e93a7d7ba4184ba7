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
              heirloom-engine train photos.pack --out colour.safetensors --encoder lite0.pth --minutes 70
              heirloom-engine check device --device cuda
            """,
        version: "0.1.0",
        subcommands: [
            TrainCommand.self, BenchCommand.self, CheckCommand.self, EvaluateCommand.self, FuzzCommand.self,
        ])
}
