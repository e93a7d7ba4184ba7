/// The sizes of a ``VGG16BN``.
public struct VGG16BNConfiguration: Codable, Hashable, Sendable {
    /// Channels of the five blocks.
    public var channels: [Int]
    /// Convolutions of the five blocks, between which pictures are halved.
    public var convolutions: [Int]

    /// Describes a network; the defaults are those of the published weights.
    public init(channels: [Int] = [64, 128, 256, 512, 512], convolutions: [Int] = [2, 2, 3, 3, 3]) {
        self.channels = channels
        self.convolutions = convolutions
        if let fault { preconditionFailure(fault) }
    }

    /// Reads a configuration and refuses sizes that make no network.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        channels = try values.decode([Int].self, forKey: .channels)
        convolutions = try values.decode([Int].self, forKey: .convolutions)
        if let fault {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    /// How many numbers the network saves.
    public var elementCount: Int {
        var inputs = 3
        var total = 0
        for (outputs, count) in zip(channels, convolutions) {
            for _ in 0..<count {
                // Kernel and bias; weight, bias, mean, variance and counter of the normalisation.
                total += outputs * (9 * inputs + 1) + 4 * outputs + 1
                inputs = outputs
            }
        }
        return total
    }

    /// What makes these sizes impossible, nil for a network.
    var fault: String? {
        guard channels.count == convolutions.count, (1...5).contains(channels.count),
            channels.allSatisfy((1...4096).contains), convolutions.allSatisfy((1...8).contains)
        else { return "blocks of \(convolutions) convolutions with \(channels) channels make no VGG" }
        return nil
    }

    /// What a place of torchvision's list `features` is.
    enum Place: Hashable {
        case convolution(block: Int, index: Int)
        case norm(block: Int, index: Int)
        case relu(block: Int, index: Int)
        case pool(block: Int)
    }

    /// Torchvision's list: convolution, norm and ReLU in turn, a maximum at the end of each block.
    var places: [Place] {
        convolutions.enumerated().flatMap { block, count in
            (0..<count).flatMap { index -> [Place] in
                [
                    .convolution(block: block, index: index), .norm(block: block, index: index),
                    .relu(block: block, index: index),
                ]
            } + [.pool(block: block)]
        }
    }
}
