/// One cheap recorder: its microphone, its electronics, its file format.
public struct SoundRecorder: Codable, Sendable, Equatable {
    /// A resonance or a dip of a microphone.
    public struct Peak: Codable, Sendable, Equatable {
        /// Centre in Hz, height in dB, quality.
        public var frequency: Double, gain: Double, quality: Double
    }

    /// Gain that follows the level.
    public struct GainControl: Codable, Sendable, Equatable {
        /// Times in seconds in which the gain falls and rises.
        public var attack: Double, release: Double
        /// dB of input for a dB of output, and the largest gain in dB.
        public var ratio: Double, largestGain: Double
    }

    /// What saving did to the sound.
    public enum Codec: String, Codable, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// 8 bits on a logarithmic scale, telephone band.
        case telephone
        /// Quiet bands cut, others coarse, as at the lowest rates of MP3 and its successors.
        case bands
        /// Noise suppression of a phone: spectral subtraction with musical noise.
        case suppression
    }

    /// A stretch without sound.
    public struct Mute: Codable, Sendable, Equatable {
        /// Both in seconds.
        public var start: Double, length: Double
    }

    /// Which of the room's microphones it is.
    public var place = 0
    /// Lower end of the band in Hz and the order of the slope.
    public var highPass = 20.0, highPassOrder = 1
    /// Upper end of the band in Hz, nil for none, and the order of the slope.
    public var lowPass: Double?, lowPassOrder = 4
    /// Colour.
    public var peaks: [Peak] = []
    /// The recorder's own noise in dB of active speech.
    public var ownNoise = -60.0
    /// Gain that follows the level, where it has that.
    public var gainControl: GainControl?
    /// Part of the samples that are cut at the top, 0 for none.
    public var clipShare = 0.0
    /// How far the loudest samples are driven into a soft limit, 0 for not at all.
    public var softClip = 0.0
    /// Bits of a sample, nil for more than matters.
    public var bits: Int?
    /// Whether the microphone is wired the wrong way round.
    public var isInverted = false
    /// How far its clock is off after alignment, in seconds.
    public var delay = 0.0
    /// What saving did.
    public var codec = Codec.none
    /// A stretch without sound, where there is one.
    public var mute: Mute?
}
