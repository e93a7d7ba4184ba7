/// How a film is coded.
public enum VideoCodec: String, CaseIterable, Sendable, Hashable, Codable {
    /// H.264: plays everywhere; 8 or 10 bits.
    case h264
    /// H.265 (HEVC): smaller, slower; 8, 10 or 12 bits.
    case h265
    /// FFV1, level 3: lossless, for archives; every bit depth.
    case ffv1
    /// ProRes: for editing; 10 bits.
    case prores

    /// Whether the decoded samples equal the encoded ones.
    public var isLossless: Bool { self == .ffv1 }

    /// The name for people.
    public var title: String {
        switch self {
        case .h264: "H.264"
        case .h265: "H.265"
        case .ffv1: "FFV1"
        case .prores: "ProRes"
        }
    }

    /// The largest picture that the coding's standard knows, at its highest level: 6.2 of H.264 and of H.265. Nil for
    /// the others, which have no such limit.
    var limits: (side: Int, samples: Int)? {
        switch self {
        case .h264: (16_880, 139_264 * 256)  // √(8 · MaxFS) macroblocks a side, MaxFS in all
        case .h265: (16_888, 35_651_584)  // √(8 · MaxLumaPs) and MaxLumaPs samples
        case .ffv1, .prores: nil
        }
    }
}
