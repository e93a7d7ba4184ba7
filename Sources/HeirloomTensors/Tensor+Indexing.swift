import CTorch

/// One entry of a tensor subscript: `x[0, 2..<5, .all, .newAxis]`.
public enum TensorIndex: Sendable {
    /// One element of an axis, which disappears.
    case at(Int)
    /// Elements `start`, `start + step`, … before `end`; nil `end` is the axis' end; negative numbers count from the end.
    case range(start: Int, end: Int?, step: Int)
    /// A new axis of size 1.
    case newAxis
    /// As many whole axes as there are left.
    case ellipsis

    /// A whole axis.
    public static var all: TensorIndex { .range(start: 0, end: nil, step: 1) }
}

/// What may stand in a tensor subscript: integers, ranges and ``TensorIndex`` values.
public protocol TensorIndexing {
    /// The entry as a value.
    var tensorIndex: TensorIndex { get }
}

extension TensorIndex: TensorIndexing {
    /// The entry itself.
    public var tensorIndex: TensorIndex { self }
}
extension Int: TensorIndexing {
    /// One element; negative numbers count from the end.
    public var tensorIndex: TensorIndex { .at(self) }
}
extension Range<Int>: TensorIndexing {
    /// The elements from the lower bound up to, without, the upper one.
    public var tensorIndex: TensorIndex { .range(start: lowerBound, end: upperBound, step: 1) }
}
extension ClosedRange<Int>: TensorIndexing {
    /// The elements from the lower bound through the upper one.
    public var tensorIndex: TensorIndex { .range(start: lowerBound, end: upperBound + 1, step: 1) }
}
extension PartialRangeFrom<Int>: TensorIndexing {
    /// The elements from a bound to the end of the axis.
    public var tensorIndex: TensorIndex { .range(start: lowerBound, end: nil, step: 1) }
}
extension PartialRangeUpTo<Int>: TensorIndexing {
    /// The elements before a bound.
    public var tensorIndex: TensorIndex { .range(start: 0, end: upperBound, step: 1) }
}

extension Tensor {
    /// A part of the tensor, as a view: axes not named are taken whole.
    public subscript(_ indices: any TensorIndexing...) -> Tensor {
        guard isDefined else { return self }
        let entries = indices.map(\.tensorIndex)
        let consumed = entries.reduce(0) { count, entry in
            switch entry {
            case .at, .range: count + 1
            case .newAxis, .ellipsis: count
            }
        }
        demand(consumed <= rank, "subscript with \(consumed) indices of \(summary)")
        let ellipses = entries.count { if case .ellipsis = $0 { true } else { false } }
        demand(ellipses <= 1, "two ellipses for \(summary)")
        var result = self
        var axis = 0
        for entry in entries {
            switch entry {
            case .at(let index): result = result.selected(axis: axis, index: index)
            case .range(0, nil, 1): axis += 1
            case .range(let start, let end, let step):
                result = result.sliced(axis: axis, from: start, to: end, by: step)
                axis += 1
            case .newAxis:
                result = result.unsqueezed(axis)
                axis += 1
            case .ellipsis: axis += rank - consumed
            }
        }
        return result
    }

    /// Elements `start`, `start + step`, … before `end` along an axis, as a view; out-of-range ends are clipped.
    public func sliced(axis: Int, from start: Int, to end: Int? = nil, by step: Int = 1) -> Tensor {
        make("sliced", [self]) {
            ct_slice(handle, Int64(axis), Int64(start), end.map(Int64.init) ?? .max, Int64(step), $0)
        }
    }
    /// One element along an axis, which disappears: a view.
    public func selected(axis: Int, index: Int) -> Tensor {
        make("selected", [self]) { ct_select(handle, Int64(axis), Int64(index), $0) }
    }
    /// The elements along an axis that an int64 vector names.
    public func gatheredRows(axis: Int, _ indices: Tensor) -> Tensor {
        make("gatheredRows", [self, indices]) { ct_index_select(handle, Int64(axis), indices.handle, $0) }
    }
    /// For each position, the element along an axis that an int64 tensor of the result's shape names.
    public func gathered(axis: Int, _ indices: Tensor) -> Tensor {
        make("gathered", [self, indices]) { ct_gather(handle, Int64(axis), indices.handle, $0) }
    }
    /// The elements where a bool mask is true, in one vector.
    public func masked(_ mask: Tensor) -> Tensor {
        make("masked", [self, mask]) { ct_masked_select(handle, mask.handle, $0) }
    }
    /// The tensor plus `source`, each element of it added at the place along an axis that `indices` names.
    public func scatterAdded(axis: Int, indices: Tensor, _ source: Tensor) -> Tensor {
        make("scatterAdded", [self, indices, source]) {
            ct_scatter_add(handle, Int64(axis), indices.handle, source.handle, $0)
        }
    }
}
