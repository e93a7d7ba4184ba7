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

    /// Reads the first directory and those it points to; nil where the header says no place for one.
    ///
    /// Damaged entries are skipped: what the tags say is worth less than the picture.
    /// - Parameter wanted: which tags of the first directory to read; a file's strip tables can be megabytes.
    init?(_ source: TIFFBytes, wanted: (UInt16) -> Bool = { _ in true }) {
        guard let start = source.firstDirectory else { return nil }
        self.init(source, at: start, depth: 0, wanted: wanted)
    }

    private init(_ source: TIFFBytes, at offset: Int, depth: Int, wanted: (UInt16) -> Bool) {
        guard depth < 3 else { return }
        for at in source.entries(at: offset) ?? [] {
            guard let tag = source.number(at: at, bytes: 2).map(UInt16.init),
                let type = source.number(at: at + 2, bytes: 2).map(UInt16.init), wanted(tag)
            else { continue }
            if Self.pointerTags.contains(tag) {
                // IFD8 and LONG8 exist in big files only.
                let size = type == 16 || type == 18 ? 8 : 4
                let field = at + 4 + source.offsetSize
                if size <= source.offsetSize, let target = source.number(at: field, bytes: size), children[tag] == nil {
                    children[tag] = TIFFDirectory(source, at: target, depth: depth + 1) { _ in true }
                }
                continue
            }
            guard let size = Self.size(ofType: type), let values = source.values(ofEntryAt: at, size: size),
                let value = source.bytes(at: values.place, count: values.count * size)
            else { continue }
            entries.append(Entry(tag: tag, type: type, count: values.count, value: value))
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
    /// - Parameter isBig: whether the file is BigTIFF.
    func serialized(at offset: Int, next: Int = 0, littleEndian: Bool, isBig: Bool = false) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            TIFFBytes.encode(value, bytes: count, littleEndian: littleEndian)
        }
        let wide = isBig ? 8 : 4
        let tags = (entries.map(\.tag) + children.keys).sorted()
        let tableSize = (isBig ? 8 + tags.count * 20 : 2 + tags.count * 12) + wide
        var table = number(tags.count, isBig ? 8 : 2)
        var behind: [UInt8] = []
        for tag in tags {
            table += number(Int(tag), 2)
            let place = offset + tableSize + behind.count
            if let child = children[tag] {
                // LONG, or IFD8 where offsets have 8 bytes.
                table += number(isBig ? 18 : 4, 2) + number(1, wide) + number(place, wide)
                behind += child.serialized(at: place, littleEndian: littleEndian, isBig: isBig)
            } else if let entry = entries.first(where: { $0.tag == tag }) {
                table += number(Int(entry.type), 2) + number(entry.count, wide)
                if entry.value.count <= wide {
                    table += entry.value + [UInt8](repeating: 0, count: wide - entry.value.count)
                } else {
                    table += number(place, wide)
                    behind += entry.value
                }
            }
            if behind.count % 2 == 1 { behind.append(0) }
        }
        return table + number(next, wide) + behind
    }
}
