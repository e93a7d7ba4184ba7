import CVips

/// Reads a still picture strip by strip from top to bottom, in memory for a strip and not for the picture.
///
/// Strips are the rows that ``StillReader`` gives of the same file: upright, in its own colours, with the same notes and
/// errors. What cannot be read so is held whole while the reader lives and must keep ``StillLimits/standard``: WebP,
/// HEIC and AVIF, progressive JPEG, interlaced PNG, and pictures that their orientation tag turns or puts upside down.
/// A reader blocks and belongs to one thread: make it where it is used.
public final class StillStripReader {
    /// Size and kind of the whole picture, upright, and its metadata.
    public let layout: StillLayout
    /// What reading changed or left out so far, a clause each: worth showing to people. Final when ``read(rows:)`` has
    /// returned nil.
    public private(set) var notes: [String]

    private let decoder: StillDecoder
    private let opened: Opened
    private var row = 0
    private var failure: MediaError?

    /// A picture that is being read, and the file that it is read from.
    private final class Opened {
        private let source: UnsafeMutablePointer<VipsSource>
        let picture: StillDecoder.Upright

        init(path: String, _ decoder: StillDecoder, whole: StillLimits) throws {
            guard let source = vips_source_new_from_file(path) else { throw Vips.Failure() }
            do {
                picture = try decoder.upright(source, whole: whole)
            } catch {
                g_object_unref(source)
                throw error
            }
            self.source = source
        }

        deinit { g_object_unref(source) }
    }

    /// Opens a picture and reads its header; turns it where its orientation tag asks for that.
    ///
    /// - Throws: `notFound`, `isDirectory`, `empty`, `unreadable`, `noPicture` for other kinds of files, `corrupt`;
    ///   `tooLarge` beyond the limits, `unsupported` for samples that are neither 8 nor 16 bit.
    public convenience init(path: String, limits: StillLimits = .strips) throws(MediaError) {
        try self.init(path: path, limits: limits, wholeLimit: .standard)
    }

    /// - Parameter wholeLimit: for pictures that have to be held whole.
    init(path: String, limits: StillLimits = .strips, wholeLimit: StillLimits) throws(MediaError) {
        let decoder = try StillDecoder(.file(path), limits: limits, operation: "read the picture")
        self.decoder = decoder
        let (opened, warnings) = try Vips.perform(failure: decoder.failure) {
            try Opened(path: path, decoder, whole: wholeLimit)
        }
        self.opened = opened
        layout = opened.picture.layout
        notes = opened.picture.notes
        add(warnings)
    }

    /// The next rows as a picture of their own, with the layout's metadata; fewer at the end, nil behind it.
    ///
    /// - Throws: `corrupt` where the file turns out cut off or damaged, as often as it is called then.
    /// - Precondition: `rows` is positive.
    public func read(rows: Int) throws(MediaError) -> StillImage? {
        precondition(rows > 0, "a strip has at least one row, not \(rows)")
        if let failure { throw failure }
        let count = min(rows, layout.height - row)
        guard count > 0 else { return nil }
        do throws(MediaError) {
            let (pixels, warnings) = try Vips.performOnce(failure: decoder.failure) {
                try opened.picture.samples.rows(row..<row + count)
            }
            add(warnings)
            row += count
            return StillImage(
                width: layout.width, height: count, channels: layout.channels, depth: layout.depth, pixels: pixels,
                metadata: layout.metadata, format: layout.format)
        } catch {
            failure = error
            throw error
        }
    }

    private func add(_ warnings: [String]) {
        for warning in warnings.map({ "libvips says: \($0)" }) where !notes.contains(warning) { notes.append(warning) }
    }
}
