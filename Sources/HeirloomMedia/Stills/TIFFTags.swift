/// The tags of a finished TIFF file.
enum TIFFTags {
    /// The file with the tags of an EXIF block added to its directory; nil where either cannot be read.
    ///
    /// The pixels stay where they are: a new directory, longer than the old one, is put at the end of the file and the
    /// header points to it. Tags that the file has already are kept.
    static func adding(_ exif: [UInt8], to file: [UInt8]) -> [UInt8]? {
        guard let source = TIFFBytes(file), let start = source.firstDirectory,
            let count = source.number(at: start, bytes: 2), let block = TIFFBytes(exif),
            var added = TIFFDirectory(block, wanted: EXIFBlock.describesPicture)
        else { return nil }
        if block.littleEndian != source.littleEndian { added = added.byteSwapped() }
        var entries: [TIFFDirectory.Entry] = []
        for index in 0..<count {
            let at = start + 2 + index * 12
            guard let tag = source.number(at: at, bytes: 2), let type = source.number(at: at + 2, bytes: 2),
                let values = source.number(at: at + 4, bytes: 4), let field = source.bytes(at: at + 8, count: 4)
            else { return nil }
            // The field is a value or an offset that stays true; four bytes are copied as they are.
            entries.append(.init(tag: UInt16(tag), type: UInt16(type), count: values, value: field))
        }
        guard let next = source.number(at: start + 2 + count * 12, bytes: 4) else { return nil }
        let present = Set(entries.map(\.tag))
        entries += added.entries.filter { !present.contains($0.tag) }
        let children = added.children.filter { !present.contains($0.key) }

        var result = file
        if result.count % 2 == 1 { result.append(0) }
        let place = result.count
        result += TIFFDirectory(entries: entries, children: children)
            .serialized(at: place, next: next, littleEndian: source.littleEndian)
        result.replaceSubrange(4..<8, with: TIFFBytes.encode(place, bytes: 4, littleEndian: source.littleEndian))
        return result
    }
}
