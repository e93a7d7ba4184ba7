import HeirloomTensors

/// What this machine offers to the networks: for `heirloom doctor` and the engine's `check device`.
public struct MachineReport: Sendable {
    /// libtorch's version.
    public let libtorch: String
    /// The vector instructions that libtorch uses, such as `AVX512`.
    public let cpuCapability: String
    /// Threads of one operation.
    public let threads: Int
    /// Whether the processor computes in bfloat16.
    public let cpuHasBFloat16: Bool
    /// Free and total memory of the machine in bytes; nil where unknown.
    public let memory: (free: UInt64, total: UInt64)?
    /// CUDA devices with free and total memory in bytes.
    public let gpus: [(name: String, free: UInt64, total: UInt64)]
    /// Why CUDA cannot be used; nil when it can.
    public let cudaReason: String?

    /// Looks at the machine.
    public init() {
        libtorch = Runtime.version
        cpuCapability = Runtime.cpuCapability
        threads = Runtime.threads
        cpuHasBFloat16 = Runtime.cpuHasBFloat16
        memory = try? Device.cpu.memory()
        cudaReason = Device.cudaUnavailableReason
        gpus = (0..<Device.cudaCount).compactMap { index in
            let device = Device(.cuda, index: index)
            guard let memory = try? device.memory() else { return nil }
            return (device.description, memory.free, memory.total)
        }
    }
}
