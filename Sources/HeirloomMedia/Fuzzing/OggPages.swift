/// The pages of an Ogg file, for damage that shall reach the decoder behind their checksums.
enum OggPages {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index) << 24) { sum, _ in sum & 0x8000_0000 != 0 ? sum << 1 ^ 0x04C1_1DB7 : sum << 1 }
    }

    /// Makes the checksums of all pages right, and sets the serial number of the stream where one is given.
    static func repair(_ bytes: inout [UInt8], serial: UInt32? = nil) {
        var start = 0
        while start + 27 <= bytes.count {
            guard bytes[start...].starts(with: [0x4F, 0x67, 0x67, 0x53]) else {
                start += 1
                continue
            }
            let segments = Int(bytes[start + 26])
            guard start + 27 + segments <= bytes.count else { return }
            let body = bytes[(start + 27)..<(start + 27 + segments)].reduce(0) { $0 + Int($1) }
            let end = min(bytes.count, start + 27 + segments + body)
            if let serial { put(serial, at: start + 14, in: &bytes) }
            put(0, at: start + 22, in: &bytes)
            let sum = bytes[start..<end].reduce(UInt32(0)) { $0 << 8 ^ table[Int(UInt8($0 >> 24) ^ $1)] }
            put(sum, at: start + 22, in: &bytes)
            start = end
        }
    }

    private static func put(_ value: UInt32, at place: Int, in bytes: inout [UInt8]) {
        for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(byte))) }
    }
}
