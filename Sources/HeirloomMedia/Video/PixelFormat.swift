/// How the samples of a frame are laid out: planar, luma first, then the two chroma planes where there is colour.
///
/// Samples of 8 bits are `UInt8`; deeper ones are little-endian `UInt16` with the value in the low bits.
public struct PixelFormat: Sendable, Hashable, Codable, CustomStringConvertible {
    /// How many luma samples share a chroma sample.
    public enum Chroma: String, Sendable, Hashable, Codable, CaseIterable {
        /// No chroma planes.
        case grey
        /// Two columns and two lines.
        case s420
        /// Two columns.
        case s422
        /// None: chroma is as large as luma.
        case s444
    }

    /// The chroma planes.
    public let chroma: Chroma
    /// Bits of a sample that carry the value: 8, 9, 10, 12, 14 or 16.
    public let bitDepth: Int

    /// The bit depths there are.
    public static let bitDepths = [8, 9, 10, 12, 14, 16]

    /// Makes a pixel format.
    ///
    /// - Precondition: the bit depth is one of `bitDepths`.
    public init(_ chroma: Chroma, bitDepth: Int = 8) {
        precondition(PixelFormat.bitDepths.contains(bitDepth), "there is no pixel format of \(bitDepth) bits")
        self.chroma = chroma
        self.bitDepth = bitDepth
    }

    /// 8 bits, 4:2:0: nearly every film.
    public static let yuv420p8 = PixelFormat(.s420)
    /// 10 bits, 4:2:0.
    public static let yuv420p10 = PixelFormat(.s420, bitDepth: 10)

    /// Bytes of a sample: 1 or 2.
    public var bytesPerSample: Int { bitDepth > 8 ? 2 : 1 }
    /// 1 for grey, else 3.
    public var planeCount: Int { chroma == .grey ? 1 : 3 }
    /// The largest code value: 255, 1023, …
    public var maximum: Int { (1 << bitDepth) - 1 }
    /// The code value of no chroma: 128, 512, …
    public var neutral: Int { 1 << (bitDepth - 1) }
    /// The factor by which chroma is smaller across: 1 or 2.
    public var horizontalSubsampling: Int { chroma == .s420 || chroma == .s422 ? 2 : 1 }
    /// The factor by which chroma is smaller down: 1 or 2.
    public var verticalSubsampling: Int { chroma == .s420 ? 2 : 1 }

    /// The size of a plane for a picture of the given size; odd sizes round up.
    ///
    /// - Precondition: the plane exists.
    public func planeSize(_ plane: Int, width: Int, height: Int) -> (width: Int, height: Int) {
        precondition(plane >= 0 && plane < planeCount, "\(self) has no plane \(plane)")
        if plane == 0 { return (width, height) }
        return (
            (width + horizontalSubsampling - 1) / horizontalSubsampling,
            (height + verticalSubsampling - 1) / verticalSubsampling
        )
    }

    /// The same bit depth with other chroma planes.
    public func with(chroma: Chroma) -> PixelFormat { PixelFormat(chroma, bitDepth: bitDepth) }

    /// FFmpeg's name: "yuv420p10le", "gray".
    public var description: String {
        let base: String
        switch chroma {
        case .grey: return bitDepth == 8 ? "gray" : "gray\(bitDepth)le"
        case .s420: base = "yuv420p"
        case .s422: base = "yuv422p"
        case .s444: base = "yuv444p"
        }
        return bitDepth == 8 ? base : "\(base)\(bitDepth)le"
    }
}
