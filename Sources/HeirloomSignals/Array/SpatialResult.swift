public import HeirloomTensors

/// What ``SpatialChain`` made of an interval.
public struct SpatialResult {
    /// The combined signal: `[L]` float32, in the reference's level, response and time.
    public var beam: Tensor
    /// What was taken away: reference − beam, `[L]`. A network takes it as the picture of the noise.
    public var removed: Tensor
    /// How much of each bin is speech: `[F, T]` in 0…1 of the frames of ``SpatialChain/transform(sampleRate:)``.
    public var mask: Tensor
    /// The mean magnitude of each channel's weight in the speech band, `[D]`; 0 for a channel left out.
    public var weights: [Double]
    /// How many places the talkers were found at; 1 is one filter for the whole interval.
    public var placeCount: Int
    /// The samples where the reference alone was used because the beam was worse.
    public var guarded: [Range<Int>]
    /// What the user should know, a sentence each.
    public var notes: [String]
}
