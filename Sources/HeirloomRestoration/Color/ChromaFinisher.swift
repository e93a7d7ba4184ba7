import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors

/// What becomes of the network's chroma before it is written: strength, limits, edges from the luma, dark and bright
/// ends.
struct ChromaFinisher {
    /// The largest Cb or Cr; more than any photographed colour has, less than a network gone astray.
    static let largestChroma = 0.38
    /// How much colour luma bears: black bars, leader and the noise in shadows catch none, and burnt-out parts stay
    /// white.
    static let bearing = ChromaPainter.Bearing(dark: 0.025...0.11, bright: 0.95...1.01)
    /// Fitted at half the network's resolution over 3 × 3 windows; exact at the network's resolution, guided above it.
    static let filter = GuidedFilter(radius: 1, epsilon: 0.001, subsampling: 2, fidelity: 1)

    /// Times what the network gives.
    let gain: Double

    /// The model of chroma in the luma that the network saw, both at its padded size.
    ///
    /// - Returns: slopes of Cb and Cr, then intercepts: `[1, 4, H, W]`.
    func fit(_ chroma: Tensor, luma: Tensor) -> Tensor {
        let limited = (chroma * gain).clamped(to: -Self.largestChroma...Self.largestChroma)
        return Self.filter.fit(limited, guide: luma).maps
    }

    /// The same over plain numbers, for the thread that encodes.
    ///
    /// - Parameters:
    ///   - chroma: Cb, then Cr, at the network's padded size.
    ///   - correction: what is added to the chroma, enlarged.
    func fit(_ chroma: [Float], correction: SmallMap?, luma: [Float], width: Int, height: Int) -> [Float] {
        var limited = chroma
        correction?.add(to: &limited, width: width, height: height)
        let (gain, largest) = (Float(gain), Float(Self.largestChroma))
        limited.withUnsafeMutableBufferPointer { numbers in
            for index in numbers.indices {
                var value = numbers[index] * gain
                value = value < -largest ? -largest : value
                numbers[index] = value > largest ? largest : value
            }
        }
        return GuidedFit(epsilon: Float(Self.filter.epsilon))(limited, guide: luma, width: width, height: height)
    }

    /// How much colour luma bears, 1 in the middle and smoothly 0 at both ends: as the painter of films has it.
    static func bearing(_ luma: Tensor) -> Tensor {
        let (dark, bright) = (Self.bearing.dark, Self.bearing.bright)
        let rising = ((luma - Double(dark.lowerBound)) * Double(1 / (dark.upperBound - dark.lowerBound)))
            .clamped(to: 0...1)
        let falling = ((Double(bright.upperBound) - luma) * Double(1 / (bright.upperBound - bright.lowerBound)))
            .clamped(to: 0...1)
        return rising * (2 - rising) * falling
    }
}
