/// The sizes of an ``SRVGGNetCompact``.
public struct SRVGGNetCompactConfiguration: Codable, Hashable, Sendable {
    /// How many times the network itself enlarges: 1...8.
    public var upscale: Int
    /// Convolutions between the first and the last.
    public var convolutions: Int
    /// Channels between them.
    public var features: Int
    /// The size of what comes out, where the network's own output is resampled to a smaller one.
    public var outputScale: Int?

    /// Describes a network; the defaults are those of realesr-animevideov3.
    public init(upscale: Int = 4, convolutions: Int = 16, features: Int = 64, outputScale: Int? = nil) {
        self.init(unchecked: (upscale, convolutions, features), outputScale: outputScale)
        if let fault { preconditionFailure(fault) }
    }

    init(unchecked sizes: (upscale: Int, convolutions: Int, features: Int), outputScale: Int? = nil) {
        (upscale, convolutions, features) = sizes
        self.outputScale = outputScale
    }

    /// Reads a configuration and refuses sizes that make no network.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        upscale = try values.decode(Int.self, forKey: .upscale)
        convolutions = try values.decode(Int.self, forKey: .convolutions)
        features = try values.decode(Int.self, forKey: .features)
        outputScale = try values.decodeIfPresent(Int.self, forKey: .outputScale)
        if let fault {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    /// Output size over input size.
    public var scale: Int { outputScale ?? upscale }

    /// Number of weights of the network.
    public var parameterCount: Int {
        features * (9 * 3 + 1) + features + convolutions * (features * (9 * features + 1) + features)
            + 3 * upscale * upscale * (9 * features + 1)
    }

    /// What makes these sizes impossible, nil for a network.
    var fault: String? {
        if !(1...8).contains(upscale) { return "a compact network enlarges 1...8 times, not \(upscale)" }
        if !(1...256).contains(convolutions) {
            return "a compact network has 1...256 convolutions, not \(convolutions)"
        }
        if !(4...512).contains(features) { return "\(features) features are not in 4...512" }
        if let outputScale, !(1...upscale).contains(outputScale) {
            return "an output scale of \(outputScale) is not in 1...\(upscale)"
        }
        return nil
    }
}
