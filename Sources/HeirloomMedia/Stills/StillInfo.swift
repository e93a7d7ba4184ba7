/// What the header of a picture file says, without decoding it.
public struct StillInfo: Sendable, Equatable {
    /// The format, by the file's first bytes and not by its name.
    public let format: StillFormat
    /// Pixels across, once upright.
    public let width: Int
    /// Pixels down, once upright.
    public let height: Int
    /// Samples per pixel as stored, opacity included.
    public let channelCount: Int
    /// Bits per sample as decoded: 8, 16, or 32 for the kinds that are refused.
    public let bitsPerSample: Int
    /// The kind of colour as stored: "grey", "RGB", "CMYK", "Lab", or libvips' name for another.
    public let colorSpace: String
    /// The orientation tag, 1...8; reading undoes it.
    public let orientation: Int
    /// Pages or frames in the file; only the first is read.
    public let pageCount: Int
    /// Whether there is an ICC profile.
    public let hasProfile: Bool
    /// Whether there is an EXIF block.
    public let hasEXIF: Bool
    /// The size of the file.
    public let byteCount: Int64
}
