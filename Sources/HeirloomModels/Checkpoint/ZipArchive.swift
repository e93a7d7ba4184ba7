import HeirloomTensors

/// The entries of a zip file that are stored without compression, as PyTorch writes them.
struct ZipArchive {
    /// One entry.
    struct Entry {
        let name: String
        /// Where its bytes are in the file.
        let range: Range<Int>
        let checksum: UInt32
    }

    let entries: [String: Entry]

    /// Reads the directory and checks that every entry lies inside the file and overlaps no other.
    init(of file: MappedFile) throws(CheckpointError) {
        let bytes = file.bytes
        func corrupt(_ reason: String) -> CheckpointError {
            CheckpointError(.corrupt, path: file.path, reason: "is not a whole zip file: \(reason)")
        }
        /// An unsigned little-endian number, nil beyond the end of the file or of Int.
        func number(_ size: Int, at position: Int) -> Int? {
            guard position >= 0, position <= bytes.count - size else { return nil }
            let value = bytes[position..<position + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int(exactly: value)
        }
        // The end record stands last, before a comment of at most 65,535 bytes.
        let first = max(0, bytes.count - 22 - 65_535)
        guard bytes.count >= 22,
            let end = stride(from: bytes.count - 22, through: first, by: -1).first(where: {
                number(4, at: $0) == 0x0605_4B50
            })
        else { throw corrupt("its directory at the end is missing, it was cut off") }
        var (count, size, start) = (number(2, at: end + 10), number(4, at: end + 12), number(4, at: end + 16))
        if end >= 20, number(4, at: end - 20) == 0x0706_4B50 {
            guard let large = number(8, at: end - 12), number(4, at: large) == 0x0606_4B50 else {
                throw corrupt("its 64-bit directory record is missing")
            }
            (count, size, start) = (number(8, at: large + 32), number(8, at: large + 40), number(8, at: large + 48))
        }
        guard let count, let size, let start, start <= end, size <= end - start, count <= size / 46 else {
            throw corrupt("its directory does not lie in the file")
        }

        var found: [String: Entry] = [:]
        var position = start
        for _ in 0..<count {
            guard number(4, at: position) == 0x0201_4B50, let method = number(2, at: position + 10),
                let checksum = number(4, at: position + 16), let nameLength = number(2, at: position + 28),
                let extraLength = number(2, at: position + 30), let commentLength = number(2, at: position + 32),
                var packed = number(4, at: position + 20), var plain = number(4, at: position + 24),
                var local = number(4, at: position + 42), position + 46 + nameLength + extraLength <= end
            else { throw corrupt("an entry of its directory is damaged, at byte \(position)") }
            let name = String(decoding: bytes[position + 46..<position + 46 + nameLength], as: UTF8.self)
            // Fields of all ones stand in the 64-bit extra record, in this order.
            var field = position + 46 + nameLength
            let fieldsEnd = field + extraLength
            while field + 4 <= fieldsEnd, let tag = number(2, at: field), let length = number(2, at: field + 2) {
                if tag == 1 {
                    var at = field + 4
                    for wide in [\Wide.plain, \Wide.packed, \Wide.local] {
                        var values = Wide(plain: plain, packed: packed, local: local)
                        guard values[keyPath: wide] == 0xFFFF_FFFF else { continue }
                        guard at + 8 <= field + 4 + length, let value = number(8, at: at) else {
                            throw corrupt("the sizes of entry \(name) are damaged")
                        }
                        values[keyPath: wide] = value
                        (plain, packed, local) = (values.plain, values.packed, values.local)
                        at += 8
                    }
                }
                field += 4 + length
            }
            position = fieldsEnd + commentLength
            guard method == 0, packed == plain else {
                throw CheckpointError(
                    .unsupported, path: file.path,
                    reason:
                        "entry \(name) is compressed, which PyTorch never does: unpack it and save the weights again")
            }
            guard number(4, at: local) == 0x0403_4B50, let localName = number(2, at: local + 26),
                let localExtra = number(2, at: local + 28), case let data = local + 30 + localName + localExtra,
                data <= start, plain <= start - data
            else { throw corrupt("entry \(name) does not lie in the file") }
            let entry = Entry(name: name, range: data..<data + plain, checksum: UInt32(checksum))
            guard found.updateValue(entry, forKey: name) == nil else { throw corrupt("two entries are named \(name)") }
        }
        let sorted = found.values.sorted { $0.range.lowerBound < $1.range.lowerBound }
        for (a, b) in zip(sorted, sorted.dropFirst()) where a.range.upperBound > b.range.lowerBound && !b.range.isEmpty
        {
            throw corrupt("entries \(a.name) and \(b.name) overlap")
        }
        entries = found
    }

    private struct Wide {
        var plain: Int
        var packed: Int
        var local: Int
    }

    /// The bytes of an entry, after comparing their checksum.
    func bytes(of entry: Entry, in file: MappedFile) throws(CheckpointError) -> UnsafeRawBufferPointer {
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[entry.range])
        guard CRC32.checksum(bytes) == entry.checksum else {
            throw CheckpointError(
                .corrupt, path: file.path,
                reason: "entry \(entry.name) is damaged (checksum differs): fetch the file again")
        }
        return bytes
    }
}
