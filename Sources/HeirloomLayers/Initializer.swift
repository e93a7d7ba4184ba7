public import HeirloomTensors

/// How the first values of a weight are drawn.
public indirect enum Initializer: Sendable {
    /// Zeros.
    case zeros
    /// One value.
    case constant(Double)
    /// Normal numbers around 0.
    case normal(standardDeviation: Double)
    /// Normal numbers of deviation `gain / √fan-in`; the gain √2 suits ReLU (He 2015).
    case kaimingNormal
    /// Uniform in `±1 / √fan-in`: what PyTorch's convolutions and linear layers start with.
    case kaimingUniform
    /// For a convolution before a pixel shuffle by `factor`: the base's kernels, each repeated for the `factor²` outputs
    /// that become neighbours, so that the shuffle starts as nearest-neighbour upsampling (Aitken 2017).
    case icnr(Initializer, factor: Int)

    /// A new float32 tensor on the CPU.
    /// - Parameters:
    ///   - shape: Outputs first, as weights have it; fan-in is the product of the other axes.
    ///   - generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public func callAsFunction(_ shape: [Int], using generator: Generator?) -> Tensor {
        guard let generator else { return .zeros(shape) }
        let fanIn = Double(shape.dropFirst().reduce(1, *))
        switch self {
        case .zeros: return .zeros(shape)
        case .constant(let value): return .full(shape, value)
        case .normal(let deviation): return .normal(shape, standardDeviation: deviation, using: generator)
        case .kaimingNormal: return .normal(shape, standardDeviation: (2 / fanIn).squareRoot(), using: generator)
        case .kaimingUniform:
            let bound = 1 / fanIn.squareRoot()
            return .uniform(shape, from: -bound, to: bound, using: generator)
        case .icnr(let base, let factor):
            let repeats = factor * factor
            precondition(
                shape.first.map { $0 % repeats == 0 } ?? false,
                "ICNR by \(factor) needs outputs divisible by \(repeats): \(shape)")
            let kernels = base([shape[0] / repeats] + shape.dropFirst(), using: generator)
            return kernels.repeatedElements(repeats, axis: 0).copied(.contiguous)
        }
    }
}
