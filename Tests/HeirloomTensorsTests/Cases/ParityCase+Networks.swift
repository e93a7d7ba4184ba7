import HeirloomTensors

extension ParityCase {
    static let convolutions: [ParityCase] = [
        ParityCase("conv2d") { $0[0].conv2d($0[1], bias: $0[2]) },
        ParityCase("conv2d without bias") { $0[0].conv2d($0[1]) },
        ParityCase("conv2d strided, padded, dilated") {
            $0[0].conv2d($0[1], bias: $0[2], stride: (2, 1), padding: (1, 2), dilation: (1, 2))
        },
        ParityCase("conv2d grouped") { $0[0].conv2d($0[1], bias: $0[2], padding: (1, 1), groups: 2) },
        ParityCase("conv2d depthwise") { $0[0].conv2d($0[1], padding: (1, 1), groups: 4) },
        ParityCase("conv2d channels last") {
            $0[0].contiguous(.channelsLast).conv2d(
                $0[1].contiguous(.channelsLast), bias: $0[2], stride: (2, 2), padding: (1, 1))
        },
        ParityCase("conv1d") { $0[0].conv1d($0[1], bias: $0[2], stride: 2, padding: 3, dilation: 2, groups: 2) },
        ParityCase("convTransposed2d") {
            $0[0].convTransposed2d($0[1], bias: $0[2], stride: (2, 3), padding: (1, 0), outputPadding: (1, 2))
        },
        ParityCase("convTransposed2d grouped") { $0[0].convTransposed2d($0[1], stride: (2, 2), groups: 2) },
        ParityCase("linear") { $0[0].linear($0[1], bias: $0[2]) },
        ParityCase("linear without bias") { $0[0].linear($0[1]) },
    ]

    static let networks: [ParityCase] = [
        ParityCase("batchNormalized in training") { batchNormalized($0, training: true) },
        ParityCase("batchNormalized by running statistics") { batchNormalized($0, training: false) },
        ParityCase("groupNormalized") {
            $0[0].groupNormalized(groups: 2, weight: $0[1], bias: $0[2], epsilon: 1e-4)
        },
        ParityCase("layerNormalized") {
            $0[0].layerNormalized(shape: [6, 7], weight: $0[1], bias: $0[2], epsilon: 1e-4)
        },
        ParityCase("layerNormalized without weights") {
            $0[0].layerNormalized(shape: [7], weight: nil, bias: nil, epsilon: 1e-4)
        },
        ParityCase("prelu") { $0[0].prelu($0[1]) },
        ParityCase("prelu with one slope") { $0[0].prelu($0[1]) },
        ParityCase("maxPooled") { $0[0].maxPooled(kernel: 2, stride: 2) },
        ParityCase("maxPooled padded, ceil") { $0[0].maxPooled(kernel: 3, stride: 2, padding: 1, ceil: true) },
        ParityCase("meanPooled") { $0[0].meanPooled(kernel: 3, stride: 2, padding: 1) },
        ParityCase("meanPooled without padding, ceil") {
            $0[0].meanPooled(kernel: 3, stride: 2, padding: 1, ceil: true, countingPadding: false)
        },
        ParityCase("meanPooled to grid") { $0[0].meanPooled(height: 4, width: 3) },
        ParityCase("attention") { $0[0].attention(keys: $0[1], values: $0[2], scale: 0.3) },
        ParityCase("attention masked") { $0[0].attention(keys: $0[1], values: $0[2], mask: $0[3], scale: 0.3) },
        ParityCase("gru") { gru($0, bidirectional: false) },
        ParityCase("gru bidirectional") { gru($0, bidirectional: true) },
    ]

    static let losses: [ParityCase] =
        [Reduction.none, .mean, .sum].flatMap { reduction in
            [
                ParityCase("l1Loss \(reduction)") { $0[0].l1Loss($0[1], reduction: reduction) },
                ParityCase("squaredLoss \(reduction)") { $0[0].squaredLoss($0[1], reduction: reduction) },
                ParityCase("huberLoss \(reduction)") { $0[0].huberLoss($0[1], delta: 0.7, reduction: reduction) },
                ParityCase("binaryCrossEntropy \(reduction)") {
                    $0[0].binaryCrossEntropy($0[1], reduction: reduction)
                },
            ]
        } + [
            ParityCase("crossEntropy") { $0[0].crossEntropy($0[1]) },
            ParityCase("crossEntropy smoothed") { $0[0].crossEntropy($0[1], labelSmoothing: 0.2) },
        ]

    /// The running statistics are written to, and are outputs too.
    private static func batchNormalized(_ x: [Tensor], training: Bool) -> [Tensor] {
        let (mean, variance) = (x[3].copied(), x[4].copied())
        let result = x[0].batchNormalized(
            weight: x[1], bias: x[2], runningMean: mean, runningVariance: variance, training: training, momentum: 0.3,
            epsilon: 1e-3)
        return [result, mean, variance]
    }

    private static func gru(_ x: [Tensor], bidirectional: Bool) -> [Tensor] {
        let (output, state) = x[0].gru(state: x[1], weights: Array(x[2...]), bidirectional: bidirectional)
        return [output, state]
    }
}
