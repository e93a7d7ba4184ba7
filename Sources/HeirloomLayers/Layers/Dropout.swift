public import HeirloomTensors

/// Zeroes elements at random in training and scales the others up; the identity otherwise.
public final class Dropout: Module, UnaryLayer {
    /// Probability of an element to be zeroed.
    public let probability: Double
    /// Whether whole samples are dropped at once (the residual branches of drop-connect) and not single elements.
    public let perSample: Bool
    private let generator: Generator

    /// Creates a dropout that draws from the given generator, which lives on the device of the inputs.
    public init(_ probability: Double, perSample: Bool = false, using generator: Generator) {
        precondition((0..<1).contains(probability), "dropout with probability \(probability)")
        self.probability = probability
        self.perSample = perSample
        self.generator = generator
    }

    /// The input with holes in training, the input itself otherwise.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        guard isTraining, probability > 0 else { return x }
        let shape = perSample ? [x.shape[0]] + x.shape.dropFirst().map { _ in 1 } : x.shape
        let kept = Tensor.bernoulli(shape, probability: 1 - probability, dtype: x.dtype, using: generator)
        return x * (kept * (1 / (1 - probability)))
    }
}
