extension StillWriter {
    /// Refuses what writing would refuse about a name, without making anything: before a model is loaded.
    ///
    /// - Parameter size: of the picture that will be written; nil where it is not known yet.
    /// - Throws: `unsupported`, also for sides beyond the format; `sameFile`, `isDirectory`, `exists`, `notWritable`.
    public static func check(
        path: String, inputs: [String], overwrite: Bool, size: (width: Int, height: Int)? = nil
    ) throws(MediaError) {
        let operation = "write the picture"
        let format = try StillFormat.toWrite(path, operation: operation)
        try FileChecks.requireWritable(path, operation: operation, inputs: inputs, overwrite: overwrite)
        if let size {
            try StillEncoder(format: format, options: StillWriteOptions(), name: path, operation: operation)
                .requireSides(width: size.width, height: size.height)
        }
    }
}
