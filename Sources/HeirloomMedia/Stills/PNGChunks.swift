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

    private static func chunk(_ type: [UInt8], _ payload: [UInt8]) -> [UInt8] {
        let body = type + payload
        return bigEndian(payload.count) + body + bigEndian(Int(checksum(body)))
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// CRC-32 as the PNG specification defines it.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~remainder
    }
}
