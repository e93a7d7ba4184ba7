import HeirloomLayers
import HeirloomTensors

/// A matrix product over the last axis in which each group of inputs makes its own group of outputs.
///
/// - Shape: `[N, T, I]` → `[N, T, O]`.
final class GroupedLinear: Module, UnaryLayer {
    /// `[G, I / G, O / G]`.
    @Parameter var weight: Tensor

    /// Creates the layer, without a bias.
    init(inputs: Int, outputs: Int, groups: Int, using generator: Generator?) {
        precondition(inputs % groups == 0 && outputs % groups == 0, "GroupedLinear \(inputs)→\(outputs) of \(groups)")
        let shape = [groups, inputs / groups, outputs / groups]
        let bound = 1 / Double(shape[1]).squareRoot()
        weight = generator.map { .uniform(shape, from: -bound, to: bound, using: $0) } ?? .zeros(shape)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let (shape, sizes) = (x.shape, weight.shape)
        let grouped = x.reshaped([shape[0] * shape[1], sizes[0], sizes[1]]).swappingAxes(0, 1)  // [G, N·T, I/G]
        return grouped.matmul(weight).swappingAxes(0, 1).reshaped([shape[0], shape[1], sizes[0] * sizes[2]])
    }
}

/// Recurrent layers between a narrowing and, where there is one, a widening grouped product.
///
/// - Shape: `[N, T, I]` → `[N, T, O]`, O the size of the state where nothing widens it.
final class SqueezedGRU: Module, UnaryLayer {
    let narrowing: GroupedLinear
    let recurrent: [GRU]
    let widening: GroupedLinear?

    init(inputs: Int, hidden: Int, outputs: Int?, layers: Int, groups: Int, using generator: Generator?) {
        narrowing = GroupedLinear(inputs: inputs, outputs: hidden, groups: groups, using: generator)
        recurrent = (0..<layers).map { _ in GRU(inputSize: hidden, hiddenSize: hidden, using: generator) }
        widening = outputs.map { GroupedLinear(inputs: hidden, outputs: $0, groups: groups, using: generator) }
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let y = recurrent.reduce(narrowing(x).relu()) { $1($0).output }
        return widening.map { $0(y).relu() } ?? y
    }
}
