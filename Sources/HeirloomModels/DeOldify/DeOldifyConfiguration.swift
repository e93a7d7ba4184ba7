/// The sizes of a ``DeOldifyGenerator``.
public struct DeOldifyConfiguration: Codable, Hashable, Sendable {
    /// Channels of the encoder's stem; its stages have 1, 2, 4 and 8 times as many (bottlenecks: 4 times that).
    public var width: Int
    /// Blocks in each of the encoder's four stages.
    public var depths: [Int]
    /// Whether the encoder's blocks are bottlenecks.
    public var bottleneck: Bool
    /// Convolutions in each decoder block: 1 (wide) or 2 (deep).
    public var convolutions: Int
    /// Channels after each pixel shuffle, from stride 16 to stride 2.
    public var upsampled: [Int]
    /// Channels after each decoder block, from stride 16 to stride 2.
    public var mixed: [Int]

    /// The generator of `ColorizeArtistic_gen.pth`: ResNet-34 and a deep decoder.
    public static let artistic = DeOldifyConfiguration(
        width: 64, depths: [3, 4, 6, 3], bottleneck: false, convolutions: 2, upsampled: [256, 384, 384, 336],
        mixed: [768, 768, 672, 300])
    /// The generator of `ColorizeStable_gen.pth` and `ColorizeVideo_gen.pth`: ResNet-101 and a wide decoder.
    public static let stable = DeOldifyConfiguration(
        width: 64, depths: [3, 4, 23, 3], bottleneck: true, convolutions: 1, upsampled: [512, 512, 512, 256],
        mixed: [512, 512, 512, 256])

    /// Describes a network.
    /// - Precondition: The sizes make a network.
    public init(
        width: Int, depths: [Int], bottleneck: Bool, convolutions: Int, upsampled: [Int], mixed: [Int]
    ) {
        self.init(unchecked: width, depths, bottleneck, convolutions, upsampled, mixed)
        if let fault { preconditionFailure(fault) }
    }

    init(
        unchecked width: Int, _ depths: [Int], _ bottleneck: Bool, _ convolutions: Int, _ upsampled: [Int],
        _ mixed: [Int]
    ) {
        self.width = width
        self.depths = depths
        self.bottleneck = bottleneck
        self.convolutions = convolutions
        self.upsampled = upsampled
        self.mixed = mixed
    }

    /// Reads a configuration and refuses sizes that make no network.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        width = try values.decode(Int.self, forKey: .width)
        depths = try values.decode([Int].self, forKey: .depths)
        bottleneck = try values.decode(Bool.self, forKey: .bottleneck)
        convolutions = try values.decode(Int.self, forKey: .convolutions)
        upsampled = try values.decode([Int].self, forKey: .upsampled)
        mixed = try values.decode([Int].self, forKey: .mixed)
        if let fault {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    /// Channels of the encoder's four stages.
    var stageChannels: [Int] { (0..<4).map { (width << $0) * (bottleneck ? 4 : 1) } }
    /// Channels of the taps, from stride 2 to stride 16.
    var tapChannels: [Int] { [width] + stageChannels[..<3] }

    /// Number of saved numbers: weights, statistics of the normalisations, vectors of the spectral norms.
    var elementCount: Int {
        func norm(_ channels: Int) -> Int { 4 * channels + 1 }
        func spectral(_ inputs: Int, _ outputs: Int, _ area: Int) -> Int {
            outputs * inputs * area + outputs + inputs * area
        }
        var sum = width * 147 + norm(width)
        var inputs = width
        for (index, outputs) in stageChannels.enumerated() {
            for place in 0..<depths[index] {
                let inner = bottleneck ? outputs / 4 : outputs
                sum +=
                    bottleneck
                    ? inputs * inner + inner * inner * 9 + inner * outputs : (inputs + outputs) * outputs * 9
                sum += (bottleneck ? 2 * norm(inner) : norm(inner)) + norm(outputs)
                if inputs != outputs || (place == 0 && index > 0) { sum += inputs * outputs + norm(outputs) }
                inputs = outputs
            }
        }
        sum += norm(inputs) + spectral(inputs, 2 * inputs, 9) + norm(2 * inputs)
        sum += spectral(2 * inputs, inputs, 9) + norm(inputs)
        for index in 0..<4 {
            let (up, skip, out) = (upsampled[index], tapChannels[3 - index], mixed[index])
            sum += spectral(inputs, 4 * up, 1) + norm(4 * up) + norm(skip)
            sum += spectral(up + skip, out, 9) + norm(out)
            sum += (convolutions - 1) * (spectral(out, out, 9) + norm(out))
            if index == 1 {
                let inner = max(1, out / 8)
                sum += 2 * spectral(out, inner, 1) + spectral(out, out, 1) + 1
            }
            inputs = out
        }
        let last = inputs + 3
        sum += 4 * inputs * inputs + 8 * inputs
        return sum + 2 * (spectral(last, last, 9) + last) + spectral(last, 3, 1) + 3
    }

    /// What makes the sizes impossible, nil for a network.
    var fault: String? {
        if !(4...256).contains(width) { return "an encoder of \(width) channels is not one of 4...256" }
        if depths.count != 4 || depths.contains(where: { !(1...64).contains($0) }) {
            return "encoder depths \(depths) are not four numbers in 1...64"
        }
        if !(1...2).contains(convolutions) { return "decoder blocks have 1 or 2 convolutions, not \(convolutions)" }
        if upsampled.count != 4 || mixed.count != 4 { return "the generator has four decoder blocks" }
        if (upsampled + mixed).contains(where: { !(1...4096).contains($0) }) {
            return "decoder widths \(upsampled + mixed) are not in 1...4096"
        }
        return nil
    }
}
