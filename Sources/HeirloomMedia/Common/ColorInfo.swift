/// What the numbers of a picture mean: primaries, transfer, matrix, range and where the chroma samples sit.
///
/// Raw values of the first three are those of ITU-T H.273, which files carry; 2 means that nobody said.
public struct ColorInfo: Sendable, Hashable, Codable {
    /// The chromaticities of red, green, blue and white.
    public struct Primaries: RawRepresentable, Sendable, Hashable, Codable {
        /// The code of H.273, table 2.
        public let rawValue: Int32
        /// Makes primaries from the code of H.273.
        public init(rawValue: Int32) { self.rawValue = rawValue }
        /// BT.709, also sRGB.
        public static let bt709 = Primaries(rawValue: 1)
        /// Not stated.
        public static let unspecified = Primaries(rawValue: 2)
        /// BT.470 System M: the first NTSC.
        public static let bt470m = Primaries(rawValue: 4)
        /// BT.601 with 625 lines: PAL, SECAM.
        public static let bt601Lines625 = Primaries(rawValue: 5)
        /// BT.601 with 525 lines: NTSC, SMPTE 170M.
        public static let bt601Lines525 = Primaries(rawValue: 6)
        /// BT.2020.
        public static let bt2020 = Primaries(rawValue: 9)
        /// P3 with the white of D65, as on current displays.
        public static let displayP3 = Primaries(rawValue: 12)
    }

    /// The curve between light and code value.
    public struct Transfer: RawRepresentable, Sendable, Hashable, Codable {
        /// The code of H.273, table 3.
        public let rawValue: Int32
        /// Makes a transfer from the code of H.273.
        public init(rawValue: Int32) { self.rawValue = rawValue }
        /// BT.709.
        public static let bt709 = Transfer(rawValue: 1)
        /// Not stated.
        public static let unspecified = Transfer(rawValue: 2)
        /// BT.601, the same curve as BT.709.
        public static let bt601 = Transfer(rawValue: 6)
        /// sRGB.
        public static let sRGB = Transfer(rawValue: 13)
        /// PQ (SMPTE ST 2084): high dynamic range.
        public static let pq = Transfer(rawValue: 16)
        /// Hybrid log-gamma: high dynamic range.
        public static let hlg = Transfer(rawValue: 18)
    }

    /// The weights that make luma and chroma of red, green and blue.
    public struct Matrix: RawRepresentable, Sendable, Hashable, Codable {
        /// The code of H.273, table 4.
        public let rawValue: Int32
        /// Makes a matrix from the code of H.273.
        public init(rawValue: Int32) { self.rawValue = rawValue }
        /// No matrix: the planes are green, blue and red.
        public static let rgb = Matrix(rawValue: 0)
        /// BT.709.
        public static let bt709 = Matrix(rawValue: 1)
        /// Not stated.
        public static let unspecified = Matrix(rawValue: 2)
        /// BT.601 with 625 lines; the weights are those of 525 lines.
        public static let bt601Lines625 = Matrix(rawValue: 5)
        /// BT.601 with 525 lines, SMPTE 170M.
        public static let bt601Lines525 = Matrix(rawValue: 6)
        /// BT.2020 with non-constant luminance.
        public static let bt2020 = Matrix(rawValue: 9)
        /// Whether the weights are those of BT.601.
        public var isBT601: Bool { self == .bt601Lines625 || self == .bt601Lines525 }
    }

    /// Which code values are black and white.
    public enum Range: String, Sendable, Hashable, Codable {
        /// Not stated.
        case unspecified
        /// Luma 16...235, chroma 16...240, scaled with the bit depth.
        case limited
        /// All code values.
        case full
    }

    /// Where the chroma samples of 4:2:0 and 4:2:2 sit among the luma samples.
    public enum ChromaLocation: Int32, Sendable, Hashable, Codable {
        /// Not stated.
        case unspecified = 0
        /// On the left column of the pair, between two lines: MPEG-2, H.264, nearly all films.
        case left = 1
        /// In the middle of the four: MPEG-1, JPEG.
        case center = 2
        /// On the upper left sample: BT.2020.
        case topLeft = 3
        /// On the upper line, between two columns.
        case top = 4
        /// On the lower left sample.
        case bottomLeft = 5
        /// On the lower line, between two columns.
        case bottom = 6
    }

    /// The chromaticities of red, green, blue and white.
    public var primaries: Primaries
    /// The curve between light and code value.
    public var transfer: Transfer
    /// The weights of luma and chroma.
    public var matrix: Matrix
    /// Which code values are black and white.
    public var range: Range
    /// Where the chroma samples sit.
    public var chromaLocation: ChromaLocation

    /// Makes a colour description; what is left out is unspecified.
    public init(
        primaries: Primaries = .unspecified, transfer: Transfer = .unspecified, matrix: Matrix = .unspecified,
        range: Range = .unspecified, chromaLocation: ChromaLocation = .unspecified
    ) {
        self.primaries = primaries
        self.transfer = transfer
        self.matrix = matrix
        self.range = range
        self.chromaLocation = chromaLocation
    }

    /// Whether the transfer is one of high dynamic range (PQ or HLG).
    public var isHighDynamicRange: Bool { transfer == .pq || transfer == .hlg }
}
