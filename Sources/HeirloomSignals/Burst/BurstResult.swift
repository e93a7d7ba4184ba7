public import HeirloomTensors

/// What ``BurstFusion`` made of several frames.
public struct BurstResult {
    /// `[1, 3, H·s, W·s]`, 0...1, in the view and exposure of the reference.
    public let picture: Tensor
    /// The frame whose view the picture shows.
    public let reference: Int
    /// Where each frame was found; nil for those left out.
    public let motions: [BurstMotion?]
    /// The mean weight of each frame's samples in 0...1; 0 for those left out, 1 for the reference.
    public let weights: [Double]
    /// Frames that were not used, and why.
    public let leftOut: [LeftOut]
    /// The deviation of the frames' noise, as a share of white.
    public let noise: Double
    /// The blur that was undone: see ``BurstSettings/pointSpread``.
    public let pointSpread: Double

    /// How far the scene moved down and right from the reference to each frame, in pixels of the frames, at the
    /// picture's centre; nil for frames left out.
    public var shifts: [(down: Double, right: Double)?] { motions.map { $0.map { ($0.down, $0.right) } } }

    /// A frame that was not used.
    public struct LeftOut: Sendable, Hashable {
        /// Its place among the frames, from 0.
        public let index: Int
        /// Why, as the end of a sentence that begins with the frame.
        public let reason: String
    }
}
