public import HeirloomMedia

/// Between code values and numbers: `number = (code − zero) / span`.
///
/// Luma goes to 0...1 (black to white), chroma to −0.5...0.5; codes outside the nominal range go beyond, nothing is cut.
public struct SampleScale: Sendable, Equatable {
    /// The code value of the number 0.
    public let zero: Float
    /// Code values between the numbers 0 and 1.
    public let span: Float
    /// The smallest code value that is written.
    public let lowest: Float
    /// The largest code value that is written.
    public let highest: Float

    /// The scale of luma: 16...235 of 8 bits when limited, all codes when full.
    public static func luma(of format: PixelFormat, range: ColorInfo.Range) -> SampleScale {
        let step = Float(1 << (format.bitDepth - 8))
        if range == .full {
            return SampleScale(zero: 0, span: Float(format.maximum), lowest: 0, highest: Float(format.maximum))
        }
        // Footroom and headroom stay usable; only the codes reserved for synchronisation are never written.
        return SampleScale(zero: 16 * step, span: 219 * step, lowest: step, highest: 255 * step - 1)
    }

    /// The scale of chroma: 16...240 of 8 bits around 128 when limited, all codes when full.
    public static func chroma(of format: PixelFormat, range: ColorInfo.Range) -> SampleScale {
        let step = Float(1 << (format.bitDepth - 8))
        let neutral = Float(format.neutral)
        if range == .full {
            return SampleScale(zero: neutral, span: Float(format.maximum), lowest: 0, highest: Float(format.maximum))
        }
        return SampleScale(zero: neutral, span: 224 * step, lowest: 16 * step, highest: 240 * step)
    }
}
