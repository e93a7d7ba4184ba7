/// A directory of tags, the structure that TIFF files and EXIF blocks share.
///
/// libvips re-encodes EXIF when it writes, losing what it does not know, and leaves it out of TIFF altogether. So this
/// reads and writes the tags themselves; values stay the bytes they were.
struct TIFFDirectory {
    /// One tag with its value.
    struct Entry {
        let tag: UInt16
        let type: UInt16
        let count: Int
        /// `count` × the type's size, in the directory's byte order.
        var value: [UInt8]
    }

    /// Directories that a tag points to: EXIF and GPS from the first, interoperability from EXIF.
    static let pointerTags: Set<UInt16> = [0x8769, 0x8825, 0xA005]

    /// In the order of the file, pointers left out.
    var entries: [Entry] = []
    /// The directories pointed to, by tag.
    var children: [UInt16: TIFFDirectory] = [:]

    /// Bytes per value of a type; nil for types that do not exist.
    static func size(ofType type: UInt16) -> Int? {
        switch type {
        case 1, 2, 6, 7: 1  // BYTE, ASCII, SBYTE, UNDEFINED
        case 3, 8: 2  // SHORT, SSHORT
        case 4, 9, 11, 13: 4  // LONG, SLONG, FLOAT, IFD
        case 5, 10, 12: 8  // RATIONAL, SRATIONAL, DOUBLE
        default: nil
        }
    }

    /// Reads the first directory and those it points to; nil where the header is not TIFF's (or BigTIFF's).
    ///
    /// Damaged entries are skipped: what the tags say is worth less than the picture.
    /// - Parameter wanted: which tags of the first directory to read; a file's strip tables can be megabytes.
    init?(_ source: TIFFBytes, wanted: (UInt16) -> Bool = { _ in true }) {
        guard let start = source.firstDirectory else { return nil }
        self.init(source, at: start, depth: 0, wanted: wanted)
    }

    private init(_ source: TIFFBytes, at offset: Int, depth: Int, wanted: (UInt16) -> Bool) {
        guard let count = source.number(at: offset, bytes: 2), depth < 3 else { return }
        for index in 0..<count {
            let at = offset + 2 + index * 12
            guard let tag = source.number(at: at, bytes: 2).map(UInt16.init),
                let type = source.number(at: at + 2, bytes: 2).map(UInt16.init),
                let values = source.number(at: at + 4, bytes: 4), let size = Self.size(ofType: type), wanted(tag)
            else { continue }
            if Self.pointerTags.contains(tag) {
                if let target = source.number(at: at + 8, bytes: 4), children[tag] == nil {
                    children[tag] = TIFFDirectory(source, at: target, depth: depth + 1) { _ in true }
                }
                continue
            }
            let bytes = values * size
            // A metadata value of more than a megabyte is damage.
            guard bytes <= 1 << 20, let place = bytes <= 4 ? at + 8 : source.number(at: at + 8, bytes: 4),
                let value = source.bytes(at: place, count: bytes)
            else { continue }
            entries.append(Entry(tag: tag, type: type, count: values, value: value))
        }
    }

    /// A directory with the given entries.
    init(entries: [Entry], children: [UInt16: TIFFDirectory]) {
        self.entries = entries
        self.children = children
    }

    /// The same values in the other byte order.
    func byteSwapped() -> TIFFDirectory {
        TIFFDirectory(
            entries: entries.map { entry in
                // Rationals are pairs of four bytes.
                let unit = [5, 10].contains(entry.type) ? 4 : Self.size(ofType: entry.type) ?? 1
                var swapped = entry
                for start in stride(from: 0, to: entry.value.count - unit + 1, by: unit) {
                    swapped.value[start..<start + unit].reverse()
                }
                return swapped
            },
            children: children.mapValues { $0.byteSwapped() })
    }

    /// The directory as it stands in a file at `offset` (even), with its values and children behind it.
    ///
    /// - Parameter next: where the following directory is; 0 for none.
    func serialized(at offset: Int, next: Int = 0, littleEndian: Bool) -> [UInt8] {
        let tags = (entries.map(\.tag) + children.keys).sorted()
        let tableSize = 2 + tags.count * 12 + 4
        var table = TIFFBytes.encode(tags.count, bytes: 2, littleEndian: littleEndian)
        var behind: [UInt8] = []
        for tag in tags {
            table += TIFFBytes.encode(Int(tag), bytes: 2, littleEndian: littleEndian)
            let place = offset + tableSize + behind.count
            if let child = children[tag] {
                table += TIFFBytes.encode(4, bytes: 2, littleEndian: littleEndian)
                table += TIFFBytes.encode(1, bytes: 4, littleEndian: littleEndian)
                table += TIFFBytes.encode(place, bytes: 4, littleEndian: littleEndian)
                behind += child.serialized(at: place, littleEndian: littleEndian)
            } else if let entry = entries.first(where: { $0.tag == tag }) {
                table += TIFFBytes.encode(Int(entry.type), bytes: 2, littleEndian: littleEndian)
                table += TIFFBytes.encode(entry.count, bytes: 4, littleEndian: littleEndian)
                if entry.value.count <= 4 {
                    table += entry.value + [UInt8](repeating: 0, count: 4 - entry.value.count)
                } else {
                    table += TIFFBytes.encode(place, bytes: 4, littleEndian: littleEndian)
                    behind += entry.value
                }
            }
            if behind.count % 2 == 1 { behind.append(0) }
        }
        return table + TIFFBytes.encode(next, bytes: 4, littleEndian: littleEndian) + behind
    }
}
