/// The chunks of a PNG file.
enum PNGChunks {
    private static let exifType = Array("eXIf".utf8)

    /// The file with `exif` as its only EXIF chunk, before the pixels, or with none.
    static func replacingEXIF(in file: [UInt8], with exif: [UInt8]?) -> [UInt8] {
        var result = Array(file.prefix(8))
        result.reserveCapacity(file.count + (exif?.count ?? 0) + 12)
        var isPending = exif != nil
        var at = 8
        while at + 12 <= file.count {
            let length = file[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = at + 12 + length
            guard end <= file.count else { break }
            let type = file[at + 4..<at + 8]
            if isPending, let exif, type.elementsEqual("IDAT".utf8) {
                result += chunk(exifType, exif)
                isPending = false
            }
            if !type.elementsEqual(exifType) { result += file[at..<end] }
            at = end
        }
        return result + file[at...]
    }

    /// Where the first chunk of pixels begins; nil while a file's first bytes do not show it.
    static func headLength(of start: [UInt8]) -> Int? {
        var at = 8
        while at + 8 <= start.count {
            if start[at + 4..<at + 8].elementsEqual("IDAT".utf8) { return at }
            at += 12 + start[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        return nil
    }

    /// The chunks before the pixels with `exif` as their only EXIF chunk, or with none.
    static func replacingEXIF(inHead head: [UInt8], with exif: [UInt8]?) -> [UInt8] {
        // Whatever follows would be taken over as it is, so an empty chunk of pixels stands for them.
        let stand = chunk(Array("IDAT".utf8), [])
        return replacingEXIF(in: head + stand, with: exif).dropLast(stand.count)
    }

    /// The length of the first chunk that does not fit into the file, those of pixels left out; nil where all fit.
    ///
    /// - Parameter fetch: `count` bytes from an offset; nil where there are fewer.
    static func excess(_ fetch: (_ offset: Int, _ count: Int) -> [UInt8]?) -> Int? {
        var at = 8
        while let head = fetch(at, 8) {
            let length = head[..<4].reduce(0) { $0 << 8 | Int($1) }
            let isPixels = head[4...].elementsEqual("IDAT".utf8)
            if !isPixels && length > 0 && fetch(at + 8 + length - 1, 1) == nil { return length }
            if head[4...].elementsEqual("IEND".utf8) { return nil }
            at += 12 + length
        }
        return nil
    }

    /// Makes the checksums of all chunks true, as far as their lengths lead.
    static func repairChecksums(in file: inout [UInt8]) {
        var at = 8
        while at + 12 <= file.count {
            let end = at + 12 + file[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
            guard end <= file.count else { return }
            let sum = Int(checksum(file[at + 4..<end - 4]))
            file.replaceSubrange(end - 4..<end, with: bigEndian(sum))
            at = end
        }
    }

    private static func chunk(_ type: [UInt8], _ payload: [UInt8]) -> [UInt8] {
        let body = type + payload
        return bigEndian(payload.count) + body + bigEndian(Int(checksum(body)))
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// CRC-32 as the PNG specification defines it.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~remainder
    }
}
