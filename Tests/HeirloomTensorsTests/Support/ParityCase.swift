import HeirloomTensors
import Testing

/// One call of the library whose results PyTorch wrote into the golden file under the same name.
struct ParityCase: Sendable, CustomTestStringConvertible {
    /// Which half-precision runs the case takes part in.
    enum Half: Sendable {
        /// On every device.
        case everywhere
        /// On GPUs: the CPU has no such kernel in float16.
        case gpu
        /// Nowhere: libtorch has no such kernel in float16, or the case is about dtypes or positions.
        case never
    }

    let name: String
    let half: Half
    let apply: @Sendable ([Tensor]) -> [Tensor]

    init(_ name: String, half: Half = .everywhere, _ apply: @escaping @Sendable ([Tensor]) -> Tensor) {
        self.init(name, half: half) { [apply($0)] }
    }

    init(_ name: String, half: Half = .everywhere, _ apply: @escaping @Sendable ([Tensor]) -> [Tensor]) {
        self.name = name
        self.half = half
        self.apply = apply
    }

    var testDescription: String { name }

    static let all =
        creation + functions + arithmetic + reductions + shapes + indexing + convolutions + networks + sampling + losses
        + algebra + fourier + conversions + optimizer

    /// The outputs, and the gradients that the golden file has, of this case on a device and in a dtype.
    struct Run {
        var outputs: [Tensor]
        var gradients: [Int: Tensor?]
    }

    /// Runs the case forwards and backwards.
    /// - Parameter convert: Brings the golden inputs and output weights to the device and dtype wanted.
    /// - Throws: What libtorch refuses, so that one wrong case does not end the others.
    func run(_ golden: Golden, convert: (Tensor) -> Tensor = { $0 }) throws -> Run {
        try recovering { runTrapping(golden, convert) }
    }

    private func runTrapping(_ golden: Golden, _ convert: (Tensor) -> Tensor) -> Run {
        let inputs = golden.tensors("\(name):in").map { convert($0).copied() }
        let wanted = inputs.indices.filter { golden.tensor("\(name):grad\($0)") != nil }
        for i in wanted { inputs[i].requireGradient() }
        let outputs = apply(inputs)
        let weights = outputs.indices.compactMap { j in golden.tensor("\(name):weight\(j)").map { (j, convert($0)) } }
        guard !wanted.isEmpty else { return Run(outputs: outputs, gradients: [:]) }
        let found = gradients(
            of: weights.map { outputs[$0.0] }, withRespectTo: wanted.map { inputs[$0] }, weights: weights.map(\.1))
        return Run(outputs: outputs, gradients: Dictionary(uniqueKeysWithValues: zip(wanted, found)))
    }
}
