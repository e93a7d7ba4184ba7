public import HeirloomTensors

/// Where and how precisely a training run computes, read from the words of a command line.
public struct TrainingPlace: Sendable {
    /// The device, which exists.
    public let device: Device
    /// Mixed precision, or nil for float32.
    public let precision: DType?
    /// Whether it is more than a CPU: recipes then take larger pictures.
    public var isFast: Bool { device.kind != .cpu }

    /// Reads and checks a place, and sets the threads of this process.
    ///
    /// Half precision means bfloat16 on NVIDIA GPUs. On CPUs training in bfloat16 was measured slower than in float32
    /// (0.8 times, with AVX-512 BF16), so there it is float32.
    /// - Parameters:
    ///   - name: `auto`, `cpu`, `cuda`, `cuda:1` or `mps`.
    ///   - threads: CPU threads of one operation; nil leaves libtorch's choice.
    /// - Throws: `TorchError` with code `deviceUnavailable` when there is no such device.
    public init(named name: String, threads: Int? = nil, halfPrecision: Bool = true) throws(TorchError) {
        if let threads { Runtime.threads = max(1, threads) }
        guard let chosen = name == "auto" ? Device.best : Device(name) else {
            throw TorchError(
                code: .deviceUnavailable, operation: "device \(name)",
                reason: "there is no such device; use auto, cpu, cuda, cuda:1 or mps")
        }
        try chosen.validate()
        device = chosen
        precision = halfPrecision && chosen.kind == .cuda ? .bfloat16 : nil
    }
}
