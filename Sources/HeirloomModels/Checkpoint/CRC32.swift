/// The checksum of zip files, eight bytes at a time.
enum CRC32 {
    private static let tables: [[UInt32]] = {
        let polynomial: UInt32 = 0xEDB8_8320
        let first: [UInt32] = (0..<256).map { index in
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? polynomial ^ (value >> 1) : value >> 1 }
            return value
        }
        var tables = [first]
        for _ in 1..<8 {
            tables.append(tables[tables.count - 1].map { first[Int($0 & 0xFF)] ^ ($0 >> 8) })
        }
        return tables
    }()

    /// The checksum of some bytes.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let flat = tables.flatMap { $0 }
        return flat.withUnsafeBufferPointer { table in
            var value: UInt32 = 0xFFFF_FFFF
            var position = 0
            while position + 8 <= bytes.count {
                let word =
                    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) ^ UInt64(value)
                value = table[7 * 256 + Int(word & 0xFF)]
                for byte in 1..<8 { value ^= table[(7 - byte) * 256 + Int((word >> (8 * UInt64(byte))) & 0xFF)] }
                position += 8
            }
            for byte in bytes[position...] { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8) }
            return ~value
        }
    }
}
