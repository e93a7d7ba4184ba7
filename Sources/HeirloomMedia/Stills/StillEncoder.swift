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
        guard max(image.width, image.height) <= format.maximumSide else {
            throw MediaError(
                .unsupported, operation, path: name,
                reason: "\(format.name) holds at most \(format.maximumSide) pixels a side, the picture is "
                    + "\(image.width) × \(image.height)",
                advice: "write it as PNG or TIFF")
        }
        var notes: [String] = []
        let fitting = try fitted(image, notes: &notes)
        let metadata = fitted(fitting.metadata, channels: fitting.channels, notes: &notes)
        let (bytes, warnings) = try Vips.perform(failure: failure) {
            try fitting.withVips { picture in
                if let profile = metadata.profile { picture.set(VIPS_META_ICC_NAME, to: profile) }
                if let xmp = metadata.xmp { picture.set(VIPS_META_XMP_NAME, to: xmp) }
                if let iptc = metadata.iptc { picture.set(VIPS_META_IPTC_NAME, to: iptc.bytes) }
                if let exif = metadata.exif, format != .tiff {
                    picture.set(VIPS_META_EXIF_NAME, to: EXIFBlock.prefix + exif)
                }
                return try saved(picture, isColor: !fitting.channels.isGrey)
            }
        }
        notes += warnings.map { "libvips says: \($0)" }
        return (finished(bytes, with: metadata, notes: &notes), notes)
    }

    /// The picture in a form that the format holds.
    private func fitted(_ image: StillImage, notes: inout [String]) throws(MediaError) -> StillImage {
        var fitting = image
        if image.channels.isGrey && !format.holdsGrey && image.metadata.profile != nil {
            // The profile is for grey, and three channels will be written.
            fitting = try fitting.convertedToSRGB()
            notes.append("\(format.name) has no grey: converted to sRGB by the picture's profile")
        }
        if fitting.channels.hasAlpha && !format.holdsAlpha {
            fitting = try fitting.laidOnWhite()
            notes.append("\(format.name) holds no transparency: laid on white")
        }
        if fitting.depth == .sixteen && !format.holds16Bit {
            fitting = fitting.reducedTo8Bit()
            notes.append("\(format.name) holds 8 bit per sample: reduced from 16")
        }
        return fitting
    }

    /// The metadata that the format holds beside such samples.
    private func fitted(
        _ metadata: StillMetadata, channels: StillImage.Channels, notes: inout [String]
    ) -> StillMetadata {
        var fitting = metadata
        if let space = metadata.profileColorSpace, metadata.profile != nil {
            // A profile for colour on grey samples is odd, but other programs write it into all but PNG.
            let fits = channels.isGrey ? space == "GRAY" || format != .png : space == "RGB"
            if !fits {
                fitting.profile = nil
                notes.append("the colour profile is for \(space) and does not fit the samples: left out")
            }
        } else if metadata.profile != nil {
            fitting.profile = nil
            notes.append("the colour profile is damaged: left out")
        }
        if let iptc = metadata.iptc, iptc.format != format {
            fitting.iptc = nil
            notes.append("\(format.name) cannot take over the IPTC block of a \(iptc.format.name) file: left out")
        }
        if let xmp = metadata.xmp, format == .jpeg, xmp.count > 65_000 {
            fitting.xmp = nil
            notes.append("the XMP block is too long for JPEG: left out")
        }
        if let exif = metadata.exif, format == .jpeg, exif.count > JPEGSegments.maximumEXIF {
            fitting.exif = nil
            notes.append("the EXIF block is too long for JPEG: left out")
        }
        return fitting
    }

    private func saved(_ picture: borrowing VipsPicture, isColor: Bool) throws -> [UInt8] {
        var memory: UnsafeMutableRawPointer?
        var count = 0
        let quality = Int32(options.quality)
        let isFull: Int32 = options.quality >= 90 ? 1 : 0
        let isLossless: Int32 = options.isLossless ? 1 : 0
        let pointer = picture.pointer
        let code =
            switch format {
            case .jpeg: heirloom_vips_save_jpeg(pointer, quality, isFull, &memory, &count)
            case .png: heirloom_vips_save_png(pointer, 6, &memory, &count)
            case .tiff: heirloom_vips_save_tiff(pointer, &memory, &count)
            case .webp: heirloom_vips_save_webp(pointer, quality, isLossless, &memory, &count)
            case .heic: heirloom_vips_save_heif(pointer, 0, quality, 0, isFull, &memory, &count)
            case .avif: heirloom_vips_save_heif(pointer, 1, quality, isLossless, isFull, &memory, &count)
            }
        try Vips.check(code)
        guard let memory else { throw Vips.Failure() }
        defer { g_free(memory) }
        return [UInt8](UnsafeRawBufferPointer(start: memory, count: count))
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
            notes.append("the EXIF block cannot be read: left out")
            return bytes
        case .heic, .avif:
            if exif != nil { notes.append("\(format.name): the EXIF block was written anew, tag by tag") }
            return bytes
        }
    }

    private func failure(_ text: String) -> MediaError {
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
