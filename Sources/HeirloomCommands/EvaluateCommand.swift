public import ArgumentParser

/// `heirloom evaluate`: figures that can be compared with those of papers.
public struct EvaluateCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure results on pictures and sound whose truth is known.",
        discussion: """
            EXAMPLES:
              heirloom evaluate colorize photos/ --model heirloom-color
              heirloom evaluate upscale --hr Set5/HR --lr Set5/LR --model bicubic
              heirloom evaluate clean --reference true.wav --estimate cleaned.wav
            """,
        subcommands: [EvaluateColorizeCommand.self, EvaluateUpscaleCommand.self, EvaluateCleanCommand.self])

    /// Creates the command.
    public init() {}
}
