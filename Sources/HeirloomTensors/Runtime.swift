import CTorch

/// Facts and settings of libtorch in this process.
public enum Runtime {
    /// libtorch's version, such as `2.11.0`.
    public static var version: String { String(cString: ct_version()) }

    /// The vector instructions that libtorch uses on this processor, such as `AVX512`.
    public static var cpuCapability: String { String(cString: ct_cpu_capability()) }

    /// Whether the processor has arithmetic for bfloat16; without it bfloat16 is slower than float32.
    public static var cpuHasBFloat16: Bool { ct_cpu_has_bfloat16() }

    /// Number of threads that one operation uses on the CPU.
    public static var threads: Int {
        get { Int(ct_threads()) }
        set { ct_set_threads(Int32(newValue)) }
    }

    /// Allows TF32 in matrix products and convolutions on CUDA (off by default, so that CUDA equals the CPU).
    public static func setTF32(allowed: Bool) { ct_set_tf32(allowed) }

    /// Asks libtorch for deterministic kernels: the same inputs give the same bytes.
    public static func setDeterministic(_ value: Bool) { ct_set_deterministic(value) }

    /// Number of tensor handles alive in the process: leak tests compare it before and after.
    public static var liveTensors: Int { Int(ct_live_tensors()) }
}
