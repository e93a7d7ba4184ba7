import Foundation
import HeirloomTensors

/// How much memory steps on a device take, and how much there is.
struct MemoryProbe {
    /// Bytes in use at the highest point of a closure. What the process or the device's cache holds anyway counts.
    var peak: (_ body: () throws -> Void) throws -> UInt64
    /// Bytes that the training may hold in all, beside what others hold.
    var limit: () throws -> UInt64

    init(
        peak: @escaping (_ body: () throws -> Void) throws -> UInt64, limit: @escaping () throws -> UInt64
    ) {
        self.peak = peak
        self.limit = limit
    }

    init(_ device: Device) {
        if device.kind == .cpu { self = .process } else { self = .device(device) }
    }

    /// A GPU: its cache keeps everything that a step ever held at once.
    private static func device(_ device: Device) -> MemoryProbe {
        MemoryProbe(
            peak: { body in
                device.releaseCachedMemory()
                try body()
                device.synchronize()
                let memory = try device.memory()
                return memory.total - memory.free
            },
            limit: {
                device.releaseCachedMemory()
                return try device.memory().total
            })
    }

    /// This process in the machine's memory.
    private static var process: MemoryProbe {
        MemoryProbe(
            peak: { body in
                // Linux: the highest resident size so far becomes the present one. Elsewhere it can only grow, which
                // does for batches that grow.
                try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .ascii)
                try body()
                return status("VmHWM") ?? mostResident
            },
            limit: { min(try Device.cpu.memory().free, containerFree ?? .max) + (status("VmRSS") ?? mostResident) })
    }

    /// A size from the kernel's page about this process, in bytes.
    private static func status(_ key: String) -> UInt64? {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix(key + ":") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { UInt64($0) }.map { $0 * 1024 }
    }

    private static var mostResident: UInt64 {
        var usage = rusage()
        #if os(Linux)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return UInt64(usage.ru_maxrss) * 1024
        #else
            getrusage(RUSAGE_SELF, &usage)
            return UInt64(usage.ru_maxrss)
        #endif
    }

    /// What a container's limit leaves, where there is one (cgroups 2 and 1).
    private static var containerFree: UInt64? {
        func number(_ path: String) -> UInt64? {
            guard let text = try? String(contentsOfFile: "/sys/fs/cgroup/" + path, encoding: .utf8) else { return nil }
            return UInt64(text.filter { !$0.isWhitespace })
        }
        for (most, used) in [
            ("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
        ] {
            if let most = number(most), let used = number(used) { return most > used ? most - used : 0 }
        }
        return nil
    }
}
