/// What ``BurstFusion`` is told beside the frames.
public struct BurstSettings: Sendable, Hashable {
    /// The frame whose view the result shows; nil takes the first, or a frame that is clearly sharper than it.
    public var reference: Int?
    /// Rounds of back-projection, which give fusion its sharpness; 0 leaves it out. Noisy frames get fewer.
    public var iterations = 20
    /// Deviation of the lens' and sensor's blur, in pixels of the frames, beside the pixel's own area; nil finds it from
    /// the frames. Too large a value sharpens too much.
    public var pointSpread: Double?
    /// Deviation of the weights around a place of the fine grid, in pixels of the frames.
    public var kernelWidth = 0.42
    /// How well a registered frame must correlate with the reference to be used, in −1...1.
    public var correlation = 0.9

    /// The settings that suit hand-held bursts.
    public init() {}
}
