public import HeirloomTensors

/// One layer of gated recurrent units, with PyTorch's names and gate order.
///
/// - Shape: `[N, L, I]` → `[N, L, H]`, or `[N, L, 2·H]` when it also runs backwards in time.
public final class GRU: Module {
    @Parameter(key: "weight_ih_l0") var inputWeight: Tensor
    @Parameter(key: "weight_hh_l0") var hiddenWeight: Tensor
    @Parameter(key: "bias_ih_l0") var inputBias: Tensor
    @Parameter(key: "bias_hh_l0") var hiddenBias: Tensor
    @Parameter(key: "weight_ih_l0_reverse") var reverseInputWeight: Tensor?
    @Parameter(key: "weight_hh_l0_reverse") var reverseHiddenWeight: Tensor?
    @Parameter(key: "bias_ih_l0_reverse") var reverseInputBias: Tensor?
    @Parameter(key: "bias_hh_l0_reverse") var reverseHiddenBias: Tensor?

    /// Size of the state.
    public let hiddenSize: Int
    /// Whether a second direction runs backwards in time.
    public let isBidirectional: Bool

    /// Creates the layer with PyTorch's start: uniform in ±1/√hidden.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(inputSize: Int, hiddenSize: Int, bidirectional: Bool = false, using generator: Generator?) {
        self.hiddenSize = hiddenSize
        isBidirectional = bidirectional
        super.init()
        let bound = 1 / Double(hiddenSize).squareRoot()
        func drawn(_ shape: [Int]) -> Tensor {
            generator.map { .uniform(shape, from: -bound, to: bound, using: $0) } ?? .zeros(shape)
        }
        inputWeight = drawn([3 * hiddenSize, inputSize])
        hiddenWeight = drawn([3 * hiddenSize, hiddenSize])
        inputBias = drawn([3 * hiddenSize])
        hiddenBias = drawn([3 * hiddenSize])
        guard bidirectional else { return }
        reverseInputWeight = drawn([3 * hiddenSize, inputSize])
        reverseHiddenWeight = drawn([3 * hiddenSize, hiddenSize])
        reverseInputBias = drawn([3 * hiddenSize])
        reverseHiddenBias = drawn([3 * hiddenSize])
    }

    /// Runs over a sequence.
    /// - Parameter state: `[D, N, H]` with D = 2 when bidirectional, as an earlier call returned it; nil starts from zeros.
    public func callAsFunction(_ x: Tensor, state: Tensor? = nil) -> (output: Tensor, state: Tensor) {
        let shape = x.shape
        let directions = isBidirectional ? 2 : 1
        let first =
            state ?? Tensor.zeros([directions, shape[0], hiddenSize], dtype: x.dtype, device: x.device)
        let forward = [inputWeight, hiddenWeight, inputBias, hiddenBias]
        let backward = [reverseInputWeight, reverseHiddenWeight, reverseInputBias, reverseHiddenBias].compactMap { $0 }
        return x.gru(state: first, weights: forward + backward, bidirectional: isBidirectional)
    }
}
