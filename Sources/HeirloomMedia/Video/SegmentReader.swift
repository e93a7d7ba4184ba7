import CLibAV
import Foundation

/// Reads the file of a segment packet by packet. Used on one thread.
final class SegmentReader {
    let path: String
    let header: SegmentHeader
    private let handle: UnsafeMutablePointer<FILE>
    private let size: Int64
    private let packet: UnsafeMutablePointer<AVPacket>
    private var count = 0

    /// Opens a segment.
    ///
    /// - Throws: `notFound`, `unreadable`; `corrupt` for what is no segment, is cut off or was written by another
    ///   version.
    init(path: String) throws(MediaError) {
        try FileChecks.requireReadable(path, operation: SegmentReader.operation)
        guard let opened = fopen(path, "rbe") else {
            throw MediaError(
                .unreadable, SegmentReader.operation, path: path, reason: FileChecks.describe(errno: errno),
                advice: "check the permissions of the file")
        }
        self.path = path
        handle = opened
        size = FileChecks.facts(of: path)?.size ?? 0
        do throws(MediaError) {
            header = try SegmentReader.header(opened, path: path, size: size)
        } catch {
            fclose(opened)
            throw error
        }
        packet = av_packet_alloc()
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
        fclose(handle)
    }

    /// The time of display of the first packet, which is the earliest; before anything else is read.
    ///
    /// - Throws: `unreadable`, `corrupt`.
    func firstTime() throws(MediaError) -> Int64 {
        let start = ftell(handle)
        guard let first = try next() else { throw SegmentReader.corrupt(path) }
        let pts = first.pointee.pts
        count = 0
        guard fseek(handle, start, SEEK_SET) == 0 else { throw failure() }
        return pts
    }

    /// The next packet in the order of decoding, borrowed until the next call, its times in ticks of the film's time
    /// base and without one of decoding; nil at the end.
    ///
    /// - Throws: `unreadable`, `corrupt`.
    func next() throws(MediaError) -> UnsafeMutablePointer<AVPacket>? {
        av_packet_unref(packet)
        let kind: UInt8 = try number()
        guard kind == UInt8(ascii: "P") else {
            let stated: UInt32 = try number()
            guard kind == UInt8(ascii: "E"), stated == count, ftell(handle) == size else {
                throw SegmentReader.corrupt(path)
            }
            return nil
        }
        let pts: Int64 = try number()
        let duration: Int64 = try number()
        let flags: Int32 = try number()
        let items: UInt32 = try number()
        let length: UInt32 = try number()
        guard items < 64 else { throw SegmentReader.corrupt(path) }
        for _ in 0..<items {
            let type: AVPacketSideDataType.RawValue = try number()
            let length: UInt32 = try number()
            try requireRoom(length)
            guard let data = av_packet_new_side_data(packet, .init(rawValue: type), Int(length)) else {
                throw SegmentReader.outOfMemory(path)
            }
            try read(data, Int(length))
        }
        try requireRoom(length)
        guard av_grow_packet(packet, Int32(length)) >= 0, let data = packet.pointee.data else {
            throw SegmentReader.outOfMemory(path)
        }
        try read(data, Int(length))
        packet.pointee.pts = pts
        packet.pointee.duration = duration
        packet.pointee.flags = flags
        count += 1
        return packet
    }

    private static let operation = "join the film's segment"

    private static func header(
        _ handle: UnsafeMutablePointer<FILE>, path: String, size: Int64
    ) throws(MediaError) -> SegmentHeader {
        var start = [UInt8](repeating: 0, count: SegmentHeader.magic.count + 4)
        guard fread(&start, 1, start.count, handle) == start.count, start.starts(with: SegmentHeader.magic) else {
            throw corrupt(path)
        }
        let length = start.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= size else { throw corrupt(path) }
        var text = [UInt8](repeating: 0, count: length)
        guard fread(&text, 1, length, handle) == length,
            let header = try? JSONDecoder().decode(SegmentHeader.self, from: Data(text))
        else { throw corrupt(path) }
        return header
    }

    private func number<Number: FixedWidthInteger>() throws(MediaError) -> Number {
        var value = Number.zero
        let count = MemoryLayout<Number>.size
        guard withUnsafeMutableBytes(of: &value, { fread($0.baseAddress, 1, count, handle) }) == count else {
            throw failure()
        }
        return Number(littleEndian: value)
    }

    private func read(_ room: UnsafeMutablePointer<UInt8>, _ count: Int) throws(MediaError) {
        guard fread(room, 1, count, handle) == count else { throw failure() }
    }

    /// Nothing is allocated for more bytes than the file has left.
    private func requireRoom(_ length: UInt32) throws(MediaError) {
        guard Int64(length) <= size - Int64(ftell(handle)), length < 1 << 30 else {
            throw SegmentReader.corrupt(path)
        }
    }

    private func failure() -> MediaError {
        guard ferror(handle) != 0 else { return SegmentReader.corrupt(path) }
        return MediaError(
            .unreadable, SegmentReader.operation, path: path, reason: FileChecks.describe(errno: errno),
            advice: "the disk or the connection to it fails: check it")
    }

    private static func corrupt(_ path: String) -> MediaError {
        MediaError(
            .corrupt, operation, path: path, reason: "it is cut off, damaged, or no segment of a film",
            advice: "remove it, and it is made again")
    }

    private static func outOfMemory(_ path: String) -> MediaError {
        MediaError(.libraryFailure, operation, path: path, reason: "the memory does not suffice")
    }
}
