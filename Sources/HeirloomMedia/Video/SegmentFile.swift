import CLibAV
import Foundation

/// The file of a segment while it is written: a header, packets as they come from the encoder, and an end.
///
/// Numbers are little-endian. A packet is the letter "P", its timestamp and length (64 bits each), its flags and sizes
/// (32 bits each), its side data and its bytes; the end is the letter "E" and the number of packets. Dropping a file that
/// was not finished removes it.
final class SegmentFile {
    let path: String
    private(set) var packetCount = 0
    private var handle: UnsafeMutablePointer<FILE>?
    private var isWhole = false

    /// Makes the file; an older one is replaced.
    init(path: String, header: SegmentHeader) throws(MediaError) {
        self.path = path
        handle = fopen(path, "wbe")
        guard handle != nil else {
            let number = errno
            if number == ENOSPC || number == EDQUOT { throw failure(number) }
            throw MediaError(
                .notWritable, SegmentWriter.operation, path: path, reason: FileChecks.describe(errno: number),
                advice: "check the folder and its permissions")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let text = try? encoder.encode(header) else { fatalError("a segment's header is always text") }
        try put(SegmentHeader.magic)
        try put(UInt32(text.count))
        try put([UInt8](text))
    }

    deinit {
        if let handle { fclose(handle) }
        if !isWhole { unlink(path) }
    }

    /// Appends a packet; what an encoder says about its own quality is no part of the film.
    func write(_ packet: UnsafeMutablePointer<AVPacket>) throws(MediaError) {
        let items = (0..<Int(packet.pointee.side_data_elems)).map { packet.pointee.side_data[$0] }
            .filter { $0.type != AV_PKT_DATA_QUALITY_STATS && $0.type != AV_PKT_DATA_CPB_PROPERTIES }
        try put(UInt8(ascii: "P"))
        try put(packet.pointee.pts)
        try put(packet.pointee.duration)
        try put(packet.pointee.flags)
        try put(UInt32(items.count))
        try put(UInt32(packet.pointee.size))
        for item in items {
            try put(item.type.rawValue)
            try put(UInt32(item.size))
            try put(UnsafeRawBufferPointer(start: item.data, count: item.size))
        }
        try put(UnsafeRawBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
        packetCount += 1
    }

    /// Writes the end and waits until everything is on the disk.
    ///
    /// - Returns: the bytes of the file.
    func finish() throws(MediaError) -> Int64 {
        try put(UInt8(ascii: "E"))
        try put(UInt32(packetCount))
        guard fflush(handle) == 0 else { throw failure(errno) }
        let size = Int64(ftell(handle))
        // Some file systems find no room only when they close.
        let closed = fclose(handle)
        handle = nil
        guard closed == 0 else { throw failure(errno) }
        try FileChecks.flush(path, target: path, operation: SegmentWriter.operation)
        isWhole = true
        return size
    }

    private func put(_ number: some FixedWidthInteger) throws(MediaError) {
        let count = withUnsafeBytes(of: number.littleEndian) { fwrite($0.baseAddress, 1, $0.count, handle) }
        guard count == number.bitWidth / 8 else { throw failure(errno) }
    }

    private func put(_ bytes: [UInt8]) throws(MediaError) {
        guard bytes.withUnsafeBytes({ fwrite($0.baseAddress, 1, $0.count, handle) }) == bytes.count else {
            throw failure(errno)
        }
    }

    private func put(_ bytes: UnsafeRawBufferPointer) throws(MediaError) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        guard fwrite(base, 1, bytes.count, handle) == bytes.count else { throw failure(errno) }
    }

    private func failure(_ number: Int32) -> MediaError {
        FileChecks.writeFailure(errno: number, target: path, operation: SegmentWriter.operation)
    }
}
