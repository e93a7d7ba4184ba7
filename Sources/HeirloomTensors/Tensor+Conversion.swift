import CTorch

extension Tensor {
    /// The tensor with another element type, device or memory format; the same tensor where nothing changes.
    /// - Parameter nonblocking: Lets a copy between pinned host memory and a GPU overlap with other work.
    public func to(
        dtype: DType? = nil, device: Device? = nil, format: MemoryFormat? = nil, nonblocking: Bool = false
    ) -> Tensor {
        make("to", [self]) {
            ct_to(
                handle, dtype?.rawValue ?? -1, device?.handle ?? ct_device(kind: -1, index: -1), format?.rawValue ?? -1,
                nonblocking, false, $0)
        }
    }

    /// The tensor with its elements in the given order in memory; the same tensor where they already are.
    public func contiguous(_ format: MemoryFormat = .contiguous) -> Tensor {
        make("contiguous", [self]) { ct_contiguous(handle, format.rawValue, $0) }
    }

    /// A copy in memory of its own; gradients flow through it.
    public func copied(_ format: MemoryFormat = .preserve) -> Tensor {
        make("copied", [self]) { ct_clone(handle, format.rawValue, $0) }
    }

    /// A copy in page-locked host memory, from where a GPU reads without waiting.
    public func pinned() -> Tensor { make("pinned", [self]) { ct_pin(handle, $0) } }

    /// The only element, as a Double. On a GPU this waits for the device.
    /// - Precondition: The tensor has exactly one element.
    public func item() -> Double {
        guard !hasFailed else { return .nan }
        demand(count == 1, "item() of a tensor with \(count) elements: \(summary)")
        var value = Double.nan
        succeeded(ct_item(handle, &value), "item", [self])
        return value
    }

    /// The elements in row-major order.
    /// - Precondition: The element type is the scalar's.
    public func scalars<Scalar: TensorScalar>(as type: Scalar.Type = Scalar.self) -> [Scalar] {
        guard !hasFailed else { return [] }
        demand(dtype == Scalar.dtype, "scalars(as: \(type)) of \(summary)")
        let total = count
        return [Scalar](unsafeUninitializedCapacity: total) { buffer, initialized in
            if let base = buffer.baseAddress, total > 0 {
                succeeded(ct_copy_out(handle, base, total * MemoryLayout<Scalar>.stride), "scalars", [self])
            }
            initialized = total
        }
    }

    /// The elements in row-major order, converted to Float.
    public var floats: [Float] { detached().to(dtype: .float32).scalars(as: Float.self) }

    /// Copies the elements in row-major order into memory.
    /// - Precondition: The buffer has exactly the tensor's size in bytes.
    public func copyBytes(to buffer: UnsafeMutableRawBufferPointer) {
        guard !hasFailed else { return }
        demand(
            buffer.count == count * dtype.byteCount, "\(buffer.count) bytes for \(summary) in copyBytes(to:)")
        guard let base = buffer.baseAddress, buffer.count > 0 else { return }
        succeeded(ct_copy_out(handle, base, buffer.count), "copyBytes", [self])
    }

    /// Calls a closure with the elements of a contiguous CPU tensor, without copying them; an undefined tensor has none.
    /// - Precondition: The tensor is contiguous and on the CPU.
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        guard isDefined else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        demand(device == .cpu && isContiguous(), "withUnsafeBytes of \(summary): not contiguous on the CPU")
        return try withExtendedLifetime(self) {
            try body(UnsafeRawBufferPointer(start: ct_data(handle), count: count * dtype.byteCount))
        }
    }
}
