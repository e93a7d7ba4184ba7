import Foundation
import HeirloomModels

/// What there is to know of the disk and of the checksums that a job computes over what it writes.
enum DiskTrial {
    /// Seconds that joining takes for a byte of the segments: each is hashed, copied and read back once. The copying
    /// mostly hides behind the memory of the system; the hash is measured.
    static let secondsPerByte: Double = {
        let bytes = [UInt8](repeating: 7, count: 1 << 20)
        let start = ContinuousClock.now
        bytes.withUnsafeBytes { _ = SHA256.hexadecimal(of: $0) }
        let hash = (ContinuousClock.now - start) / .seconds(1) / Double(bytes.count)
        return hash + copySecondsPerByte
    }()

    /// 200 MB a second: a plain disk.
    private static let copySecondsPerByte = 5e-9

    /// Bytes that are free where a file lies; nil where the system does not tell.
    static func freeBytes(beside path: String) -> Int? {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
    }
}
