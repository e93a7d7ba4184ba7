/// What is done to EXIF blocks: as little as possible, and in place, so that every other byte survives.
enum EXIFBlock {
    /// What precedes the block in a JPEG file.
    static let prefix: [UInt8] = Array("Exif\0\0".utf8)

    /// Tags of a TIFF file's directory that describe the picture and not how its bytes are stored.
    static func describesPicture(_ tag: UInt16) -> Bool {
        switch tag {
        case 0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x013C: true  // description … artist, computer
        case 0x8298, 0x8769, 0x8825: true  // copyright, EXIF, GPS
        case 0x4746, 0x4749, 0x9C9B...0x9C9F: true  // Windows' rating, title, comment, author, keywords, subject
        default: false
        }
    }

    /// The block without the prefix that some formats leave on it; nil where it is no EXIF.
    static func unwrapped(_ bytes: [UInt8]) -> [UInt8]? {
        let block = bytes.starts(with: prefix) ? Array(bytes.dropFirst(prefix.count)) : bytes
        return TIFFBytes(block)?.blockDirectory == nil ? nil : block
    }

    /// The block of a picture that has been turned upright: orientation 1, and no thumbnail that still lies on its
    /// side. Everything else keeps its place and value.
    static func uprighted(_ block: [UInt8]) -> [UInt8] {
        guard let place = place(of: 0x0112, in: block), place.value != 1 else { return block }
        var result = block
        put(1, bytes: 2, at: place.offset, in: &result)
        return withoutThumbnail(result)
    }

    /// The block with the directory of its thumbnail unlinked.
    static func withoutThumbnail(_ block: [UInt8]) -> [UInt8] {
        guard let source = TIFFBytes(block), let start = source.blockDirectory,
            let count = source.number(at: start, bytes: 2),
            source.bytes(at: start + 2 + count * 12, count: 4) != nil
        else { return block }
        var result = block
        put(0, bytes: 4, at: start + 2 + count * 12, in: &result)
        return result
    }

    /// The block with another size in the tags that state one: of the picture, and of the EXIF directory's pixels.
    static func resized(_ block: [UInt8], width: Int, height: Int) -> [UInt8] {
        guard let source = TIFFBytes(block), let start = source.blockDirectory else { return block }
        var result = block
        func restate(in directory: Int, _ sizes: [Int: Int]) {
            for at in source.entries(at: directory) ?? [] {
                guard let tag = source.number(at: at, bytes: 2), let size = sizes[tag],
                    let type = source.number(at: at + 2, bytes: 2), type == 3 || type == 4,
                    source.number(at: at + 4, bytes: 4) == 1, source.bytes(at: at + 8, count: 4) != nil
                else { continue }
                // A SHORT that has become too small makes way for a LONG in the same four bytes.
                put(size <= 0xFFFF ? type : 4, bytes: 2, at: at + 2, in: &result)
                put(0, bytes: 4, at: at + 8, in: &result)
                put(size, bytes: size <= 0xFFFF && type == 3 ? 2 : 4, at: at + 8, in: &result)
            }
        }
        restate(in: start, [0x0100: width, 0x0101: height])
        for at in source.entries(at: start) ?? [] where source.number(at: at, bytes: 2) == 0x8769 {
            if let place = source.number(at: at + 8, bytes: 4) {
                restate(in: place, [0xA002: width, 0xA003: height])
            }
        }
        return result
    }

    /// A block made from the tags of a TIFF file; nil where none describes the picture.
    static func extracted(fromTIFF source: TIFFBytes) -> [UInt8]? {
        guard let directory = TIFFDirectory(source, wanted: describesPicture),
            !directory.entries.isEmpty || !directory.children.isEmpty
        else { return nil }
        let little = source.littleEndian
        let header: [UInt8] = little ? [0x49, 0x49, 0x2A, 0] : [0x4D, 0x4D, 0, 0x2A]
        return header + TIFFBytes.encode(8, bytes: 4, littleEndian: little)
            + directory.serialized(at: 8, littleEndian: little)
    }

    /// Where the two bytes of a SHORT tag of the first directory lie, and what they say.
    private static func place(of tag: Int, in block: [UInt8]) -> (offset: Int, value: Int)? {
        guard let source = TIFFBytes(block), let start = source.blockDirectory,
            let count = source.number(at: start, bytes: 2)
        else { return nil }
        for index in 0..<count {
            let at = start + 2 + index * 12
            guard source.number(at: at, bytes: 2) == tag, source.number(at: at + 2, bytes: 2) == 3 else { continue }
            return source.number(at: at + 8, bytes: 2).map { (at + 8, $0) }
        }
        return nil
    }

    private static func put(_ value: Int, bytes count: Int, at offset: Int, in block: inout [UInt8]) {
        let little = block[0] == 0x49
        block.replaceSubrange(
            offset..<offset + count, with: TIFFBytes.encode(value, bytes: count, littleEndian: little))
    }
}
