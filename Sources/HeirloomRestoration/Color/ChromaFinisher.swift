import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors

/// What becomes of the network's chroma before it is written: strength, limits, edges from the luma, dark and bright
/// ends.
struct ChromaFinisher {
    /// The largest Cb or Cr; more than any photographed colour has, less than a network gone astray.
    static let largestChroma = 0.38
    /// Luma below which there is no colour at all, and from which on colour is whole: black bars, leader and the noise
    /// in shadows catch none.
    static let darkness = 0.025...0.11
    /// The same for the bright end, from whole to none: burnt-out parts stay white.
    static let glare = 0.95...1.01
    /// Fitted at half the network's resolution over 3 × 3 windows; exact at the network's resolution, guided above it.
    static let filter = GuidedFilter(radius: 1, epsilon: 0.001, subsampling: 2, fidelity: 1)

    /// Times what the network gives.
    let gain: Double

    /// Strength and limits: `[N, 2, H, W]` → the same.
    func limited(_ chroma: Tensor) -> Tensor {
        (chroma * gain).clamped(to: -Self.largestChroma...Self.largestChroma)
    }

    /// The model of the chroma in the luma that the network saw, both at its padded size.
    func fit(_ chroma: Tensor, luma: Tensor) -> Tensor {
        Self.filter.fit(limited(chroma), guide: luma).maps
    }

    /// How much colour luma bears: 1 in the middle, smoothly 0 at both ends.
    static func bearing(_ luma: Tensor) -> Tensor {
        let dark = ((luma - darkness.lowerBound) * (1 / (darkness.upperBound - darkness.lowerBound))).clamped(to: 0...1)
        let bright = ((glare.upperBound - luma) * (1 / (glare.upperBound - glare.lowerBound))).clamped(to: 0...1)
        return dark * (2 - dark) * bright
    }
}
