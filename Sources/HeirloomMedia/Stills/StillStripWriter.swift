import CVips
import Foundation

/// Writes a still picture strip by strip, in memory for a few strips and not for the picture.
///
/// The file is the one that ``StillWriter`` writes of the same picture, byte for byte, and appears under its name only
/// in ``finish()``. The encoder asks for rows, so it runs on a thread of its own; everything here blocks, and a writer
/// belongs to one thread. WebP, HEIC and AVIF encoders keep the whole picture, whose sides these formats limit. TIFF
/// files of pictures beyond 4 GB are BigTIFF, which old programs cannot open. Dropping a writer that was not finished
/// removes what it wrote.
public final class StillStripWriter {
    private static let operation = "write the picture"

    /// What the strips have in common.
    public let layout: StillLayout
    private let fitting: StillFitting
    private let feed: StripFeed
    private let saver: StripSaver
    private var file: PartialFile
    private var rows = 0
    private var hasEnded = false

    /// Checks the target and begins a hidden file beside it.
    ///
    /// - Parameters:
    ///   - path: the target; its ending chooses the format.
    ///   - layout: the size and kind of the whole picture, and its metadata.
    ///   - inputs: files that the target must not be, even when overwriting.
    ///   - overwrite: whether a file that is there already may be replaced.
    /// - Throws: `unsupported` for an unknown ending or sides beyond the format, `exists`, `sameFile`, `isDirectory`,
    ///   `notWritable`, `diskFull`, `writeFailed`.
    public init(
        path: String, layout: StillLayout, options: StillWriteOptions = StillWriteOptions(), inputs: [String] = [],
        overwrite: Bool = false
    ) throws(MediaError) {
        let operation = Self.operation
        let file = try PartialFile(target: path, operation: operation, inputs: inputs, overwrite: overwrite)
        let format = try StillFormat.toWrite(path, operation: operation)
        let encoder = StillEncoder(format: format, options: options, name: path, operation: operation)
        try encoder.requireSides(width: layout.width, height: layout.height)
        self.layout = layout
        fitting = StillFitting(layout, format: format)
        feed = StripFeed(bytesPerRow: fitting.layout.bytesPerRow)
        saver = StripSaver(
            encoder: encoder, layout: fitting.layout, feed: feed,
            output: try StillOutput(
                path: file.path, target: path, operation: operation,
                editing: encoder.editing(fitting.layout.metadata)))
        self.file = file
        saver.start()
    }

    deinit {
        feed.cancel()
        feed.waitForEnd()
    }

    /// Takes the next rows; waits while the encoder is behind.
    ///
    /// - Parameter strip: as wide as the picture, of its channels and depth; its metadata is not looked at, except
    ///   that the layout's profile is applied where the format cannot hold it.
    /// - Throws: `diskFull`, `writeFailed`; nothing can be written afterwards.
    /// - Precondition: the strip fits the layout and the rows that are left, and the writer is neither finished nor
    ///   failed.
    public func write(_ strip: StillImage) throws(MediaError) {
        precondition(!hasEnded, "the writer of '\(file.target)' is finished or has failed")
        precondition(
            strip.width == layout.width && strip.channels == layout.channels && strip.depth == layout.depth
                && rows + strip.height <= layout.height,
            "\(strip.height) rows of \(strip.width) \(strip.channels) pixels at \(strip.depth.rawValue) bit do not fit "
                + "row \(rows) of \(layout.width) × \(layout.height) \(layout.channels) at \(layout.depth.rawValue) bit"
        )
        rows += strip.height
        let fitted: StillImage
        do throws(MediaError) {
            fitted = try fitting(strip.with(metadata: layout.metadata))
        } catch {
            hasEnded = true
            throw error
        }
        if !feed.put(fitted.pixels) {
            hasEnded = true
            throw saver.failure
        }
    }

    /// Waits for the encoder, flushes the file to disk and gives it its name.
    ///
    /// - Returns: what the format could not hold, a clause each: worth showing to people.
    /// - Throws: `diskFull`, `writeFailed`; `exists` where a file of that name has appeared meanwhile.
    /// - Precondition: all rows were written, and the writer is neither finished nor failed.
    public func finish() throws(MediaError) -> [String] {
        precondition(!hasEnded, "the writer of '\(file.target)' is finished or has failed")
        precondition(rows == layout.height, "\(rows) of \(layout.height) rows were written to '\(file.target)'")
        hasEnded = true
        feed.waitForEnd()
        let notes = try saver.result()
        try file.commit()
        return fitting.notes + notes
    }
}
