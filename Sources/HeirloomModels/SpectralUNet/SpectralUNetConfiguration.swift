/// The sizes of a ``SpectralUNet``.
public struct SpectralUNetConfiguration: Codable, Hashable, Sendable {
    /// Neighbouring bins of the spectrum that become channels before the first convolution: 1, 2, 4 or 8.
    public var fold: Int
    /// Channels of each level, the finest first.
    public var channels: [Int]
    /// Steps in frequency and time from each level to the next coarser one; one pair fewer than levels.
    public var strides: [[Int]]
    /// Residual blocks of each level on the way down, and as many on the way up.
    public var blocks: Int
    /// Pairs of recurrent layers (along time, then along frequency) at the coarsest level.
    public var recurrences: Int
    /// State of a recurrent layer in each direction.
    public var hidden: Int
    /// Rate of the sound that ``SpectralUNet/enhanced(_:auxiliary:)`` takes, 16,000 or 48,000 Hz.
    public var sampleRate: Int

    /// Describes a network; the defaults are those of ``small``.
    /// - Precondition: The sizes make a network.
    public init(
        fold: Int = 4, channels: [Int] = [16, 32, 96], strides: [[Int]] = [[2, 2], [2, 2]], blocks: Int = 1,
        recurrences: Int = 2, hidden: Int = 64, sampleRate: Int = 48_000
    ) {
        self.fold = fold
        self.channels = channels
        self.strides = strides
        self.blocks = blocks
        self.recurrences = recurrences
        self.hidden = hidden
        self.sampleRate = sampleRate
        if let fault { preconditionFailure(fault) }
    }

    /// S: for computers without a GPU. It folds four bins into channels and spends what it has at the coarse end, so
    /// that an hour on two cores teaches it something.
    public static let small = SpectralUNetConfiguration()
    /// M: for training with a GPU; every bin has its own place throughout.
    public static let medium = SpectralUNetConfiguration(
        fold: 1, channels: [32, 48, 64, 96, 128], strides: [[2, 1], [2, 2], [2, 1], [2, 2]], blocks: 2, recurrences: 1)
    /// L: M with half again as many channels.
    public static let large = SpectralUNetConfiguration(
        fold: 1, channels: [48, 72, 96, 144, 192], strides: [[2, 1], [2, 2], [2, 1], [2, 2]], blocks: 2,
        recurrences: 1, hidden: 96)

    /// The size of a name: S, M or L; nil for any other.
    public init?(size: String) {
        switch size.uppercased() {
        case "S": self = .small
        case "M": self = .medium
        case "L": self = .large
        default: return nil
        }
    }

    /// Reads a configuration and refuses sizes that make no network.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        fold = try values.decode(Int.self, forKey: .fold)
        channels = try values.decode([Int].self, forKey: .channels)
        strides = try values.decode([[Int]].self, forKey: .strides)
        blocks = try values.decode(Int.self, forKey: .blocks)
        recurrences = try values.decode(Int.self, forKey: .recurrences)
        hidden = try values.decode(Int.self, forKey: .hidden)
        sampleRate = try values.decode(Int.self, forKey: .sampleRate)
        if let fault {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    /// Frames are computed in multiples of this.
    var frameMultiple: Int { strides.reduce(1) { $0 * $1[1] } }

    private var fault: String? {
        if ![1, 2, 4, 8].contains(fold) { return "a spectral network folds 1, 2, 4 or 8 bins, not \(fold)" }
        if channels.isEmpty || channels.count > 6
            || channels.contains(where: { $0 % 8 != 0 || !(8...512).contains($0) })
        {
            return "the channels \(channels) are not one to six multiples of 8 up to 512"
        }
        if strides.count != channels.count - 1
            || strides.contains(where: { $0.count != 2 || !$0.allSatisfy((1...2).contains) })
        {
            return "the strides \(strides) are not pairs of 1 or 2 between \(channels.count) levels"
        }
        if !(1...4).contains(blocks) || !(0...4).contains(recurrences) || !(4...512).contains(hidden) {
            return "\(blocks) blocks, \(recurrences) recurrences of \(hidden) make no spectral network"
        }
        return [16_000, 48_000].contains(sampleRate)
            ? nil : "a spectral network takes 16 or 48 kHz, not \(sampleRate) Hz"
    }
}
