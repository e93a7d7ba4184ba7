import CTorch

/// Operations that write into the tensor: for optimizers and initialisers only. They record no gradients.
extension Tensor {
    private func inPlace(_ op: Int, _ name: StaticString, _ other: Tensor?, _ scale: Double) {
        guard !hasFailed else { return }
        succeeded(ct_inplace(Int32(op), handle, other.handle, scale), "\(name)", [self] + (other.map { [$0] } ?? []))
    }

    /// Sets every element.
    public func fill(_ value: Double) {
        guard !hasFailed else { return }
        succeeded(ct_fill(handle, value), "fill", [self])
    }
    /// Copies the values of another tensor, broadcasting and converting.
    public func copy(from other: Tensor) { inPlace(CT_IN_COPY, "copy", other, 1) }
    /// Adds another tensor, scaled.
    public func add(_ other: Tensor, scaledBy scale: Double = 1) { inPlace(CT_IN_ADD, "add", other, scale) }
    /// Multiplies elementwise by another tensor.
    public func multiply(by other: Tensor) { inPlace(CT_IN_MUL, "multiply", other, 1) }
    /// Multiplies every element by a number.
    public func multiply(by scale: Double) { inPlace(CT_IN_MUL, "multiply", nil, scale) }
    /// Adds a number to every element.
    public func add(_ value: Double) { inPlace(CT_IN_ADD, "add", nil, value) }
    /// Moves towards another tensor: `self += weight · (other − self)`.
    public func interpolate(to other: Tensor, weight: Double) {
        guard !hasFailed else { return }
        succeeded(ct_lerp_inplace(handle, other.handle, weight), "interpolate", [self, other])
    }
    /// Adds `scale · x · y`.
    public func addProduct(_ x: Tensor, _ y: Tensor, scaledBy scale: Double = 1) {
        guard !hasFailed else { return }
        succeeded(ct_addcmul(handle, x.handle, y.handle, scale), "addProduct", [self, x, y])
    }
    /// Adds `scale · x / y`.
    public func addQuotient(_ x: Tensor, _ y: Tensor, scaledBy scale: Double = 1) {
        guard !hasFailed else { return }
        succeeded(ct_addcdiv(handle, x.handle, y.handle, scale), "addQuotient", [self, x, y])
    }
    /// Fills with uniform numbers in `low ..< high`.
    public func fillUniform(from low: Double = 0, to high: Double = 1, using generator: Generator) {
        guard !hasFailed else { return }
        succeeded(ct_random_uniform(handle, low, high, generator.handle), "fillUniform", [self])
    }
    /// Fills with normal numbers.
    public func fillNormal(mean: Double = 0, standardDeviation: Double = 1, using generator: Generator) {
        guard !hasFailed else { return }
        succeeded(ct_random_normal(handle, mean, standardDeviation, generator.handle), "fillNormal", [self])
    }
    /// Fills with whole numbers in `low ..< high`.
    public func fillIntegers(from low: Int, to high: Int, using generator: Generator) {
        guard !hasFailed else { return }
        succeeded(ct_random_integers(handle, Int64(low), Int64(high), generator.handle), "fillIntegers", [self])
    }
    /// Fills with ones at the given probability, zeros otherwise.
    public func fillBernoulli(_ probability: Double, using generator: Generator) {
        guard !hasFailed else { return }
        succeeded(ct_random_bernoulli(handle, probability, generator.handle), "fillBernoulli", [self])
    }
}

/// Operations on whole lists of tensors, in one call each.
public enum TensorList {
    /// `a[i] += weight · (b[i] − a[i])`, in place: the exponential moving average of weights.
    public static func interpolate(_ a: [Tensor], to b: [Tensor], weight: Double) {
        demand(a.count == b.count, "lists of \(a.count) and \(b.count) tensors")
        guard !hasFailed, !a.isEmpty else { return }
        succeeded(
            a.withHandles { a, count in b.withHandles { b, _ in ct_foreach_lerp(a, b, count, weight) } },
            "TensorList.interpolate", [])
    }

    /// Multiplies every tensor by a number, in place.
    public static func scale(_ a: [Tensor], by scale: Double) {
        guard !hasFailed, !a.isEmpty else { return }
        succeeded(a.withHandles { ct_foreach_scale($0, $1, scale) }, "TensorList.scale", [])
    }

    /// The L2 norm over all elements: a float32 scalar on the tensors' device.
    public static func norm(_ a: [Tensor]) -> Tensor {
        demand(!a.isEmpty, "norm of no tensors")
        return make("TensorList.norm", []) { out in a.withHandles { ct_foreach_norm($0, $1, out) } }
    }

    /// One step of Adam with decoupled weight decay over a list, in place (Loshchilov & Hutter 2019; libtorch's fused kernel).
    /// - Parameters:
    ///   - steps: Float32 scalars, the number of this step counted from 1, on the parameters' device.
    ///   - gradientScale: Float32 scalar that the gradients are divided by, or nil.
    ///   - foundInfinite: Float32 scalar; 1 skips the step. Nil never skips.
    public static func adamWStep(
        parameters: [Tensor], gradients: [Tensor], firstMoments: [Tensor], secondMoments: [Tensor], steps: [Tensor],
        rate: Double, beta1: Double, beta2: Double, weightDecay: Double, epsilon: Double, gradientScale: Tensor? = nil,
        foundInfinite: Tensor? = nil
    ) {
        let count = parameters.count
        demand(
            gradients.count == count && firstMoments.count == count && secondMoments.count == count
                && steps.count == count, "adamWStep: lists of different lengths")
        guard !hasFailed, count > 0 else { return }
        succeeded(
            parameters.withHandles { p, n in
                gradients.withHandles { g, _ in
                    firstMoments.withHandles { m, _ in
                        secondMoments.withHandles { v, _ in
                            steps.withHandles { s, _ in
                                ct_fused_adamw(
                                    p, g, m, v, s, n, rate, beta1, beta2, weightDecay, epsilon, gradientScale.handle,
                                    foundInfinite.handle)
                            }
                        }
                    }
                }
            }, "adamWStep", [])
    }
}
