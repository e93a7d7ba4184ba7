/// The sizes of an ``RRDBNet``.
public struct RRDBNetConfiguration: Codable, Hashable, Sendable {
    /// Output size over input size: 4, 2 or 1. The network itself always enlarges four times; for 2 and 1 it is given
    /// blocks of 2×2 and 4×4 pixels as channels.
    public var scale: Int
    /// Residual-in-residual blocks.
    public var blocks: Int
    /// Channels of the trunk.
    public var features: Int
    /// Channels that each convolution of a dense block adds.
    public var growth: Int

    /// Describes a network; the defaults are those of RealESRGAN_x4plus.
    public init(scale: Int = 4, blocks: Int = 23, features: Int = 64, growth: Int = 32) {
        self.init(unchecked: (scale, blocks, features, growth))
        if let fault { preconditionFailure(fault) }
    }

    init(unchecked sizes: (scale: Int, blocks: Int, features: Int, growth: Int)) {
        (scale, blocks, features, growth) = sizes
    }

    /// Reads a configuration and refuses sizes that make no network.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        scale = try values.decode(Int.self, forKey: .scale)
        blocks = try values.decode(Int.self, forKey: .blocks)
        features = try values.decode(Int.self, forKey: .features)
        growth = try values.decode(Int.self, forKey: .growth)
        if let fault {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    /// Side of the blocks of pixels that become channels before the first convolution.
    public var fold: Int { 4 / scale }

    /// Number of weights of the network.
    public var parameterCount: Int {
        let dense = (1...5).reduce(0) { sum, index in
            let outputs = index < 5 ? growth : features
            return sum + outputs * (9 * (features + (index - 1) * growth) + 1)
        }
        return features * (9 * 3 * fold * fold + 1) + 3 * blocks * dense + 4 * features * (9 * features + 1)
            + 3 * (9 * features + 1)
    }

    /// What makes these sizes impossible, nil for a network.
    var fault: String? {
        if ![4, 2, 1].contains(scale) { return "an RRDBNet enlarges 4, 2 or 1 times, not \(scale)" }
        if !(1...64).contains(blocks) { return "an RRDBNet has 1...64 blocks, not \(blocks)" }
        if !(4...512).contains(features) || !(4...512).contains(growth) {
            return "\(features) features and \(growth) channels of growth are not in 4...512"
        }
        return nil
    }
}
