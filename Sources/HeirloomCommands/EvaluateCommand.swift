public import ArgumentParser

/// `heirloom evaluate`: figures that can be compared with those of papers.
public struct EvaluateCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a model on pictures whose truth is known.",
        discussion: """
            EXAMPLE:
              heirloom evaluate upscale --hr Set5/HR --lr Set5/LR --model bicubic
            """,
        subcommands: [EvaluateUpscaleCommand.self])

    /// Creates the command.
    public init() {}
}
