/// Bytes laid out as TIFF lays them out, wherever they are; every access is checked.
struct TIFFBytes {
    let littleEndian: Bool
    /// Where the first directory is; nil for BigTIFF, whose tags have another shape and are not read.
    let firstDirectory: Int?
    private let fetch: (Int, Int) -> [UInt8]?

    /// Looks at the header; nil where it is not TIFF's.
    ///
    /// - Parameter fetch: `count` bytes from an offset; nil where there are fewer.
    init?(fetch: @escaping (_ offset: Int, _ count: Int) -> [UInt8]?) {
        guard let header = fetch(0, 8) else { return nil }
        switch header[0..<4] {
        case [0x49, 0x49, 0x2A, 0], [0x49, 0x49, 0x2B, 0]: littleEndian = true
        case [0x4D, 0x4D, 0, 0x2A], [0x4D, 0x4D, 0, 0x2B]: littleEndian = false
        default: return nil
        }
        self.fetch = fetch
        let isClassic = header[2] == 0x2A || header[3] == 0x2A
        firstDirectory = isClassic ? Self.decode(header[4..<8], littleEndian: littleEndian) : nil
    }

    /// The same over bytes in memory.
    init?(_ bytes: [UInt8]) {
        self.init { offset, count in
            guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
            return Array(bytes[offset..<offset + count])
        }
    }

    func bytes(at offset: Int, count: Int) -> [UInt8]? { fetch(offset, count) }

    /// An unsigned number of 2 or 4 bytes.
    func number(at offset: Int, bytes count: Int) -> Int? {
        fetch(offset, count).map { Self.decode($0[...], littleEndian: littleEndian) }
    }

    static func decode(_ bytes: ArraySlice<UInt8>, littleEndian: Bool) -> Int {
        (littleEndian ? bytes.reversed() : Array(bytes)).reduce(0) { $0 << 8 | Int($1) }
    }

    static func encode(_ value: Int, bytes count: Int, littleEndian: Bool) -> [UInt8] {
        let little = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return littleEndian ? little : little.reversed()
    }
}
