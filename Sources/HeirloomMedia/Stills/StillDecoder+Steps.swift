import CVips

extension StillDecoder {
    func open(_ source: UnsafeMutablePointer<VipsSource>) throws -> VipsPicture {
        try Vips.make { heirloom_vips_load(source, format.vips, $0) }
    }

    /// A picture whose samples are computed when they are asked for, from top to bottom.
    struct Upright: ~Copyable {
        let samples: VipsPicture
        let layout: StillLayout
        let notes: [String]
    }

    /// The first picture with the steps that make it upright, of known colours and channels; nothing is decoded but
    /// what turning needs.
    ///
    /// - Parameter whole: what may be held whole, where that is less than ``limits``.
    func upright(_ source: UnsafeMutablePointer<VipsSource>, whole: StillLimits? = nil) throws -> Upright {
        let picture = try open(source)
        try requireSize(picture)
        // Mirrored rows come one by one; all else that is turned needs every row at once.
        let orientation = picture.orientation
        let isTurned = orientation > 2 || (orientation == 2 && whole == nil)
        if let whole, isTurned || isHeldWhole(picture) { try requireSize(picture, within: whole) }
        var metadata = metadata(of: picture)
        var notes = self.notes(on: picture)
        var samples = try withKnownColors(picture, metadata: &metadata, notes: &notes)
        let (channels, surplus) = try channels(of: samples)
        if surplus > 0 {
            notes.append("\(surplus) extra channel\(surplus == 1 ? "" : "s") left out")
            samples = try Vips.make { heirloom_vips_bands(samples.pointer, 0, Int32(channels.count), $0) }
        }
        if orientation != 1 {
            if isTurned {
                samples = try Vips.make { heirloom_vips_hold(samples.pointer, $0) }
            }
            samples = try Vips.make { heirloom_vips_upright(samples.pointer, $0) }
        }
        let layout = StillLayout(
            width: samples.width, height: samples.height, channels: channels,
            depth: samples.sampleFormat == VIPS_FORMAT_USHORT ? .sixteen : .eight, metadata: metadata.uprighted(),
            format: format)
        return Upright(samples: samples, layout: layout, notes: notes)
    }

    /// Refuses a PNG file with a chunk beside the pixels that says it is longer than the file: libpng would set memory of
    /// that size to zero before it finds out, 2 GB at most.
    func requireChunks() throws(MediaError) {
        guard format == .png, let excess = input.lookingInside(PNGChunks.excess) else { return }
        throw MediaError(
            .corrupt, operation, path: input.name,
            reason: "the PNG data is cut off or damaged (a chunk says it is \(excess) bytes long)",
            advice: "copy the file again from where it came from")
    }

    /// Whether the loader keeps the whole picture: progressive JPEG, interlaced PNG, and formats that are coded so.
    private func isHeldWhole(_ picture: borrowing VipsPicture) -> Bool {
        switch format {
        case .webp, .heic, .avif: true
        case .jpeg, .png: picture.integer("interlaced") == 1 || picture.integer("jpeg-multiscan") == 1
        case .tiff: false
        }
    }

    /// The error for libvips' words.
    func failure(_ text: String) -> MediaError {
        if text.contains("not found") && text.contains("class") {
            return MediaError(
                .unsupported, operation, path: input.name,
                reason: "this machine's libvips was built without \(format.name)",
                advice: "install its \(format.name) support or convert the picture to PNG")
        }
        return MediaError(
            .corrupt, operation, path: input.name, reason: "the \(format.name) data is cut off or damaged (\(text))",
            advice: "copy the file again from where it came from")
    }

    /// Refuses a picture that says it is beyond a limit, by default ``limits``.
    func requireSize(_ picture: borrowing VipsPicture, within other: StillLimits? = nil) throws(MediaError) {
        let limits = other ?? limits
        let (pixels, overflow) = picture.width.multipliedReportingOverflow(by: picture.height)
        guard overflow || pixels > limits.maximumPixels else { return }
        throw MediaError(
            .tooLarge, operation, path: input.name,
            reason: "it says it is \(picture.width) × \(picture.height) pixels, beyond the limit of "
                + "\(limits.maximumPixels) pixels that guards this machine's memory",
            advice: "if it is no damaged file, make it smaller first or raise the limit")
    }

    /// Refuses samples that are neither 8 nor 16 bit, unless their colour space says how to make them so.
    func requireIntegers(_ picture: borrowing VipsPicture) throws(MediaError) {
        if picture.sampleFormat == VIPS_FORMAT_UCHAR || picture.sampleFormat == VIPS_FORMAT_USHORT { return }
        if Self.isLab(picture.interpretation) { return }
        let bits = Int(vips_format_sizeof(picture.sampleFormat)) * 8
        let kind = vips_band_format_isint(picture.sampleFormat) != 0 ? "whole-number" : "floating-point"
        throw MediaError(
            .unsupported, operation, path: input.name, reason: "its samples are \(bits)-bit \(kind) ones",
            advice: "convert it to 8 or 16 bit per sample first")
    }

    /// The picture as grey or RGB: CMYK and Lab are converted to sRGB, all else stays as it is.
    func withKnownColors(
        _ picture: borrowing VipsPicture, metadata: inout StillMetadata, notes: inout [String]
    ) throws -> VipsPicture {
        try requireIntegers(picture)
        let pointer = picture.pointer
        if picture.interpretation == VIPS_INTERPRETATION_CMYK {
            notes.append("converted from CMYK to sRGB")
            metadata.profile = nil
            let depth: Int32 = picture.sampleFormat == VIPS_FORMAT_USHORT ? 16 : 8
            return try Vips.make { heirloom_vips_profile_to_srgb(pointer, depth, "cmyk", $0) }
        }
        if Self.isLab(picture.interpretation) {
            notes.append("converted from Lab to sRGB")
            metadata.profile = nil
            let isDeep = picture.interpretation == VIPS_INTERPRETATION_LABS
            return try Vips.make {
                heirloom_vips_colourspace(
                    pointer, isDeep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB, $0)
            }
        }
        g_object_ref(pointer)
        return VipsPicture(owning: pointer)
    }

    /// What the bands mean, and how many follow that mean nothing here.
    func channels(of picture: borrowing VipsPicture) throws(MediaError) -> (StillImage.Channels, surplus: Int) {
        switch picture.interpretation {
        case VIPS_INTERPRETATION_B_W, VIPS_INTERPRETATION_GREY16:
            return picture.bands == 1 ? (.grey, 0) : (.greyAlpha, picture.bands - 2)
        case VIPS_INTERPRETATION_sRGB, VIPS_INTERPRETATION_RGB, VIPS_INTERPRETATION_RGB16:
            if picture.bands == 3 { return (.rgb, 0) }
            if picture.bands > 3 { return (.rgba, picture.bands - 4) }
        case VIPS_INTERPRETATION_MULTIBAND where picture.bands == 1:
            return (.grey, 0)
        default: break
        }
        throw MediaError(
            .unsupported, operation, path: input.name,
            reason: "its \(picture.bands) channels are of a kind that is not handled "
                + "(\(Self.name(of: picture.interpretation)))",
            advice: "convert it to grey or RGB first")
    }

    func metadata(of picture: borrowing VipsPicture) -> StillMetadata {
        let horizontal = vips_image_get_xres(picture.pointer)
        let vertical = vips_image_get_yres(picture.pointer)
        // One pixel per millimetre is what libvips says when the file says nothing.
        let isStated = horizontal > 0 && vertical > 0 && (horizontal != 1 || vertical != 1)
        return StillMetadata(
            profile: picture.bytes(VIPS_META_ICC_NAME), exif: exif(of: picture),
            xmp: picture.bytes(VIPS_META_XMP_NAME),
            iptc: picture.bytes(VIPS_META_IPTC_NAME).map { StillMetadata.IPTC(bytes: $0, format: format) },
            resolution: isStated ? .init(horizontal: horizontal, vertical: vertical) : nil)
    }

    func exif(of picture: borrowing VipsPicture) -> [UInt8]? {
        format == .tiff ? input.exifFromTIFF() : picture.bytes(VIPS_META_EXIF_NAME).flatMap(EXIFBlock.unwrapped)
    }

    func notes(on picture: borrowing VipsPicture) -> [String] {
        picture.pageCount > 1 ? ["only the first of \(picture.pageCount) pages was read"] : []
    }

    static func isLab(_ space: VipsInterpretation) -> Bool {
        [VIPS_INTERPRETATION_LAB, VIPS_INTERPRETATION_LABQ, VIPS_INTERPRETATION_LABS].contains(space)
    }

    static func name(of space: VipsInterpretation) -> String {
        switch space {
        case VIPS_INTERPRETATION_B_W, VIPS_INTERPRETATION_GREY16: return "grey"
        case VIPS_INTERPRETATION_sRGB, VIPS_INTERPRETATION_RGB, VIPS_INTERPRETATION_RGB16: return "RGB"
        case VIPS_INTERPRETATION_CMYK: return "CMYK"
        case _ where isLab(space): return "Lab"
        default:
            let nick = vips_enum_nick(vips_interpretation_get_type(), Int32(space.rawValue))
            return nick.map { String(cString: $0) } ?? "unknown"
        }
    }
}

extension StillFormat {
    /// The loader and saver.
    var vips: HeirloomVipsFormat {
        switch self {
        case .jpeg: HEIRLOOM_VIPS_JPEG
        case .png: HEIRLOOM_VIPS_PNG
        case .tiff: HEIRLOOM_VIPS_TIFF
        case .webp: HEIRLOOM_VIPS_WEBP
        case .heic, .avif: HEIRLOOM_VIPS_HEIF
        }
    }
}
