/// A file format of still pictures.
public enum StillFormat: String, CaseIterable, Sendable {
    /// JPEG: 8 bit, lossy.
    case jpeg
    /// PNG: 8 or 16 bit, lossless.
    case png
    /// TIFF: 8 or 16 bit, lossless.
    case tiff
    /// WebP: 8 bit, lossy or lossless.
    case webp
    /// HEIC: 8 bit, lossy. Needs a libvips with libheif.
    case heic
    /// AVIF: 8 bit, lossy or lossless. Needs a libvips with libheif.
    case avif

    /// The format that a file name's ending stands for, in upper or lower case; nil for any other.
    public init?(path: String) {
        guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
        let ending = path[path.index(after: dot)...].lowercased()
        guard let format = Self.allCases.first(where: { $0.fileExtensions.contains(ending) }) else { return nil }
        self = format
    }

    /// The endings of file names of this format, without the dot, in lower case, the usual one first.
    public var fileExtensions: [String] {
        switch self {
        case .jpeg: ["jpg", "jpeg", "jpe"]
        case .png: ["png"]
        case .tiff: ["tif", "tiff"]
        case .webp: ["webp"]
        case .heic: ["heic", "heif"]
        case .avif: ["avif"]
        }
    }

    /// Every ending that is read and written, without the dot, in lower case.
    public static var allFileExtensions: [String] { allCases.flatMap(\.fileExtensions) }

    /// How people write the format's name.
    public var name: String {
        switch self {
        case .webp: "WebP"
        default: rawValue.uppercased()
        }
    }

    /// Whether the format holds 16-bit samples here.
    public var holds16Bit: Bool { self == .png || self == .tiff }

    /// Whether the format holds transparency.
    public var holdsAlpha: Bool { self != .jpeg }

    /// Whether a picture without colour stays one; the others store three equal channels.
    public var holdsGrey: Bool { self == .jpeg || self == .png || self == .tiff }

    /// The longest side in pixels that the format can say.
    public var maximumSide: Int {
        switch self {
        case .jpeg: 65_500  // libjpeg's own limit
        case .webp: 16_383
        case .heic, .avif: 16_384  // what encoders accept
        case .png, .tiff: 10_000_000  // libvips' own limit
        }
    }

    /// The format that the ending of a target's name says.
    ///
    /// - Throws: `unsupported`.
    static func toWrite(_ path: String, operation: String) throws(MediaError) -> StillFormat {
        guard let format = StillFormat(path: path) else {
            throw MediaError(
                .unsupported, operation, path: path, reason: "the ending of its name is no picture format's",
                advice: "end it in one of ." + allFileExtensions.joined(separator: ", ."))
        }
        return format
    }
}
