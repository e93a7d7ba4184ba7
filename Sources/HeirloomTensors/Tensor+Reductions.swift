import CTorch

/// Reductions over some axes; over all of them where none are named.
extension Tensor {
    private func reduce(
        _ op: Int, _ name: StaticString, _ axes: [Int]?, _ keep: Bool, unbiased: Bool = false
    ) -> Tensor {
        make("\(name)", [self]) { out in
            (axes ?? []).withInt64 { ct_reduce(Int32(op), handle, $0, $1, keep, unbiased, out) }
        }
    }

    /// Sum.
    public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        reduce(CT_SUM, "sum", axes, keepingDimensions)
    }
    /// Arithmetic mean.
    public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        reduce(CT_MEAN, "mean", axes, keepingDimensions)
    }
    /// Product.
    public func product(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        reduce(CT_PROD, "product", axes, keepingDimensions)
    }
    /// Largest element.
    public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        reduce(CT_AMAX, "max", axes, keepingDimensions)
    }
    /// Smallest element.
    public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        reduce(CT_AMIN, "min", axes, keepingDimensions)
    }
    /// Whether any element is true.
    public func any(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        reduce(CT_ANY, "any", axes, keepingDimensions)
    }
    /// Whether all elements are true.
    public func all(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        reduce(CT_ALL, "all", axes, keepingDimensions)
    }
    /// Standard deviation; divided by n − 1 when `unbiased`.
    public func standardDeviation(axes: [Int]? = nil, keepingDimensions: Bool = false, unbiased: Bool = false) -> Tensor
    {
        reduce(CT_STD, "standardDeviation", axes, keepingDimensions, unbiased: unbiased)
    }
    /// Variance; divided by n − 1 when `unbiased`.
    public func variance(axes: [Int]? = nil, keepingDimensions: Bool = false, unbiased: Bool = false) -> Tensor {
        reduce(CT_VAR, "variance", axes, keepingDimensions, unbiased: unbiased)
    }
    /// Logarithm of the sum of exponentials.
    public func logSumExp(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
        reduce(CT_LOGSUMEXP, "logSumExp", axes, keepingDimensions)
    }
    /// Square root of the sum of squares.
    public func norm(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        reduce(CT_NORM, "norm", axes, keepingDimensions)
    }
    /// Index of the largest element along an axis, as int64.
    public func argmax(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        reduce(CT_ARGMAX, "argmax", [axis], keepingDimensions)
    }
    /// Index of the smallest element along an axis, as int64.
    public func argmin(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        reduce(CT_ARGMIN, "argmin", [axis], keepingDimensions)
    }
    /// Middle element along an axis (the lower one of two).
    public func median(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        reduce(CT_MEDIAN, "median", [axis], keepingDimensions)
    }
    /// The value below which a fraction `q` of the elements along an axis lies, interpolated linearly.
    public func quantile(_ q: Double, axis: Int, keepingDimensions: Bool = false) -> Tensor {
        make("quantile", [self]) { ct_quantile(handle, q, Int64(axis), keepingDimensions, $0) }
    }
    /// Running sum along an axis.
    public func cumulativeSum(axis: Int) -> Tensor {
        make("cumulativeSum", [self]) { ct_cumsum(handle, Int64(axis), $0) }
    }
    /// Elements in order along an axis, and where they came from.
    public func sorted(axis: Int, descending: Bool = false) -> (values: Tensor, indices: Tensor) {
        let (values, indices) = makePair("sorted", [self]) { ct_sort(handle, Int64(axis), descending, $0, $1) }
        return (values, indices)
    }
    /// The `k` largest elements along an axis, and where they are.
    public func top(_ k: Int, axis: Int = -1, largest: Bool = true) -> (values: Tensor, indices: Tensor) {
        let (values, indices) = makePair("top", [self]) { ct_topk(handle, Int64(k), Int64(axis), largest, $0, $1) }
        return (values, indices)
    }
    /// How often each value 0, 1, … occurs in a tensor of non-negative integers: int64 `[max(largest + 1, minimumLength)]`.
    public func binCounts(minimumLength: Int = 0) -> Tensor {
        make("binCounts", [self]) { ct_bincount(handle, Int64(minimumLength), $0) }
    }
}
