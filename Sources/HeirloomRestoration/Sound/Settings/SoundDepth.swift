public import HeirloomMedia

/// Bits of a written sample.
public enum SoundDepth: String, CaseIterable, Sendable, Codable {
    /// 16-bit integers, dithered.
    case int16 = "16"
    /// 24-bit integers.
    case int24 = "24"
    /// 32-bit floating point, which nothing clips.
    case float32 = "32f"

    /// How a file stores it.
    public var sampleFormat: SampleFormat {
        switch self {
        case .int16: .int16
        case .int24: .int24
        case .float32: .float32
        }
    }
}
