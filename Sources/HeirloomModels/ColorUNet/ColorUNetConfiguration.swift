/// The sizes of a ``ColorUNet``.
public struct ColorUNetConfiguration: Codable, Hashable, Sendable {
    /// Variant of the EfficientNet-Lite encoder, 0 to 4.
    public var encoder: Int
    /// Channels after each pixel shuffle, from stride 16 to stride 2.
    public var upsampled: [Int]
    /// Channels after each decoder block's 3×3 convolution, from stride 16 to stride 2.
    public var mixed: [Int]
    /// Whether the map at stride 16 passes through self-attention.
    public var attention: Bool

    /// Describes a network; the defaults are those of the weights that come with Heirloom.
    public init(
        encoder: Int = 0, upsampled: [Int] = [128, 64, 48, 32], mixed: [Int] = [192, 96, 64, 32], attention: Bool = true
    ) {
        self.encoder = encoder
        self.upsampled = upsampled
        self.mixed = mixed
        self.attention = attention
        if let fault { preconditionFailure(fault) }
    }

    /// Reads a configuration and refuses sizes that make no network.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        encoder = try values.decode(Int.self, forKey: .encoder)
        upsampled = try values.decode([Int].self, forKey: .upsampled)
        mixed = try values.decode([Int].self, forKey: .mixed)
        attention = try values.decode(Bool.self, forKey: .attention)
        if let fault {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    private var fault: String? {
        let widths = upsampled + mixed
        if !(0...4).contains(encoder) { return "EfficientNet-Lite\(encoder) does not exist" }
        if upsampled.count != 4 || mixed.count != 4 { return "a colour network has four decoder blocks" }
        if widths.contains(where: { !(8...2048).contains($0) }) {
            return "decoder widths \(widths) are not in 8...2048"
        }
        return nil
    }
}
