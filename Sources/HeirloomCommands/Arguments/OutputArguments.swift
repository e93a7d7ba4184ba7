import ArgumentParser

/// Where results go and how progress is shown.
struct OutputArguments: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The result: a file, or a folder (existing, or ending in /) where it keeps its name.", valueName: "path"))
    var output: String

    @Flag(help: "Replace a result that exists already.")
    var overwrite = false

    @OptionGroup var progress: ProgressArguments
}

/// How progress is shown.
struct ProgressArguments: ParsableArguments {
    @Option(help: ArgumentHelp("How to show progress; a bar on a terminal, plain lines elsewhere.", valueName: "style"))
    var progress: ProgressStyle = .automatic
}
