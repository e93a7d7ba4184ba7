/// What a picture file carries besides its pixels; every block travels byte for byte.
public struct StillMetadata: Sendable, Equatable {
    /// The ICC profile that gives the samples their colour; nil means sRGB, or grey of that curve.
    public var profile: [UInt8]?
    /// The EXIF block, from its byte-order mark on (without the "Exif" that precedes it in JPEG). Its orientation is
    /// 1, because pixels are kept upright.
    public var exif: [UInt8]?
    /// The XMP packet.
    public var xmp: [UInt8]?
    /// The IPTC block and the format whose wrapping it has: JPEG and TIFF wrap it differently.
    public var iptc: IPTC?
    /// Pixels per millimetre; nil where the file says nothing.
    public var resolution: Resolution?

    /// An IPTC block as one file format wraps it.
    public struct IPTC: Sendable, Equatable {
        /// The block with its wrapping.
        public var bytes: [UInt8]
        /// The format it can be written to.
        public var format: StillFormat

        /// A block from its parts.
        public init(bytes: [UInt8], format: StillFormat) {
            self.bytes = bytes
            self.format = format
        }
    }

    /// The size of pixels on paper.
    public struct Resolution: Sendable, Equatable {
        /// Pixels per millimetre across.
        public var horizontal: Double
        /// Pixels per millimetre down.
        public var vertical: Double

        /// A resolution from its parts.
        public init(horizontal: Double, vertical: Double) {
            self.horizontal = horizontal
            self.vertical = vertical
        }
    }

    /// Nothing but pixels, or the given blocks.
    public init(
        profile: [UInt8]? = nil, exif: [UInt8]? = nil, xmp: [UInt8]? = nil, iptc: IPTC? = nil,
        resolution: Resolution? = nil
    ) {
        self.profile = profile
        self.exif = exif
        self.xmp = xmp
        self.iptc = iptc
        self.resolution = resolution
    }

    /// The colour space that an ICC profile describes, by the signature in its header: "RGB", "GRAY", "CMYK"; nil
    /// without a profile or where the block is too short to be one.
    public var profileColorSpace: String? {
        guard let profile, profile.count >= 128 else { return nil }
        return String(decoding: profile[16..<20], as: UTF8.self).replacing(" ", with: "")
    }
}
