/// The choice of a coding and how well it is done.
public struct VideoEncoding: Sendable, Hashable, Codable {
    /// How the film is coded.
    public var codec: VideoCodec
    /// The constant rate factor of H.264 and H.265, 0 (best) to 51; nil for 16 and 19, which few eyes tell from the
    /// source. Other codings take none.
    public var quality: Int?
    /// The preset of H.264 and H.265, "ultrafast" to "veryslow"; nil for "veryfast" and "medium". Other codings take
    /// none.
    ///
    /// On grainy films "veryfast" at a factor of 16 gives files a fifth to a third larger than "medium" at 17, at a
    /// luma PSNR of 45 dB instead of 47, for a third to a half of the processor's time, which the network wants.
    public var preset: String?

    /// The presets of H.264 and H.265, fastest first.
    public static let presets = [
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo",
    ]

    /// Makes a choice.
    public init(codec: VideoCodec = .h264, quality: Int? = nil, preset: String? = nil) {
        self.codec = codec
        self.quality = quality
        self.preset = preset
    }

    /// The pixel format that the coding gets for a film, and a sentence where that is not the film's own.
    ///
    /// - Parameters:
    ///   - format: the film; luma is kept as it is wherever the coding has the bit depth.
    func pixelFormat(for format: VideoFormat) -> (PixelFormat, note: String?) {
        let given = format.pixelFormat
        let depths: [Int]
        switch codec {
        case .h264: depths = [8, 10]
        case .h265: depths = [8, 10, 12]
        case .ffv1: depths = given.chroma == .grey ? [8, 9, 10, 12, 16] : PixelFormat.bitDepths
        case .prores: depths = [10]
        }
        let depth = depths.first { $0 >= given.bitDepth } ?? depths[depths.count - 1]
        var chroma = given.chroma
        var notes: [String] = []
        switch codec {
        case .h264, .h265:
            // Grey H.264 exists on paper; few players open it. Neutral chroma costs nothing.
            if chroma == .grey { chroma = .s420 }
            if (chroma != .s444 && format.width % 2 != 0) || (chroma == .s420 && format.height % 2 != 0) {
                chroma = .s444
                notes.append(
                    "\(format.width)×\(format.height) is odd, which \(codec.title) with halved chroma cannot hold;"
                        + " written as 4:4:4.")
            }
        case .prores:
            if chroma != .s444 { chroma = .s422 }
        case .ffv1: break
        }
        if depth < given.bitDepth {
            notes.append("\(codec.title) holds \(depth) bits at most; the film's \(given.bitDepth) are reduced.")
        }
        return (PixelFormat(chroma, bitDepth: depth), notes.isEmpty ? nil : notes.joined(separator: " "))
    }
}
