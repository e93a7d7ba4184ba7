import HeirloomTensors

extension ParityCase {
    static let creation: [ParityCase] = [
        ParityCase("zeros") { _ in Tensor.zeros([2, 3]) },
        ParityCase("ones") { _ in Tensor.ones([2, 3], dtype: .int64) },
        ParityCase("full") { _ in Tensor.full([2, 1], -2.5) },
        ParityCase("full scalar") { _ in Tensor(3.25) },
        ParityCase("range") { _ in Tensor.range(from: 1, to: 6.5, by: 0.75) },
        ParityCase("range of integers") { _ in Tensor.range(to: 5, dtype: .int64) },
        ParityCase("linspace") { _ in Tensor.linspace(from: -1, to: 2, count: 7) },
        ParityCase("identity") { _ in Tensor.identity(3) },
        ParityCase("uniform") { _ in Tensor.uniform([3, 5], from: -2, to: 5, using: Generator(seed: 7)) },
        ParityCase("normal") { _ in
            Tensor.normal([4, 9], mean: 1, standardDeviation: 0.5, using: Generator(seed: 7))
        },
        ParityCase("integers") { _ in Tensor.integers([3, 5], from: -3, to: 9, using: Generator(seed: 7)) },
        ParityCase("permutation") { _ in Tensor.permutation(11, using: Generator(seed: 7)) },
    ]

    static let conversions: [ParityCase] = [
        ParityCase("to float16", half: .never) { $0[0].to(dtype: .float16) },
        ParityCase("to bfloat16", half: .never) { $0[0].to(dtype: .bfloat16) },
        ParityCase("to float64 and back", half: .never) { $0[0].to(dtype: .float64).to(dtype: .float32) },
        ParityCase("to int64") { $0[0].to(dtype: .int64) },
        ParityCase("to bool") { $0[0].to(dtype: .bool) },
        ParityCase("from float16", half: .never) { $0[0].to(dtype: .float32) },
        ParityCase("from bfloat16", half: .never) { $0[0].to(dtype: .float32) },
    ]

    static let optimizer: [ParityCase] = [
        // Two parameters and their gradients of three steps; the second parameter lies channels-last in memory, its
        // gradients do not.
        ParityCase("adamWStep", half: .never) { (x: [Tensor]) -> [Tensor] in
            let parameters = [x[0].copied(), x[1].contiguous(.channelsLast)]
            let moments = (0..<2).map { _ in parameters.map { $0 * 0 } }
            let steps = parameters.map { Tensor.zeros([], device: $0.device) }
            for step in 1...3 {
                steps.forEach { $0.fill(Double(step)) }
                TensorList.adamWStep(
                    parameters: parameters, gradients: [x[2 * step], x[2 * step + 1]], firstMoments: moments[0],
                    secondMoments: moments[1], steps: steps, rate: 0.02, beta1: 0.8, beta2: 0.95, weightDecay: 0.1,
                    epsilon: 1e-6)
            }
            return parameters + moments[0] + moments[1]
        }
    ]
}
