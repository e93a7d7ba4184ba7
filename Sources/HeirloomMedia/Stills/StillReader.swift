/// Reads still pictures: JPEG, PNG, TIFF, WebP, and HEIC and AVIF where libvips knows them.
///
/// The format is told by a file's first bytes, names are taken literally (brackets, dashes, any alphabet), the size is
/// checked before anything is decoded, and a file that is cut off fails rather than come out half grey. Every function
/// blocks, and may be called from several threads at once.
public enum StillReader {
    /// What the header says, without decoding the picture.
    ///
    /// - Throws: `notFound`, `isDirectory`, `empty`, `unreadable`, `noPicture` for other kinds of files, `corrupt`.
    public static func probe(_ path: String) throws(MediaError) -> StillInfo {
        try StillDecoder(.file(path), limits: .standard, operation: "read the picture").info()
    }

    /// The first picture of a file, whole, upright, in its own colours.
    ///
    /// Grey stays grey and 16 bit stay 16 bit. Palettes and single bits become 8-bit samples; CMYK and Lab become sRGB,
    /// with a note.
    /// - Throws: as ``probe(_:)``, and `tooLarge` beyond the limits, `unsupported` for samples that are neither 8 nor
    ///   16 bit.
    public static func read(_ path: String, limits: StillLimits = .standard) throws(MediaError) -> StillImage {
        try StillDecoder(.file(path), limits: limits, operation: "read the picture").image()
    }

    /// A small upright version of the first picture, without metadata, decoded no larger than needed.
    ///
    /// - Parameter shortSide: pixels of the shorter side; a smaller picture is not enlarged.
    /// - Returns: 8-bit sRGB in three channels, converted by the embedded profile; transparency is laid on white.
    /// - Throws: as ``read(_:limits:)``.
    public static func thumbnail(
        _ path: String, shortSide: Int, limits: StillLimits = .standard
    ) throws(MediaError) -> StillImage {
        precondition(shortSide > 0, "a picture has at least one pixel, not \(shortSide)")
        return try StillDecoder(.file(path), limits: limits, operation: "read the picture")
            .thumbnail(shortSide: shortSide)
    }

    /// The first picture of a file that is in memory already; see ``read(_:limits:)``.
    ///
    /// - Parameter name: what errors call it.
    public static func decode(
        _ bytes: [UInt8], name: String = "picture in memory", limits: StillLimits = .standard
    ) throws(MediaError) -> StillImage {
        try StillDecoder(.memory(bytes, name: name), limits: limits, operation: "read the picture").image()
    }
}
