import CVips

/// From a file's bytes to pixels: the order of the steps, and what each kind of picture needs.
///
/// Everything here blocks and may run on several threads at once.
struct StillDecoder {
    let input: StillInput
    let limits: StillLimits
    /// A verb phrase that follows "Cannot".
    let operation: String
    let format: StillFormat

    init(_ input: StillInput, limits: StillLimits, operation: String) throws(MediaError) {
        self.input = input
        self.limits = limits
        self.operation = operation
        format = try input.format(operation: operation)
        try requireChunks()
    }

    // MARK: Whole pictures

    /// The header.
    func info() throws(MediaError) -> StillInfo {
        try Vips.perform(failure: failure) {
            try input.withSource { source in
                let picture = try open(source)
                let isTurned = picture.orientation >= 5
                return StillInfo(
                    format: format, width: isTurned ? picture.height : picture.width,
                    height: isTurned ? picture.width : picture.height, channelCount: picture.bands,
                    bitsPerSample: Int(vips_format_sizeof(picture.sampleFormat)) * 8,
                    colorSpace: Self.name(of: picture.interpretation), orientation: picture.orientation,
                    pageCount: picture.pageCount, hasProfile: picture.has(VIPS_META_ICC_NAME),
                    hasEXIF: exif(of: picture) != nil, byteCount: input.byteCount)
            }
        }.result
    }

    /// The first picture, whole and upright.
    func image() throws(MediaError) -> StillImage {
        let (image, warnings) = try Vips.perform(failure: failure) {
            try input.withSource { source in
                let picture = try upright(source)
                let layout = picture.layout
                return StillImage(
                    width: layout.width, height: layout.height, channels: layout.channels, depth: layout.depth,
                    pixels: try picture.samples.pixels(), metadata: layout.metadata, format: format,
                    notes: picture.notes)
            }
        }
        return image.adding(notes: warnings.map { "libvips says: \($0)" })
    }

    /// The first picture, upright, shrunk while loading, as 8-bit sRGB.
    func thumbnail(shortSide: Int) throws(MediaError) -> StillImage {
        let header = try info()
        let isPortrait = header.width <= header.height
        let (image, warnings) = try Vips.perform(failure: failure) {
            try input.withSource { source in
                let picture = try open(source)
                try requireSize(picture)
                try requireIntegers(picture)
            }
            return try input.withSource { source in
                let unbounded = Int32(VIPS_MAX_COORD)
                var small = try Vips.make {
                    heirloom_vips_thumbnail(
                        source, isPortrait ? Int32(shortSide) : unbounded, isPortrait ? unbounded : Int32(shortSide),
                        header.hasProfile && header.colorSpace != "Lab" ? 1 : 0, $0)
                }
                small = try Vips.make { heirloom_vips_colourspace(small.pointer, VIPS_INTERPRETATION_sRGB, $0) }
                if vips_image_hasalpha(small.pointer) != 0 {
                    small = try Vips.make { heirloom_vips_flatten(small.pointer, 255, $0) }
                }
                small = try Vips.make { heirloom_vips_bands(small.pointer, 0, 3, $0) }
                small = try Vips.make { heirloom_vips_to_uchar(small.pointer, $0) }
                return StillImage(
                    width: small.width, height: small.height, channels: .rgb, depth: .eight,
                    pixels: try small.pixels(), format: format)
            }
        }
        return image.adding(notes: warnings.map { "libvips says: \($0)" })
    }
}
