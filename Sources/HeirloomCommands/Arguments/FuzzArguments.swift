import ArgumentParser

/// Which damaged files are made, and how long each may take to read.
struct FuzzArguments: ParsableArguments {
    @Option(help: "Files to damage.")
    var count = 10_000

    @Option(help: "Seed of the first file; the others follow.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Time limit of a file, in seconds.", valueName: "seconds"))
    var limit = 20.0

    @Option(help: ArgumentHelp("Only write the damaged files into this folder.", valueName: "folder"))
    var keep: String?

    func validate() throws {
        guard count > 0, seed <= .max - UInt64(count) else {
            throw ValidationError("There is no such number of files.")
        }
        guard limit > 0 else { throw ValidationError("A time limit is more than 0 seconds.") }
    }

    /// The seeds of the files.
    var seeds: Range<UInt64> { seed..<seed + UInt64(count) }
}
