import CTorch

extension Tensor {
    /// A tensor of zeros.
    public static func zeros(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        full(shape, 0, dtype: dtype, device: device)
    }

    /// A tensor of ones.
    public static func ones(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        full(shape, 1, dtype: dtype, device: device)
    }

    /// A tensor with one value everywhere.
    public static func full(_ shape: [Int], _ value: Double, dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        make("full \(shape)", []) { out in
            shape.withInt64 { ct_full($0, $1, value, dtype.rawValue, device.handle, out) }
        }
    }

    /// A tensor whose elements are not initialised.
    public static func empty(
        _ shape: [Int], dtype: DType = .float32, device: Device = .cpu, format: MemoryFormat = .contiguous
    ) -> Tensor {
        make("empty \(shape)", []) { out in
            shape.withInt64 { ct_empty($0, $1, dtype.rawValue, device.handle, format.rawValue, out) }
        }
    }

    /// `start`, `start + step`, … below `end`.
    public static func range(
        from start: Double = 0, to end: Double, by step: Double = 1, dtype: DType = .float32, device: Device = .cpu
    ) -> Tensor {
        make("range", []) { ct_arange(start, end, step, dtype.rawValue, device.handle, $0) }
    }

    /// `count` equally spaced values from `start` to `end`, both included.
    public static func linspace(
        from start: Double, to end: Double, count: Int, dtype: DType = .float32, device: Device = .cpu
    ) -> Tensor {
        make("linspace", []) { ct_linspace(start, end, Int64(count), dtype.rawValue, device.handle, $0) }
    }

    /// The identity matrix `[n, n]`.
    public static func identity(_ n: Int, dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        make("identity", []) { ct_eye(Int64(n), dtype.rawValue, device.handle, $0) }
    }

    /// Copies an array in row-major order.
    /// - Precondition: The number of scalars is the product of the shape.
    public convenience init<Scalar: TensorScalar>(_ scalars: [Scalar], shape: [Int]? = nil, device: Device = .cpu) {
        let shape = shape ?? [scalars.count]
        demand(
            shape.reduce(1, *) == scalars.count, "\(scalars.count) scalars do not fill a tensor of shape \(shape)")
        let made = scalars.withUnsafeBytes { Tensor.copying($0, shape: shape, dtype: Scalar.dtype) }
        let placed = device == .cpu ? made : made.to(device: device)
        self.init(owning: placed.retainedHandle)
    }

    /// A tensor without axes that holds one number.
    public convenience init(_ value: Double, dtype: DType = .float32, device: Device = .cpu) {
        self.init(owning: Tensor.full([], value, dtype: dtype, device: device).retainedHandle)
    }

    /// Copies raw memory in row-major order into a CPU tensor.
    /// - Precondition: The buffer holds exactly the bytes of the shape.
    public static func copying(_ bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) -> Tensor {
        demand(
            bytes.count == shape.reduce(1, *) * dtype.byteCount,
            "\(bytes.count) bytes do not fill a \(dtype) tensor of shape \(shape)")
        guard let base = bytes.baseAddress, bytes.count > 0 else { return empty(shape, dtype: dtype) }
        return make("copying \(shape)", []) { out in
            shape.withInt64 { ct_from_bytes(base, bytes.count, $0, $1, dtype.rawValue, out) }
        }
    }

    /// A CPU tensor over memory that `owner` keeps alive, without copying it.
    ///
    /// The memory must not change while the tensor or a view of it lives, and must not be written through it.
    public static func borrowing(
        _ bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType, owner: AnyObject
    ) -> Tensor {
        demand(
            bytes.count == shape.reduce(1, *) * dtype.byteCount,
            "\(bytes.count) bytes do not fill a \(dtype) tensor of shape \(shape)")
        guard let base = bytes.baseAddress, bytes.count > 0 else { return empty(shape, dtype: dtype) }
        // The C boundary takes the owner over; after a failure of the recovery scope it is not called.
        guard !hasFailed else { return .undefined }
        let box = Unmanaged.passRetained(owner).toOpaque()
        return make("borrowing \(shape)", []) { out in
            shape.withInt64 {
                ct_from_memory(
                    UnsafeMutableRawPointer(mutating: base), $0, $1, dtype.rawValue, box,
                    { Unmanaged<AnyObject>.fromOpaque($0).release() }, out)
            }
        }
    }

    /// A second handle of the same tensor, for initialisers that are built from another tensor.
    private var retainedHandle: ct_tensor {
        guard handle.raw != nil else { return handle }
        var out = ct_tensor(raw: nil)
        // A view of everything: same storage, same autograd history (there is none on a fresh tensor).
        succeeded(ct_to(handle, -1, ct_device(kind: -1, index: -1), -1, false, false, &out), "retain", [self])
        return out
    }
}
