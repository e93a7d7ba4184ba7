public import ArgumentParser

/// `heirloom train`: models that know your own pictures.
public struct TrainCommand: AsyncParsableCommand {
    /// Name, text and subcommands, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on your own photographs.",
        discussion: """
            EXAMPLE:
              heirloom train colorize photos/ --out my-colours.safetensors --minutes 60
            """,
        subcommands: [TrainColorizeCommand.self])

    /// Creates the command.
    public init() {}
}
