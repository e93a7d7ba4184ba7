/// How to colour.
public struct ColorSettings: Sendable {
    /// The short side that the network sees of a film, in samples, where nobody says otherwise.
    ///
    /// Chroma is coarse to the eye and luma stays whole, so a small network picture is enough; twice the size costs four
    /// times the time. The network was trained on pictures whose short side was 64 to about 160 samples: at 224 and 320
    /// trees turn blue and colours pale.
    public static let filmRenderSize = 160
    /// The short side that the network sees of a still.
    public static let stillRenderSize = 160
    /// The sizes that may be asked for.
    public static let renderSizes = 64...1024
    /// The chroma gain at strength 1.
    ///
    /// Networks trained for the least error stay on the pale side; this makes up for it without reaching neon.
    public static let standardGain = 1.2

    /// Which weights.
    public var model = ModelChoice.standard
    /// The short side that the network sees; nil for the standard of films or stills.
    public var renderSize: Int?
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
