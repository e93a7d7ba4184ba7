/// Which EfficientNet-Lite, and what it classifies.
public struct EfficientNetLiteConfiguration: Codable, Hashable, Sendable {
    /// 0 to 4: wider, deeper, for larger pictures.
    public var variant: Int
    /// Number of classes; nil builds an encoder without head and classifier.
    public var classes: Int?

    /// Names a variant.
    public init(variant: Int = 0, classes: Int? = 1000) {
        precondition(Self.widths.indices.contains(variant), "EfficientNet-Lite\(variant) does not exist")
        self.variant = variant
        self.classes = classes
    }

    /// Reads a configuration and refuses a variant that does not exist.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let variant = try values.decode(Int.self, forKey: .variant)
        let classes = try values.decodeIfPresent(Int.self, forKey: .classes)
        guard Self.widths.indices.contains(variant), (classes ?? 1) > 0, (classes ?? 1) <= 1_000_000 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "EfficientNet-Lite\(variant) does not exist"))
        }
        self.init(variant: variant, classes: classes)
    }

    /// Side of the square picture that the variant was trained on.
    public var nominalSize: Int { [224, 240, 260, 280, 300][variant] }

    /// Channels of the taps at strides 2, 4, 8, 16, 32.
    public var tapChannels: [Int] { tapBlocks.map { plan[$0].outputs } }

    static let stemChannels = 32
    static let headChannels = 1280
    private static let widths = [1, 1, 1.1, 1.2, 1.4]
    private static let depths = [1, 1.1, 1.2, 1.4, 1.8]
    /// Of the seven stages: kernel, stride, expansion, channels and repeats at width and depth 1.
    private static let stages = [
        (3, 1, 1, 16, 1), (3, 2, 6, 24, 2), (5, 2, 6, 40, 2), (3, 2, 6, 80, 3), (5, 1, 6, 112, 3), (5, 2, 6, 192, 4),
        (3, 1, 6, 320, 1),
    ]

    /// The blocks in order.
    var plan: [InvertedResidual.Plan] {
        var inputs = Self.stemChannels
        return stageRepeats.enumerated().flatMap { stage, repeats -> [InvertedResidual.Plan] in
            let (kernel, stride, expansion, channels, _) = Self.stages[stage]
            let outputs = Self.rounded(Double(channels) * Self.widths[variant])
            return (0..<repeats).map { index in
                defer { inputs = outputs }
                return InvertedResidual.Plan(
                    kernel: kernel, stride: index == 0 ? stride : 1, expansion: expansion, inputs: inputs,
                    outputs: outputs)
            }
        }
    }

    /// The last block before each change of stride: index of each tap's block.
    var tapBlocks: [Int] {
        let plan = plan
        return plan.indices.filter { $0 + 1 == plan.count || plan[$0 + 1].stride == 2 }
    }

    private var stageRepeats: [Int] {
        Self.stages.enumerated().map { index, stage in
            // The first and the last stage are never repeated, whatever the depth.
            index == 0 || index == 6 ? stage.4 : Int((Double(stage.4) * Self.depths[variant]).rounded(.up))
        }
    }

    /// Channels in multiples of 8, never less than 90 % of what was asked for.
    private static func rounded(_ channels: Double) -> Int {
        let nearest = max(8, Int(channels + 4) / 8 * 8)
        return Double(nearest) < 0.9 * channels ? nearest + 8 : nearest
    }
}
