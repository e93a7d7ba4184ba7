import CTorch

/// How ``Tensor/padded(_:mode:)`` makes up the elements outside.
public enum PaddingMode: Sendable, Equatable {
    /// One value.
    case constant(Double)
    /// Mirrored without repeating the edge.
    case reflect
    /// The edge element repeated.
    case replicate
    /// The other end.
    case circular
}

extension Tensor {
    /// The elements in another shape; one axis may be −1 and is computed.
    public func reshaped(_ shape: [Int]) -> Tensor {
        make("reshaped \(shape)", [self]) { out in shape.withInt64 { ct_reshape(handle, $0, $1, out) } }
    }
    /// Several neighbouring axes made one.
    public func flattened(from first: Int = 0, through last: Int = -1) -> Tensor {
        guard isDefined else { return self }
        let shape = self.shape
        let from = first < 0 ? first + rank : first
        let through = last < 0 ? last + rank : last
        demand(
            0 <= from && from <= through && through < rank,
            "flattened(from: \(first), through: \(last)) of \(summary)")
        return reshaped(Array(shape[..<from]) + [shape[from...through].reduce(1, *)] + Array(shape[(through + 1)...]))
    }
    /// The axes in another order: axis `i` of the result is axis `axes[i]` of the tensor. A view.
    public func transposed(_ axes: [Int]) -> Tensor {
        make("transposed \(axes)", [self]) { out in axes.withInt64 { ct_permute(handle, $0, $1, out) } }
    }
    /// Two axes exchanged: a view.
    public func swappingAxes(_ a: Int, _ b: Int) -> Tensor {
        guard isDefined else { return self }
        let (first, second) = (a < 0 ? a + rank : a, b < 0 ? b + rank : b)
        var order = Array(0..<rank)
        demand(order.contains(first) && order.contains(second), "swappingAxes(\(a), \(b)) of \(summary)")
        order.swapAt(first, second)
        return transposed(order)
    }
    /// Axes of size 1 stretched to a shape without copying; −1 keeps an axis.
    public func expanded(_ shape: [Int]) -> Tensor {
        make("expanded \(shape)", [self]) { out in shape.withInt64 { ct_expand(handle, $0, $1, out) } }
    }
    /// A new axis of size 1 before the given one.
    public func unsqueezed(_ axis: Int) -> Tensor {
        make("unsqueezed", [self]) { ct_unsqueeze(handle, Int64(axis), $0) }
    }
    /// One axis of size 1 removed.
    public func squeezed(_ axis: Int) -> Tensor { make("squeezed", [self]) { ct_squeeze(handle, Int64(axis), $0) } }
    /// The order of elements along some axes reversed.
    public func flipped(_ axes: [Int]) -> Tensor {
        make("flipped", [self]) { out in axes.withInt64 { ct_flip(handle, $0, $1, out) } }
    }
    /// Elements moved along an axis, those that fall off come in at the other end.
    public func rolled(by shift: Int, axis: Int) -> Tensor {
        make("rolled", [self]) { ct_roll(handle, Int64(shift), Int64(axis), $0) }
    }
    /// The whole tensor repeated along each axis.
    public func repeated(_ counts: [Int]) -> Tensor {
        make("repeated", [self]) { out in counts.withInt64 { ct_repeat(handle, $0, $1, out) } }
    }
    /// Each element along an axis repeated in place.
    public func repeatedElements(_ count: Int, axis: Int) -> Tensor {
        make("repeatedElements", [self]) { ct_repeat_interleave(handle, Int64(count), Int64(axis), $0) }
    }
    /// Elements added around the last axes.
    /// - Parameter padding: Before and after for each axis, the *last axis first*: `[left, right, top, bottom]` for images.
    public func padded(_ padding: [Int], mode: PaddingMode = .constant(0)) -> Tensor {
        guard padding.contains(where: { $0 != 0 }) else { return self }
        let (code, value): (Int32, Double) =
            switch mode {
            case .constant(let value): (0, value)
            case .reflect: (1, 0)
            case .replicate: (2, 0)
            case .circular: (3, 0)
            }
        return make("padded \(padding)", [self]) { out in
            padding.withInt64 { ct_pad(handle, $0, $1, code, value, out) }
        }
    }
    /// Sliding windows along an axis: a view with the window as a new last axis.
    public func windows(axis: Int, size: Int, step: Int) -> Tensor {
        make("windows", [self]) { ct_unfold(handle, Int64(axis), Int64(size), Int64(step), $0) }
    }
    /// `[N, C·f², H, W]` → `[N, C, f·H, f·W]` in libtorch's channel order.
    public func pixelShuffled(_ factor: Int) -> Tensor {
        make("pixelShuffled", [self]) { ct_pixel_shuffle(handle, Int64(factor), false, $0) }
    }
    /// `[N, C, f·H, f·W]` → `[N, C·f², H, W]`, the inverse of ``pixelShuffled(_:)``.
    public func pixelUnshuffled(_ factor: Int) -> Tensor {
        make("pixelUnshuffled", [self]) { ct_pixel_shuffle(handle, Int64(factor), true, $0) }
    }
    /// The elements on and above (below) a diagonal of the last two axes, zero elsewhere.
    public func triangle(upper: Bool, diagonal: Int = 0) -> Tensor {
        make("triangle", [self]) { ct_triangle(handle, upper, Int64(diagonal), $0) }
    }
    /// The main diagonal of two axes, as a new last axis: a view.
    public func diagonal(_ axis1: Int = -2, _ axis2: Int = -1) -> Tensor {
        make("diagonal", [self]) { ct_diagonal(handle, Int64(axis1), Int64(axis2), $0) }
    }
    /// Equal parts along an axis, as views; the last may be smaller.
    public func split(every size: Int, axis: Int) -> [Tensor] {
        guard isDefined else { return [self] }
        let wrapped = axis < 0 ? axis + rank : axis
        demand(size > 0 && 0 <= wrapped && wrapped < rank, "split(every: \(size), axis: \(axis)) of \(summary)")
        let total = shape[wrapped]
        return stride(from: 0, to: total, by: size).map { start in
            sliced(axis: axis, from: start, to: Swift.min(start + size, total))
        }
    }
}

/// Tensors joined along an existing axis.
public func concatenated(_ tensors: [Tensor], axis: Int) -> Tensor {
    make("concatenated", tensors) { out in tensors.withHandles { ct_concatenate($0, $1, Int64(axis), out) } }
}

/// Tensors of one shape joined along a new axis.
public func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    make("stacked", tensors) { out in tensors.withHandles { ct_stack($0, $1, Int64(axis), out) } }
}
