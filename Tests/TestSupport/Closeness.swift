public import HeirloomTensors
public import Testing

/// Expects the same shape and dtype, then every element within `absolute + relative · |expected|` of the expected one.
///
/// NaN and infinities must sit in the same places. On failure it prints how the differences are distributed.
public func expectClose(
    _ actual: Tensor, _ expected: Tensor, absolute: Double = 0, relative: Double = 0,
    _ what: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.shape == expected.shape, actual.dtype == expected.dtype else {
        Issue.record("\(what()): \(actual.summary) instead of \(expected.summary)", sourceLocation: sourceLocation)
        return
    }
    let (a, e) = (doubles(actual), doubles(expected))
    func isWrong(_ index: Int) -> Bool {
        if e[index].isNaN || a[index].isNaN { return e[index].isNaN != a[index].isNaN }
        if e[index].isInfinite || a[index].isInfinite { return a[index] != e[index] }
        return abs(a[index] - e[index]) > absolute + relative * abs(e[index])
    }
    let wrong = a.indices.filter(isWrong)
    guard let first = wrong.first else { return }
    let differences = zip(a, e).map { abs($0 - $1) }.filter(\.isFinite).sorted()
    func quantile(_ q: Double) -> Double {
        differences.isEmpty ? .nan : differences[Int(q * Double(differences.count - 1))]
    }
    Issue.record(
        """
        \(what()): \(wrong.count) of \(a.count) elements differ by more than \(absolute) + \(relative)·|expected|; \
        element \(first) is \(a[first]), not \(e[first]). Differences: median \(quantile(0.5)), 90 % \(quantile(0.9)), \
        99 % \(quantile(0.99)), largest \(quantile(1)); expected values in \(e.min() ?? .nan)...\(e.max() ?? .nan)
        """, sourceLocation: sourceLocation)
}

/// Expects the same shape, dtype and values, bit for bit except for the sign of zero.
public func expectEqual(
    _ actual: Tensor, _ expected: Tensor, _ what: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectClose(actual, expected, absolute: 0, relative: 0, what(), sourceLocation: sourceLocation)
}

private func doubles(_ tensor: Tensor) -> [Double] {
    tensor.detached().to(dtype: .float64, device: .cpu).scalars(as: Double.self)
}
