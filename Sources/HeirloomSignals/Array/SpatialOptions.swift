/// How ``SpatialChain`` makes one signal of several microphones.
public struct SpatialOptions: Sendable, Equatable, Codable {
    /// What combines the channels.
    public enum Beamformer: String, Sendable, Codable, CaseIterable {
        /// Least noise without distortion of the speech (Souden, Benesty, Affes 2010).
        case mvdr
        /// The Wiener filter that weighs noise and distortion of the speech equally.
        case wiener
        /// Most speech for the noise (generalised eigenvector) with blind analytic normalisation (Warsitz, Haeb-Umbach
        /// 2007); it colours the speech.
        case eigenvector
    }

    /// Where the masks of speech come from when no network gives them, and what is done to a network's.
    public enum Masks: String, Sendable, Codable, CaseIterable {
        /// Levels over a running noise floor, or the network's mask as it is.
        case prior
        /// The prior, refined by where the sound comes from.
        case spatial
    }

    /// One filter for the whole interval, or one that follows the talkers.
    public enum Adaptation: String, Sendable, Codable, CaseIterable {
        /// One filter.
        case never
        /// A filter for each place when talkers at several places take turns, else one filter.
        case automatic
        /// Filters that follow blocks of 4 s.
        case always
    }

    /// Whether late reverberation is removed first.
    public var dereverberates = true
    /// The masks.
    public var masks = Masks.spatial
    /// The beamformer.
    public var beamformer = Beamformer.mvdr
    /// What is added to the noise covariance, as a share of its mean power.
    public var loading = 1e-4
    /// Whether the filter follows talkers in turn.
    public var adaptation = Adaptation.automatic
    /// Whether the reference alone is used where the beam sounds worse.
    public var guardsReference = true
    /// Seconds over which one filter fades into another.
    public var fade = 0.25

    /// The defaults.
    public init() {}
}
