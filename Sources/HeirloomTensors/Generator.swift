import CTorch

/// A source of random numbers as a value that is passed: the same seed and the same calls give the same numbers.
public final class Generator {
    let handle: ct_generator

    /// The device whose tensors it fills.
    public let device: Device

    /// Starts a generator.
    /// - Precondition: The device exists (``Device/validate()``).
    public init(seed: UInt64, device: Device = .cpu) {
        var out = ct_generator(raw: nil)
        succeeded(ct_generator_create(device.handle, seed, &out), "Generator on \(device)", [])
        demand(out.raw != nil, "no generator on \(device)")
        handle = out
        self.device = device
    }

    deinit { ct_generator_release(handle) }

    /// The state, to be saved with a checkpoint: uint8 `[n]` on the CPU. Setting it continues from there.
    public var state: Tensor {
        get { make("generator state", []) { ct_generator_state(handle, $0) } }
        set { succeeded(ct_generator_set_state(handle, newValue.handle), "generator state", [newValue]) }
    }
}

extension Tensor {
    /// Uniform numbers in `low ..< high`.
    public static func uniform(
        _ shape: [Int], from low: Double = 0, to high: Double = 1, dtype: DType = .float32, using generator: Generator
    ) -> Tensor {
        let result = empty(shape, dtype: dtype, device: generator.device)
        result.fillUniform(from: low, to: high, using: generator)
        return result
    }

    /// Normal numbers.
    public static func normal(
        _ shape: [Int], mean: Double = 0, standardDeviation: Double = 1, dtype: DType = .float32,
        using generator: Generator
    ) -> Tensor {
        let result = empty(shape, dtype: dtype, device: generator.device)
        result.fillNormal(mean: mean, standardDeviation: standardDeviation, using: generator)
        return result
    }

    /// Whole numbers in `low ..< high`, as int64 unless said otherwise.
    public static func integers(
        _ shape: [Int], from low: Int = 0, to high: Int, dtype: DType = .int64, using generator: Generator
    ) -> Tensor {
        let result = empty(shape, dtype: dtype, device: generator.device)
        result.fillIntegers(from: low, to: high, using: generator)
        return result
    }

    /// Ones at the given probability, zeros otherwise.
    public static func bernoulli(
        _ shape: [Int], probability: Double, dtype: DType = .float32, using generator: Generator
    ) -> Tensor {
        let result = empty(shape, dtype: dtype, device: generator.device)
        result.fillBernoulli(probability, using: generator)
        return result
    }

    /// The numbers 0 ..< n in random order, as int64.
    public static func permutation(_ n: Int, using generator: Generator) -> Tensor {
        make("permutation", []) { ct_random_permutation(Int64(n), generator.handle, generator.device.handle, $0) }
    }
}
