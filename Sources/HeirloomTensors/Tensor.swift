import CTorch

/// A multidimensional array on a device, with automatic differentiation: one libtorch tensor.
///
/// A class and not `Sendable`: views share storage, gradients hang on identity, and one thread owns a tensor. Operations
/// return new tensors; `+=` rebinds and never writes through. Shapes are written with the axis letters N (batch),
/// C (channels), H (height), W (width), L (length).
///
/// A failing operation (shapes that do not fit, no memory) traps, or throws at the end of ``recovering(_:)``.
public final class Tensor {
    let handle: ct_tensor

    init(owning handle: ct_tensor) { self.handle = handle }

    deinit { if handle.raw != nil { ct_tensor_release(handle) } }

    /// What a failed operation yields inside a recovery scope.
    static var undefined: Tensor { Tensor(owning: ct_tensor(raw: nil)) }

    /// False for the result of a failed operation inside ``recovering(_:)``.
    public var isDefined: Bool { handle.raw != nil && ct_is_defined(handle) }

    /// The size of each axis. An undefined tensor answers four ones, so that code in a failed scope runs to its end.
    public var shape: [Int] {
        guard isDefined else { return [1, 1, 1, 1] }
        return [Int64](unsafeUninitializedCapacity: rank) { buffer, count in
            if let base = buffer.baseAddress { ct_shape(handle, base) }
            count = rank
        }.map(Int.init)
    }

    /// Distance in elements between neighbours along each axis.
    public var strides: [Int] {
        guard isDefined else { return [1, 1, 1, 1] }
        return [Int64](unsafeUninitializedCapacity: rank) { buffer, count in
            if let base = buffer.baseAddress { ct_strides(handle, base) }
            count = rank
        }.map(Int.init)
    }

    /// Number of axes.
    public var rank: Int { isDefined ? Int(ct_rank(handle)) : 4 }

    /// Number of elements.
    public var count: Int { isDefined ? Int(ct_count(handle)) : 1 }

    /// The element type.
    public var dtype: DType {
        guard isDefined else { return .float32 }
        guard let dtype = DType(rawValue: ct_dtype(handle)) else {
            fatalError("a tensor of an element type not used here")
        }
        return dtype
    }

    /// The device that holds the elements.
    public var device: Device { isDefined ? Device(handle: ct_device_of(handle)) : .cpu }

    /// Whether the elements lie in memory in the given format, without gaps.
    public func isContiguous(_ format: MemoryFormat = .contiguous) -> Bool {
        isDefined && ct_is_contiguous(handle, format.rawValue)
    }

    /// Whether two tensors are views of the same memory.
    public func sharesStorage(with other: Tensor) -> Bool {
        isDefined && other.isDefined && ct_same_storage(handle, other.handle)
    }

    /// Type and shape in a few characters, such as `float32[1, 3, 64, 64]`.
    public var summary: String {
        guard isDefined else { return "undefined" }
        let place = device == .cpu ? "" : "@\(device)"
        return "\(dtype)[\(shape.map(String.init).joined(separator: ", "))]\(place)"
    }
}

extension Tensor: CustomStringConvertible {
    /// Type and shape, and the values when there are at most 16 of them.
    public var description: String {
        guard isDefined, count <= 16, dtype.isFloatingPoint || dtype == .int64 else { return summary }
        return "\(summary) \(detached().to(dtype: .float64).scalars(as: Double.self))"
    }
}

extension [Int] {
    /// Calls a C function with the integers as int64.
    func withInt64<R>(_ body: (UnsafePointer<Int64>, Int64) -> R) -> R {
        let wide = map(Int64.init)
        return wide.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else {
                var none: Int64 = 0
                return withUnsafePointer(to: &none) { body($0, 0) }
            }
            return body(base, Int64(buffer.count))
        }
    }
}

extension [Tensor] {
    /// Calls a C function with the handles.
    func withHandles<R>(_ body: (UnsafePointer<ct_tensor>, Int64) -> R) -> R {
        withExtendedLifetime(self) {
            let handles = map(\.handle)
            return handles.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else {
                    var none = ct_tensor(raw: nil)
                    return withUnsafePointer(to: &none) { body($0, 0) }
                }
                return body(base, Int64(buffer.count))
            }
        }
    }
}

extension Tensor? {
    /// The handle, or an absent one.
    var handle: ct_tensor { self?.handle ?? ct_tensor(raw: nil) }
}
