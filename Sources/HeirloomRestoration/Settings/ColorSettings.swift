import HeirloomModels

/// How to colour.
public struct ColorSettings: Sendable, Codable {
    /// The short side that the network sees of a film, in samples, where nobody says otherwise.
    ///
    /// Chroma is coarse to the eye and luma stays whole, so a small network picture is enough; twice the size costs four
    /// times the time.
    public static let filmRenderSize = ColorUNet.rendering.filmSide
    /// The short side that the network sees of a still.
    public static let stillRenderSize = ColorUNet.rendering.stillSide
    /// The sizes that may be asked for.
    public static let renderSizes = 64...1024
    /// The render factors that may be asked for, of networks that have one.
    public static let renderFactors = OriginalColorizing.renderFactors
    /// The chroma gain at strength 1.
    public static let standardGain = ColorUNet.rendering.gain

    /// Which weights.
    public var model = ModelChoice.standard
    /// The short side that the network sees; nil for the standard of films or stills.
    public var renderSize: Int?
    /// The size that a network of DeOldify's sees, in steps of 16 samples; nil for the standard of films or stills.
    public var renderFactor: Int?
    /// Whether a network that squeezes pictures into a square shall see them in their shape, at the same number of samples.
    public var keepsShape = false
    /// Whether stills are coloured digit for digit as the program that the network comes from does: in 8 bits, its own luma
    /// merge, no guided edges. For DeOldify's networks.
    public var isOriginal = false
    /// Times the standard chroma gain, 0...3; 0 gives grey.
    public var strength = 1.0
    /// Whether the colours of a film are steadied from frame to frame.
    public var stabilize = true
    /// Where to compute.
    public var device = DeviceChoice.auto
    /// What to compute in.
    public var precision = Precision.auto
    /// Frames per call of the network, 1...64; nil to choose.
    public var batch: Int?
    /// CPU threads of the network; nil for all. A still takes them in one call, a film has so many frames side by side.
    public var threads: Int?

    /// The standard settings.
    public init() {}

    /// Throws where a setting makes no sense.
    ///
    /// - Throws: `badRequest`, naming the setting and what is possible.
    public func validate() throws {
        if let renderSize, !Self.renderSizes.contains(renderSize) {
            throw RestorationError(
                .badRequest,
                "The render size \(renderSize) is out of range; choose \(Self.renderSizes.lowerBound) to \(Self.renderSizes.upperBound)."
            )
        }
        if let renderFactor, !Self.renderFactors.contains(renderFactor) {
            throw RestorationError(
                .badRequest,
                "The render factor \(renderFactor) is out of range; choose \(Self.renderFactors.lowerBound) to \(Self.renderFactors.upperBound)."
            )
        }
        if renderSize != nil, renderFactor != nil {
            throw RestorationError(
                .badRequest, "A render size and a render factor contradict each other; give one of them.")
        }
        if isOriginal, keepsShape || strength != 1 {
            throw RestorationError(
                .badRequest, "The original's procedure has no strength and no true shape; leave those settings out.")
        }
        guard (0...3).contains(strength) else {
            throw RestorationError(.badRequest, "The strength \(strength) is out of range; choose 0 to 3.")
        }
        if let batch, !(1...64).contains(batch) {
            throw RestorationError(.badRequest, "The batch of \(batch) frames is out of range; choose 1 to 64.")
        }
        if let threads, !(1...256).contains(threads) {
            throw RestorationError(.badRequest, "The number of \(threads) threads is out of range; choose 1 to 256.")
        }
    }
}
