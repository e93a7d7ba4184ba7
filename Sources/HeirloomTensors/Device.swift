import CTorch

/// A device that holds tensors and computes on them.
public struct Device: Hashable, Sendable, CustomStringConvertible {
    /// The kind of device.
    public enum Kind: Int32, Sendable, CaseIterable {
        /// The main processor.
        case cpu = 0
        /// An NVIDIA GPU.
        case cuda = 1
        /// The GPU of an Apple processor.
        case mps = 2
    }

    /// The kind of device.
    public let kind: Kind
    /// Which one of several GPUs, counted from 0; 0 for other kinds.
    public let index: Int

    /// Names a device; whether it exists is checked by ``validate()``.
    public init(_ kind: Kind, index: Int = 0) {
        self.kind = kind
        self.index = index
    }

    /// The main processor.
    public static let cpu = Device(.cpu)
    /// The first NVIDIA GPU.
    public static let cuda = Device(.cuda)
    /// The Apple GPU.
    public static let mps = Device(.mps)

    /// Reads `cpu`, `cuda`, `cuda:1` or `mps`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2 else { return nil }
        let index = parts.count == 2 ? Int(parts[1]) : 0
        guard let index, index >= 0 else { return nil }
        switch first {
        case "cpu" where index == 0: self.init(.cpu)
        case "cuda": self.init(.cuda, index: index)
        case "mps" where index == 0: self.init(.mps)
        default: return nil
        }
    }

    /// The best device of this machine: CUDA, else MPS, else the CPU.
    public static var best: Device {
        if ct_cuda_available() { return .cuda }
        return ct_mps_available() ? .mps : .cpu
    }

    /// Number of CUDA devices that can be used.
    public static var cudaCount: Int { ct_cuda_available() ? Int(ct_cuda_count()) : 0 }

    /// Why CUDA cannot be used, in a sentence; nil when it can.
    public static var cudaUnavailableReason: String? {
        ct_cuda_available() ? nil : String(cString: ct_cuda_reason())
    }

    /// Checks that the device exists and can be used.
    /// - Throws: ``TorchError`` with code `deviceUnavailable` and the reason.
    public func validate() throws(TorchError) {
        let reason: String
        switch kind {
        case .cpu: return
        case .mps:
            if ct_mps_available() { return }
            reason = "this machine or this libtorch has no Apple GPU support"
        case .cuda:
            if index < Self.cudaCount { return }
            let count = Self.cudaCount
            reason =
                Self.cudaUnavailableReason ?? "this machine has \(count) CUDA device\(count == 1 ? "" : "s"), from 0"
        }
        throw TorchError(code: .deviceUnavailable, operation: "device \(self)", reason: reason)
    }

    /// Free and total memory in bytes: of the GPU, or of the machine for the CPU.
    /// - Throws: ``TorchError`` when the device does not exist.
    public func memory() throws(TorchError) -> (free: UInt64, total: UInt64) {
        var free: UInt64 = 0
        var total: UInt64 = 0
        try throwing(ct_device_memory(handle, &free, &total), "memory of \(self)")
        return (free, total)
    }

    /// Waits until the device has done everything it was asked to do.
    public func synchronize() { succeeded(ct_synchronize(handle), "synchronize \(self)", []) }

    /// Gives cached memory of a GPU back to the system; nothing on the CPU.
    public func releaseCachedMemory() { ct_empty_cache(handle) }

    /// `cpu`, `cuda`, `cuda:1` or `mps`.
    public var description: String {
        let name =
            switch kind {
            case .cpu: "cpu"
            case .cuda: "cuda"
            case .mps: "mps"
            }
        return index == 0 ? name : "\(name):\(index)"
    }

    var handle: ct_device { ct_device(kind: kind.rawValue, index: kind == .cuda ? Int32(index) : -1) }

    init(handle: ct_device) {
        self.init(Kind(rawValue: handle.kind) ?? .cpu, index: max(0, Int(handle.index)))
    }
}
