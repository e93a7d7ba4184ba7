import Foundation

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
        guard let format = StillFormat(path: path) else {
            throw MediaError(
                .unsupported, operation, path: path, reason: "the ending of its name is no picture format's",
                advice: "end it in one of ." + StillFormat.allFileExtensions.joined(separator: ", ."))
        }
        let encoder = StillEncoder(format: format, options: options, name: path, operation: operation)
        let (bytes, notes) = try encoder.encode(image)
        try store(bytes, at: file.path, for: path, operation: operation)
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

    private static func store(
        _ bytes: [UInt8], at path: String, for target: String, operation: String
    ) throws(MediaError) {
        func failure(_ number: Int32) -> MediaError {
            if number == ENOSPC || number == EDQUOT {
                return MediaError(
                    .diskFull, operation, path: target, reason: "the disk is full",
                    advice: "free some space or write to another disk")
            }
            return MediaError(
                .writeFailed, operation, path: target, reason: FileChecks.describe(errno: number),
                advice: "check the disk and the folder's permissions")
        }
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw failure(errno) }
        var number: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count && number == 0 {
                let part = Foundation.write(file, buffer.baseAddress! + written, buffer.count - written)
                if part >= 0 { written += part } else if errno != EINTR { number = errno }
            }
        }
        // Some file systems report a full disk only here.
        if close(file) != 0 && number == 0 { number = errno }
        if number != 0 { throw failure(number) }
    }
}
