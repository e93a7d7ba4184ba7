extension StillWriter {
    /// Refuses what writing would refuse about a name, without making anything: before a model is loaded.
    ///
    /// - Throws: `unsupported`, `sameFile`, `isDirectory`, `exists`, `notWritable`.
    public static func check(path: String, inputs: [String], overwrite: Bool) throws(MediaError) {
        let operation = "write the picture"
        guard StillFormat(path: path) != nil else {
            throw MediaError(
                .unsupported, operation, path: path, reason: "the ending of its name is no picture format's",
                advice: "end it in .jpg, .png, .tif or .webp")
        }
        try FileChecks.requireWritable(path, operation: operation, inputs: inputs, overwrite: overwrite)
    }
}
