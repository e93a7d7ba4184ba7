import HeirloomTensors

extension ParityCase {
    static let reductions: [ParityCase] = [
        ParityCase("sum of all") { $0[0].sum() },
        ParityCase("sum over axes") { $0[0].sum(axes: [0, -1]) },
        ParityCase("sum keeping") { $0[0].sum(axes: [1], keepingDimensions: true) },
        ParityCase("sum of bytes") { $0[0].sum() },
        ParityCase("mean of all") { $0[0].mean() },
        ParityCase("mean over axes") { $0[0].mean(axes: [1, 2], keepingDimensions: true) },
        ParityCase("product of all", half: .never) { $0[0].product() },
        ParityCase("product over axes") { $0[0].product(axes: [2, 0]) },
        ParityCase("product keeping") { $0[0].product(axes: [1, -1], keepingDimensions: true) },
        ParityCase("max of all") { $0[0].max() },
        ParityCase("max over axes") { $0[0].max(axes: [0, 2]) },
        ParityCase("min over axes") { $0[0].min(axes: [0, 2], keepingDimensions: true) },
        ParityCase("any") { $0[0].any(axes: [1]) },
        ParityCase("any of all") { $0[0].any() },
        ParityCase("all") { $0[0].all(axes: [0]) },
        ParityCase("all of all") { $0[0].all() },
        ParityCase("standardDeviation") { $0[0].standardDeviation(axes: [1, 2]) },
        ParityCase("standardDeviation unbiased") { $0[0].standardDeviation(unbiased: true) },
        ParityCase("variance") { $0[0].variance(axes: [0], keepingDimensions: true) },
        ParityCase("variance unbiased") { $0[0].variance(axes: [1, 2], unbiased: true) },
        ParityCase("logSumExp") { $0[0].logSumExp(axes: [0, 2]) },
        ParityCase("norm") { $0[0].norm(axes: [1]) },
        ParityCase("norm of all") { $0[0].norm() },
        ParityCase("argmax") { $0[0].argmax(axis: 1) },
        ParityCase("argmin") { $0[0].argmin(axis: -1, keepingDimensions: true) },
        ParityCase("median") { $0[0].median(axis: 1) },
        ParityCase("quantile", half: .never) { $0[0].quantile(0.3, axis: 2) },
        ParityCase("cumulativeSum") { $0[0].cumulativeSum(axis: 1) },
        ParityCase("sorted") { (x: [Tensor]) -> [Tensor] in
            let sorted = x[0].sorted(axis: 2)
            return [sorted.values, sorted.indices]
        },
        ParityCase("sorted descending") { (x: [Tensor]) -> [Tensor] in
            let sorted = x[0].sorted(axis: 0, descending: true)
            return [sorted.values, sorted.indices]
        },
        ParityCase("top") { (x: [Tensor]) -> [Tensor] in
            let top = x[0].top(3)
            return [top.values, top.indices]
        },
        ParityCase("top smallest") { (x: [Tensor]) -> [Tensor] in
            let top = x[0].top(2, axis: 1, largest: false)
            return [top.values, top.indices]
        },
        ParityCase("binCounts") { $0[0].binCounts(minimumLength: 9) },
    ]
}
