import CVips

/// From pixels to a file's bytes, saying what the format could not hold.
struct StillEncoder {
    let format: StillFormat
    let options: StillWriteOptions
    /// The file, for errors.
    let name: String
    /// A verb phrase that follows "Cannot".
    let operation: String

    /// Encodes `image`; blocks.
    func encode(_ image: StillImage) throws(MediaError) -> (bytes: [UInt8], notes: [String]) {
        let layout = StillLayout(image)
        try requireSides(width: image.width, height: image.height)
        let fitting = StillFitting(layout, format: format)
        let fitted = try fitting(image)
        let (bytes, warnings) = try Vips.perform(failure: failure) {
            try fitted.withVips { picture in
                describe(picture, fitting.layout.metadata)
                guard let target = vips_target_new_to_memory() else { throw Vips.Failure() }
                defer { g_object_unref(target) }
                try save(picture, to: target)
                guard let written = heirloom_vips_written(target) else { throw Vips.Failure() }
                defer { vips_area_unref(written) }
                return [UInt8](UnsafeRawBufferPointer(start: written.pointee.data, count: written.pointee.length))
            }
        }
        var notes = fitting.notes + warnings.map { "libvips says: \($0)" }
        return (finished(bytes, with: fitting.layout.metadata, notes: &notes), notes)
    }

    /// Refuses sides that the format cannot say.
    func requireSides(width: Int, height: Int) throws(MediaError) {
        guard max(width, height) > format.maximumSide else { return }
        throw MediaError(
            .unsupported, operation, path: name,
            reason: "\(format.name) holds at most \(format.maximumSide) pixels a side, the picture is "
                + "\(width) × \(height)",
            advice: "write it as PNG or TIFF")
    }

    /// Attaches the metadata that libvips writes.
    func describe(_ picture: borrowing VipsPicture, _ metadata: StillMetadata) {
        if let profile = metadata.profile { picture.set(VIPS_META_ICC_NAME, to: profile) }
        if let xmp = metadata.xmp { picture.set(VIPS_META_XMP_NAME, to: xmp) }
        if let iptc = metadata.iptc { picture.set(VIPS_META_IPTC_NAME, to: iptc.bytes) }
        // TIFF and PNG get theirs afterwards; libvips would put another behind the pixels of a PNG file.
        if let exif = metadata.exif, format != .tiff, format != .png {
            picture.set(VIPS_META_EXIF_NAME, to: EXIFBlock.prefix + exif)
        }
    }

    /// Computes the picture row by row and hands its file to `target`.
    ///
    /// - Parameter isBig: whether a TIFF file may exceed 4 GB.
    func save(
        _ picture: borrowing VipsPicture, to target: UnsafeMutablePointer<VipsTarget>, isBig: Bool = false
    ) throws {
        let quality = Int32(options.quality)
        let isFull: Int32 = options.quality >= 90 ? 1 : 0
        let isLossless: Int32 = options.isLossless ? 1 : 0
        // Beyond 33 million pixels memory is worth more than a tenth of the file.
        let isOptimized: Int32 = picture.width * picture.height <= 1 << 25 ? 1 : 0
        let pointer = picture.pointer
        let code =
            switch format {
            case .jpeg: heirloom_vips_save_jpeg(pointer, target, quality, isFull, isOptimized)
            case .png: heirloom_vips_save_png(pointer, target, 6)
            case .tiff: heirloom_vips_save_tiff(pointer, target, isBig ? 1 : 0)
            case .webp: heirloom_vips_save_webp(pointer, target, quality, isLossless)
            case .heic: heirloom_vips_save_heif(pointer, target, 0, quality, 0, isFull)
            case .avif: heirloom_vips_save_heif(pointer, target, 1, quality, isLossless, isFull)
            }
        try Vips.check(code)
    }

    /// What ``finished(_:with:notes:)`` does, as the bytes come; TIFF's tags are added behind them.
    func editing(_ metadata: StillMetadata) -> StillOutput.Editing {
        let exif = metadata.exif
        switch format {
        case .jpeg:
            return .head(length: JPEGSegments.headLength) {
                JPEGSegments.replacingHead(of: $0, exif: exif, resolution: metadata.resolution)
            }
        case .png: return .head(length: PNGChunks.headLength) { PNGChunks.replacingEXIF(inHead: $0, with: exif) }
        case .webp: return .whole { WebPChunks.replacingEXIF(in: $0, with: exif) }
        case .tiff, .heic, .avif: return .none
        }
    }

    /// The file with exactly this EXIF block: libvips writes one of its own making.
    private func finished(_ bytes: [UInt8], with metadata: StillMetadata, notes: inout [String]) -> [UInt8] {
        let exif = metadata.exif
        switch format {
        case .jpeg: return JPEGSegments.replacingHead(of: bytes, exif: exif, resolution: metadata.resolution)
        case .png: return PNGChunks.replacingEXIF(in: bytes, with: exif)
        case .webp: return WebPChunks.replacingEXIF(in: bytes, with: exif)
        case .tiff:
            guard let exif else { return bytes }
            if let complete = TIFFTags.adding(exif, to: bytes) { return complete }
            notes.append(Self.unreadableEXIF)
            return bytes
        case .heic, .avif:
            notes += remakingNotes(metadata)
            return bytes
        }
    }

    /// What is said where an EXIF block has no tags that could be copied.
    static let unreadableEXIF = "the EXIF block cannot be read: left out"

    /// What is said of formats whose EXIF block libvips makes itself.
    func remakingNotes(_ metadata: StillMetadata) -> [String] {
        guard metadata.exif != nil, format == .heic || format == .avif else { return [] }
        return ["\(format.name): the EXIF block was written anew, tag by tag"]
    }

    /// The error for libvips' words.
    func failure(_ text: String) -> MediaError {
        if text.contains("class") && text.contains("not found") || text.contains("Unsupported compression") {
            return MediaError(
                .unsupported, operation, path: name,
                reason: "this machine's libvips cannot write \(format.name) (\(text))",
                advice: "install its \(format.name) support or choose another format")
        }
        return MediaError(
            .writeFailed, operation, path: name, reason: "libvips could not encode it as \(format.name) (\(text))",
            advice: "choose another format, or make sure there is memory enough")
    }
}
