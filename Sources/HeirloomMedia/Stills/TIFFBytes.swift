/// Bytes laid out as TIFF lays them out, wherever they are; every access is checked.
struct TIFFBytes {
    let littleEndian: Bool
    /// Whether offsets and counts have 8 bytes, as in files beyond 4 GB.
    let isBig: Bool
    /// Where the first directory is; nil where the header does not say.
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
        isBig = header[2] != 0x2A && header[3] != 0x2A
        let link = isBig ? fetch(8, 8) ?? [] : Array(header[4..<8])
        let place = Self.decode(link[...], littleEndian: littleEndian)
        firstDirectory = link.isEmpty || !Self.places.contains(place) ? nil : place
    }

    /// The same over bytes in memory.
    init?(_ bytes: [UInt8]) {
        self.init { offset, count in
            guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
            return Array(bytes[offset..<offset + count])
        }
    }

    /// Bytes of an offset, and of a tag's count.
    var offsetSize: Int { isBig ? 8 : 4 }
    /// Bytes of a directory's number of entries.
    var countSize: Int { isBig ? 8 : 2 }
    /// Bytes of an entry.
    var entrySize: Int { isBig ? 20 : 12 }
    /// Where the first directory of an EXIF block is: these are never big.
    var blockDirectory: Int? { isBig ? nil : firstDirectory }

    /// Offsets that no arithmetic here takes beyond `Int`.
    private static let places = 0..<1 << 48

    /// Where the entries of a directory are; nil where their number is none that a directory has.
    func entries(at offset: Int) -> [Int]? {
        guard Self.places.contains(offset), let count = number(at: offset, bytes: countSize),
            (0...65_535).contains(count)
        else { return nil }
        return (0..<count).map { offset + countSize + $0 * entrySize }
    }

    /// How many values an entry has and where they are; nil where there are too many or they are nowhere.
    ///
    /// - Parameter size: bytes of a value.
    func values(ofEntryAt offset: Int, size: Int) -> (count: Int, place: Int)? {
        // A metadata value of more than a megabyte is damage.
        guard let count = number(at: offset + 4, bytes: offsetSize), (0...1 << 20).contains(count),
            count * size <= 1 << 20
        else { return nil }
        let field = offset + 4 + offsetSize
        if count * size <= offsetSize { return (count, field) }
        return number(at: field, bytes: offsetSize).flatMap { Self.places.contains($0) ? (count, $0) : nil }
    }

    func bytes(at offset: Int, count: Int) -> [UInt8]? { fetch(offset, count) }

    /// An unsigned number of 2, 4 or 8 bytes.
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
