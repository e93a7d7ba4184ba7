/// Writes still pictures: JPEG, PNG, TIFF, WebP, and HEIC and AVIF where libvips knows them.
///
/// A file is written beside its target and renamed when it is whole. EXIF, profile, XMP, IPTC and resolution go along
/// as they came; what a format cannot hold is said in the notes. Every function blocks, and may be called from several
/// threads at once.
public enum StillWriter {
    /// Writes a picture in the format that the ending of the name says.
    ///
    /// - Parameters:
    ///   - inputs: files that the target must not be, even when overwriting.
    ///   - overwrite: whether a file that is there already may be replaced.
    /// - Returns: what the format could not hold, a clause each: worth showing to people.
    /// - Throws: `unsupported` for an unknown ending or a size beyond the format, `exists`, `sameFile`, `isDirectory`,
    ///   `notWritable`, `diskFull`, `writeFailed`. Nothing is left under the target's name then.
    public static func write(
        _ image: StillImage, to path: String, options: StillWriteOptions = StillWriteOptions(),
        inputs: [String] = [], overwrite: Bool = false
    ) throws(MediaError) -> [String] {
        let operation = "write the picture"
        var file = try PartialFile(target: path, operation: operation, inputs: inputs, overwrite: overwrite)
        let format = try StillFormat.toWrite(path, operation: operation)
        let encoder = StillEncoder(format: format, options: options, name: path, operation: operation)
        let (bytes, notes) = try encoder.encode(image)
        let output = try StillOutput(path: file.path, target: path, operation: operation)
        bytes.withUnsafeBytes { _ = output.write($0) }
        try output.finish()
        try file.commit()
        return notes
    }

    /// Encodes a picture in memory.
    ///
    /// - Returns: the file's bytes, and what the format could not hold.
    /// - Throws: `unsupported` for a size beyond the format, `writeFailed`.
    public static func encode(
        _ image: StillImage, as format: StillFormat, options: StillWriteOptions = StillWriteOptions()
    ) throws(MediaError) -> (bytes: [UInt8], notes: [String]) {
        try StillEncoder(format: format, options: options, name: "in memory", operation: "encode the picture")
            .encode(image)
    }
}
