/// What one crop of speech goes through on its way to a recording: drawn by ``SoundDegradation``, a number for everything.
///
/// Besides steering the computation it is what a network that judges sound learns to tell (`SNR`, reverberation, band, …).
public struct SoundDamage: Codable, Sendable, Equatable {
    /// Where the talker is.
    public enum Room: Codable, Sendable, Equatable {
        /// No walls.
        case none
        /// A direct path and decaying noise behind it, the ratio of the two in dB.
        case simple(directToLate: Double)
        /// A room of the ``RoomBank``.
        case simulated(index: Int)
    }

    /// What disturbs.
    public enum Noise: String, Codable, Sendable, CaseIterable {
        /// The noise that was handed in: recorded, or babble.
        case given
        /// The same power at every frequency, in every octave, and falling by 6 dB an octave.
        case white, pink, brown
        /// The mains and its odd harmonics over faint pink noise.
        case hum
        /// Narrow tones over pink noise.
        case fan
        /// Gusts below 200 Hz.
        case wind
        /// Short bursts, as from keys and cutlery.
        case bursts
    }

    /// Whether the crop stays as it is; nothing else in this value counts then.
    public var isIdentity = false
    /// Where the talker is.
    public var room = Room.none
    /// Time in which sound in the room falls by 60 dB, in seconds; 0 without a room.
    public var reverberation = 0.0
    /// What disturbs, and whether pink noise from everywhere is under it.
    public var noise = Noise.given, hasPinkBed = false
    /// Active speech to noise in dB, over the microphones; before the recorders' own noise.
    public var signalToNoise = 0.0
    /// Whether the noise comes from a place in the room; else from everywhere.
    public var isPointNoise = true
    /// The recorders; the first is the reference, and one is no array.
    public var recorders: [SoundRecorder] = []
    /// Largest sample of the reference recorder in dB of full scale.
    public var peak = -6.0
    /// How wrong the masks of an array are: deviation of the error where speech and noise are equally strong.
    public var maskError = 0.0
    /// Starts the sequences of numbers that only this crop uses.
    public var seed: UInt64 = 0
}
