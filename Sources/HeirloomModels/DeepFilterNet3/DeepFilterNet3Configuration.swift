/// The sizes of a ``DeepFilterNet3``; the sampling rate, the bands and the filter are part of the network.
public struct DeepFilterNet3Configuration: Codable, Hashable, Sendable {
    /// Channels of the convolutions.
    public var channels: Int
    /// Size of the recurrent layers' states.
    public var hidden: Int

    /// Describes a network; the defaults are those of the published weights.
    public init(channels: Int = 64, hidden: Int = 256) {
        self.init(unchecked: (channels, hidden))
        if let fault { preconditionFailure(fault) }
    }

    init(unchecked sizes: (channels: Int, hidden: Int)) { (channels, hidden) = sizes }

    /// Reads a configuration and refuses sizes that make no network.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        channels = try values.decode(Int.self, forKey: .channels)
        hidden = try values.decode(Int.self, forKey: .hidden)
        if let fault {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    /// Width of what the encoder hands to the decoders.
    var embedding: Int { channels * DeepFilterNet3.bands / 4 }

    /// Number of weights of the network.
    public var parameterCount: Int {
        let separable = { (kernel: Int) in channels * kernel + channels * (channels + 1) }
        let gru = 3 * hidden * (2 * hidden + 2)
        let squeeze = embedding * hidden / 16
        let encoder =
            channels * 10 + 3 * separable(3) + channels * 9 + channels * (channels + 1) + separable(3)
            + channels * DeepFilterNet3.filteredBins / 2 * embedding / 32 + 2 * squeeze + gru + embedding + 1
        let bands = 2 * squeeze + 2 * gru + 4 * 2 * channels + 3 * separable(3) + 3 * channels + 1
        let taps = 2 * DeepFilterNet3.order
        let filter =
            taps * channels / DeepFilterNet3.pathwayGroups(channels) * 5 + taps * (taps + 1) + embedding * hidden / 8
            + 2 * gru + squeeze + hidden * DeepFilterNet3.filteredBins * taps / 16
        return encoder + bands + filter
    }

    /// What makes these sizes impossible, nil for a network.
    var fault: String? {
        if !(4...256).contains(channels) || channels % 4 != 0 {
            return "\(channels) channels are not a multiple of 4 in 4...256"
        }
        if !(16...1024).contains(hidden) || hidden % 16 != 0 {
            return "a state of \(hidden) is not a multiple of 16 in 16...1024"
        }
        return nil
    }
}
