/// The tags of a finished TIFF file.
enum TIFFTags {
    /// What adding tags to a file writes.
    struct Edit {
        /// A directory for the end of the file, with its values, and where it begins.
        let directory: [UInt8]
        let place: Int
        /// What the header says then, and where.
        let pointer: [UInt8]
        let pointerPlace: Int
    }

    /// The file with the tags of an EXIF block added to its directory; nil where either cannot be read.
    static func adding(_ exif: [UInt8], to file: [UInt8]) -> [UInt8]? {
        guard let source = TIFFBytes(file), let edit = adding(exif, to: source, length: file.count) else { return nil }
        var result = file
        result += [UInt8](repeating: 0, count: edit.place - file.count) + edit.directory
        result.replaceSubrange(edit.pointerPlace..<edit.pointerPlace + edit.pointer.count, with: edit.pointer)
        return result
    }

    /// The same as an edit of a file that is anywhere, `length` bytes long.
    ///
    /// The pixels stay where they are: a new directory, longer than the old one, is put at the end of the file and the
    /// header points to it. Tags that the file has already are kept.
    static func adding(_ exif: [UInt8], to source: TIFFBytes, length: Int) -> Edit? {
        guard let start = source.firstDirectory, let places = source.entries(at: start),
            let block = TIFFBytes(exif), !block.isBig,
            var added = TIFFDirectory(block, wanted: EXIFBlock.describesPicture)
        else { return nil }
        if block.littleEndian != source.littleEndian { added = added.byteSwapped() }
        let wide = source.offsetSize
        var entries: [TIFFDirectory.Entry] = []
        for at in places {
            guard let tag = source.number(at: at, bytes: 2), let type = source.number(at: at + 2, bytes: 2),
                let values = source.number(at: at + 4, bytes: wide),
                let field = source.bytes(at: at + 4 + wide, count: wide)
            else { return nil }
            // The field is a value or an offset that stays true; it is copied as it is.
            entries.append(.init(tag: UInt16(tag), type: UInt16(type), count: values, value: field))
        }
        let link = start + source.countSize + places.count * source.entrySize
        guard let next = source.number(at: link, bytes: wide) else { return nil }
        let present = Set(entries.map(\.tag))
        entries += added.entries.filter { !present.contains($0.tag) }
        let children = added.children.filter { !present.contains($0.key) }
        let place = length + length % 2
        return Edit(
            directory: TIFFDirectory(entries: entries, children: children)
                .serialized(at: place, next: next, littleEndian: source.littleEndian, isBig: source.isBig),
            place: place, pointer: TIFFBytes.encode(place, bytes: wide, littleEndian: source.littleEndian),
            pointerPlace: source.isBig ? 8 : 4)
    }
}
