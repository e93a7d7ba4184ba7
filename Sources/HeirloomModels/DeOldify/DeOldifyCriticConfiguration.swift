/// The size of a ``DeOldifyCritic``.
public struct DeOldifyCriticConfiguration: Codable, Hashable, Sendable {
    /// Channels of its first convolution; the last has eight times as many.
    public var features: Int
    /// Probability that a channel is dropped in training; half of it after the first convolution.
    public var dropout: Double

    /// Describes a network; the defaults are those of the original.
    public init(features: Int = 256, dropout: Double = 0.15) {
        self.init(unchecked: features, dropout)
        if let fault { preconditionFailure(fault) }
    }

    init(unchecked features: Int, _ dropout: Double) {
        self.features = features
        self.dropout = dropout
    }

    /// Reads a configuration and refuses sizes that make no network.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        features = try values.decode(Int.self, forKey: .features)
        dropout = try values.decode(Double.self, forKey: .dropout)
        if let fault {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    /// Number of saved numbers: weights, and the vectors of the spectral norms.
    var elementCount: Int {
        func spectral(_ inputs: Int, _ outputs: Int, _ area: Int) -> Int {
            outputs * inputs * area + 2 * outputs + inputs * area
        }
        let f = features
        var sum = spectral(3, f, 16) + spectral(f, f, 9)
        for level in 0..<3 {
            let (inputs, outputs) = (f << level, f << (level + 1))
            sum += spectral(inputs, outputs, 16) + spectral(outputs, outputs, 9)
        }
        let (attended, inner) = (2 * f, max(1, f / 4))
        func pointwise(_ outputs: Int) -> Int { attended * outputs + outputs + attended }
        return sum + 2 * pointwise(inner) + pointwise(attended) + 1 + 2 * 8 * f * 16 + 1
    }

    /// What makes the sizes impossible, nil for a network.
    var fault: String? {
        if !(4...1024).contains(features) { return "\(features) features are not in 4...1024" }
        return (0..<1).contains(dropout) ? nil : "a dropout of \(dropout) is not in 0..<1"
    }
}
