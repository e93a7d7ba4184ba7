/// How the samples of a sound file are stored.
public enum SampleFormat: String, Sendable, Hashable, Codable, CaseIterable {
    /// Whole numbers of 16 bits (or fewer).
    case int16
    /// Whole numbers of 24 bits.
    case int24
    /// Whole numbers of 32 bits.
    case int32
    /// Floating point of 32 bits, full scale ±1.
    case float32
    /// Floating point of 64 bits, full scale ±1; read and written through 32 bits here.
    case float64
    /// A lossy coding (Vorbis, Opus, MP3, AAC, G.722, …), which has no word length of its own.
    case compressed

    /// The number of bits of a whole number; nil for the others.
    public var integerBits: Int? {
        switch self {
        case .int16: 16
        case .int24: 24
        case .int32: 32
        case .float32, .float64, .compressed: nil
        }
    }

    /// The name for people: "24 bit".
    public var title: String {
        switch self {
        case .int16: "16 bit"
        case .int24: "24 bit"
        case .int32: "32 bit"
        case .float32: "32-bit float"
        case .float64: "64-bit float"
        case .compressed: "lossy"
        }
    }
}
