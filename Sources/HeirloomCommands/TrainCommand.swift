public import ArgumentParser

/// `heirloom train`: models that know your own pictures and voices.
public struct TrainCommand: AsyncParsableCommand {
    /// Name, text and subcommands, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on your own photographs or recordings.",
        discussion: """
            EXAMPLES:
              heirloom train colorize photos/ --out my-colours.safetensors --minutes 60
              heirloom train upscale photos/ --out my-x4.safetensors --minutes 60
              heirloom train clean speech/ noise/ --out my-clean.safetensors --minutes 60
            """,
        subcommands: [TrainColorizeCommand.self, TrainUpscaleCommand.self, TrainCleanCommand.self])

    /// Creates the command.
    public init() {}
}
