import HeirloomTensors

/// ‖actual − expected‖ / ‖expected‖, over the elements that are finite in both; infinite when shapes differ.
func relativeError(_ actual: Tensor, _ expected: Tensor) -> Double {
    guard actual.shape == expected.shape else { return .infinity }
    var (difference, size) = (0.0, 0.0)
    for (a, e) in zip(doubles(actual), doubles(expected)) where a.isFinite || e.isFinite {
        difference += (a - e) * (a - e)
        size += e * e
    }
    return difference == 0 ? 0 : (difference / size).squareRoot()
}

private func doubles(_ tensor: Tensor) -> [Double] {
    tensor.detached().to(dtype: .float64, device: .cpu).scalars(as: Double.self)
}
