import CVips
import Foundation

/// The encoder's side of a picture that is written in strips, on a thread of its own.
///
/// `@unchecked Sendable`: the thread alone writes `outcome`, before the feed's end, and others read it behind that.
final class StripSaver: @unchecked Sendable {
    private let encoder: StillEncoder
    private let layout: StillLayout
    private let feed: StripFeed
    private let output: StillOutput
    private var outcome: Result<[String], MediaError>?

    /// - Parameter layout: of what the feed holds.
    init(encoder: StillEncoder, layout: StillLayout, feed: StripFeed, output: StillOutput) {
        self.encoder = encoder
        self.layout = layout
        self.feed = feed
        self.output = output
    }

    func start() {
        let thread = Thread { [self] in
            do throws(MediaError) {
                outcome = .success(try save())
            } catch {
                outcome = .failure(error)
            }
            vips_thread_shutdown()
            feed.end()
        }
        thread.name = "still encoder"
        thread.stackSize = 4 << 20  // as libvips' own threads may have
        thread.start()
    }

    /// What the encoder says; after the feed's end.
    ///
    /// - Throws: why it failed.
    func result() throws(MediaError) -> [String] {
        guard let outcome else { preconditionFailure("the encoder has not ended") }
        return try outcome.get()
    }

    /// Why the encoder ended before the rows did; after the feed's end.
    var failure: MediaError {
        if case .failure(let error) = outcome { return error }
        preconditionFailure("the encoder of '\(encoder.name)' ended well before the last row")
    }

    private func save() throws(MediaError) -> [String] {
        // libvips knows only that a call failed; the file knows why.
        let (_, warnings) = try Vips.performBeside(
            reason: { output.failure ?? (feed.isCancelled ? encoder.failure("it was given up") : nil) },
            failure: encoder.failure, run)
        var notes = warnings.map { "libvips says: \($0)" } + encoder.remakingNotes(layout.metadata)
        if encoder.format == .tiff, let exif = layout.metadata.exif, !addTags(exif) {
            notes.append(StillEncoder.unreadableEXIF)
        }
        try output.finish()
        return notes
    }

    private func run() throws {
        let rows = UnsafeMutablePointer<HeirloomVipsRows>.allocate(capacity: 1)
        rows.initialize(
            to: HeirloomVipsRows(context: Unmanaged.passUnretained(feed).toOpaque()) {
                context, top, height, first, stride in
                let feed = Unmanaged<StripFeed>.fromOpaque(context).takeUnretainedValue()
                let range = Int(top)..<Int(top) + Int(height)
                return feed.take(rows: range, into: first, stride: Int(stride)) ? 0 : -1
            })
        defer { rows.deallocate() }
        let sink = UnsafeMutablePointer<HeirloomVipsSink>.allocate(capacity: 1)
        sink.initialize(to: Self.sink(output))
        defer { sink.deallocate() }
        let resolution = layout.vipsResolution
        let picture = try Vips.make {
            heirloom_vips_pull(
                rows, Int32(layout.width), Int32(layout.height), Int32(layout.channels.count), layout.vipsFormat,
                layout.vipsSpace, resolution.horizontal, resolution.vertical, $0)
        }
        encoder.describe(picture, layout.metadata)
        guard let target = heirloom_vips_target(sink) else { throw Vips.Failure() }
        defer { g_object_unref(target) }
        // Compressed it may be smaller, but nobody knows beforehand.
        try encoder.save(picture, to: target, isBig: layout.bytesPerRow * layout.height > 4_000_000_000)
    }

    private func addTags(_ exif: [UInt8]) -> Bool {
        guard let source = output.tags, let edit = TIFFTags.adding(exif, to: source, length: output.byteCount) else {
            return false
        }
        for (bytes, place) in [(edit.directory, edit.place), (edit.pointer, edit.pointerPlace)] {
            guard output.seek(Int64(place), SEEK_SET) == place else { return false }
            bytes.withUnsafeBytes { _ = output.write($0) }
        }
        return true
    }

    private static func sink(_ output: StillOutput) -> HeirloomVipsSink {
        return HeirloomVipsSink(
            context: Unmanaged.passUnretained(output).toOpaque(),
            write: { context, bytes, count in
                let output = Unmanaged<StillOutput>.fromOpaque(context).takeUnretainedValue()
                return output.write(UnsafeRawBufferPointer(start: bytes, count: Int(count))) ? count : -1
            },
            read: { context, bytes, count in
                let output = Unmanaged<StillOutput>.fromOpaque(context).takeUnretainedValue()
                return gint64(output.read(UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))))
            },
            seek: { context, offset, whence in
                let output = Unmanaged<StillOutput>.fromOpaque(context).takeUnretainedValue()
                return gint64(output.seek(Int64(offset), whence))
            })
    }
}
