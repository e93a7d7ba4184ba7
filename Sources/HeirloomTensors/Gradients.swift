import CTorch

/// Runs a closure in which no operation is recorded for gradients: inference, optimizers, initialisers.
/// - Parameter body: Synchronous code on the calling thread (the mode belongs to the thread).
public func withoutGradients<R>(_ body: () throws -> R) rethrows -> R {
    try withGradients(enabled: false, body)
}

/// Runs a closure with the recording of gradients switched on or off, and restores the former mode.
public func withGradients<R>(enabled: Bool, _ body: () throws -> R) rethrows -> R {
    let before = ct_grad_enabled()
    ct_set_grad_enabled(enabled)
    defer { ct_set_grad_enabled(before) }
    return try body()
}

/// Runs a closure in mixed precision: convolutions and matrix products compute in `dtype`, losses in float32; sums and
/// exponentials compute in float32 on GPUs, in the operand's type on the CPU.
/// - Parameters:
///   - dtype: `bfloat16` or (on GPUs) `float16`; nil runs the body unchanged.
///   - device: The kind of device whose operations it concerns.
public func withMixedPrecision<R>(_ dtype: DType?, on device: Device, _ body: () throws -> R) rethrows -> R {
    guard let dtype else { return try body() }
    demand(dtype == .bfloat16 || dtype == .float16, "mixed precision in \(dtype)")
    let before = ct_set_autocast(device.kind.rawValue, dtype.rawValue)
    defer { _ = ct_set_autocast(device.kind.rawValue, before) }
    return try body()
}

extension Tensor {
    /// Whether operations on this tensor are recorded for gradients.
    public var requiresGradient: Bool { isDefined && ct_requires_grad(handle) }

    /// Makes a leaf tensor a variable to differentiate by, or stops it.
    /// - Returns: The tensor itself.
    @discardableResult
    public func requireGradient(_ value: Bool = true) -> Tensor {
        guard !hasFailed else { return self }
        succeeded(ct_set_requires_grad(handle, value), "requireGradient", [self])
        return self
    }

    /// Whether the tensor was made by the user and not by a recorded operation.
    public var isLeaf: Bool { isDefined && ct_is_leaf(handle) }

    /// The same values without history.
    public func detached() -> Tensor { make("detached", [self]) { ct_detach(handle, $0) } }

    /// The gradient accumulated by ``backward(gradient:retainingGraph:)``, if any.
    public var gradient: Tensor? {
        guard !hasFailed else { return nil }
        var out = ct_tensor(raw: nil)
        guard succeeded(ct_grad(handle, &out), "gradient", [self]), out.raw != nil else { return nil }
        return Tensor(owning: out)
    }

    /// Replaces or removes the accumulated gradient.
    public func setGradient(_ gradient: Tensor?) {
        guard !hasFailed else { return }
        succeeded(ct_set_grad(handle, gradient.handle), "setGradient", [self])
    }

    /// Adds the gradients of this tensor to every variable it was computed from.
    /// - Parameters:
    ///   - gradient: Weight of each element; needed unless the tensor has one element.
    ///   - retainingGraph: Keeps the record for a second call.
    public func backward(gradient: Tensor? = nil, retainingGraph: Bool = false) {
        guard !hasFailed else { return }
        succeeded(ct_backward(handle, gradient.handle, retainingGraph), "backward", [self])
    }
}

/// Gradients of outputs with respect to inputs, without touching anyone's accumulated gradient.
/// - Parameters:
///   - outputs: Scalars, or tensors with a weight each.
///   - inputs: Variables.
///   - weights: One per output, of its shape.
///   - retainingGraph: Keeps the record for a second call.
///   - creatingGraph: Records the computation of the gradients themselves.
/// - Returns: One per input, nil where the outputs do not depend on it.
public func gradients(
    of outputs: [Tensor], withRespectTo inputs: [Tensor], weights: [Tensor]? = nil, retainingGraph: Bool = false,
    creatingGraph: Bool = false
) -> [Tensor?] {
    demand(weights == nil || weights?.count == outputs.count, "one weight per output")
    // Not nil, which callers may read as "no dependence" or unwrap.
    guard !hasFailed else { return inputs.map { _ in .undefined } }
    var out = [ct_tensor](repeating: ct_tensor(raw: nil), count: inputs.count)
    let done = outputs.withHandles { outputHandles, outputCount in
        inputs.withHandles { inputHandles, inputCount in
            (weights ?? []).withHandles { weightHandles, weightCount in
                succeeded(
                    ct_gradients(
                        outputHandles, weightCount > 0 ? weightHandles : nil, outputCount, inputHandles, inputCount,
                        retainingGraph, creatingGraph, &out),
                    "gradients", outputs + inputs)
            }
        }
    }
    return done ? out.map { $0.raw == nil ? nil : Tensor(owning: $0) } : inputs.map { _ in .undefined }
}
