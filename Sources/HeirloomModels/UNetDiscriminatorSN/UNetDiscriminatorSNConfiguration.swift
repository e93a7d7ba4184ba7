/// The size of a ``UNetDiscriminatorSN``.
public struct UNetDiscriminatorSNConfiguration: Codable, Hashable, Sendable {
    /// Channels at full size; each of the three levels below has twice as many.
    public var features: Int

    /// Describes a network; the default is that of the published weights.
    public init(features: Int = 64) {
        self.init(unchecked: features)
        if let fault { preconditionFailure(fault) }
    }

    init(unchecked features: Int) { self.features = features }

    /// Reads a configuration and refuses sizes that make no network.
    public init(from decoder: any Decoder) throws {
        features = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .features)
        if let fault {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    /// Number of saved numbers of the network: its weights and the vectors of its spectral norms.
    public var parameterCount: Int {
        let f = features
        func spectral(_ inputs: Int, _ outputs: Int, _ kernel: Int) -> Int {
            outputs * inputs * kernel * kernel + outputs + inputs * kernel * kernel
        }
        let down = (0..<3).reduce(0) { $0 + spectral(f << $1, f << ($1 + 1), 4) }
        let up = (0..<3).reduce(0) { $0 + spectral(f << (3 - $1), f << (2 - $1), 3) }
        return f * 28 + down + up + 2 * spectral(f, f, 3) + 9 * f + 1
    }

    /// What makes the size impossible, nil for a network.
    var fault: String? { (4...256).contains(features) ? nil : "\(features) features are not in 4...256" }
}
