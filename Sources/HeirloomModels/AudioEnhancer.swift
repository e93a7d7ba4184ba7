public import HeirloomTensors

/// A network that gives sound back cleaner: speech without noise and without the room.
public protocol AudioEnhancer: BuildableModel {
    /// Samples in a second of the sound that it takes and gives, in Hz.
    var sampleRate: Int { get }
    /// The 99th percentile of the samples' magnitudes that it does best with, on the scale of the samples; nil where the
    /// level makes no difference.
    ///
    /// ``enhanced(_:auxiliary:)`` does not bring sound to that level: who cuts a recording into pieces chooses the gain,
    /// so that it does not jump from piece to piece.
    var inputLevel: Double? { get }

    /// The cleaned sound, in the place of what it was made of: as long as the input, and not delayed.
    /// - Parameters:
    ///   - x: Sounds, each cleaned for itself.
    ///   - auxiliary: For each of them what a beamformer removed from it, where that is known; networks that have no use
    ///     for it ignore it.
    /// - Shape: `[N, L]`, and `[N, L]` or nil → `[N, L]`.
    /// - Range: −1...1 at full scale; the output may overshoot and is not clamped.
    func enhanced(_ x: Tensor, auxiliary: Tensor?) -> Tensor
}

extension AudioEnhancer {
    /// 0.25.
    public var inputLevel: Double? { 0.25 }
}
