/// The chunks of a WebP file.
enum WebPChunks {
    private static let exifFlag: UInt8 = 0x08

    /// The file with `exif` as its only EXIF chunk, or with none.
    ///
    /// A chunk beside the pixels needs the extended header, which libvips writes whenever it writes EXIF of its own.
    /// - Precondition: where there is EXIF to write, the file has the extended header.
    static func replacingEXIF(in file: [UInt8], with exif: [UInt8]?) -> [UInt8] {
        var chunks: [(type: String, bytes: ArraySlice<UInt8>)] = []
        var at = 12
        while at + 8 <= file.count {
            let length = TIFFBytes.decode(file[at + 4..<at + 8], littleEndian: true)
            let end = min(file.count, at + 8 + length + length % 2)
            chunks.append((String(decoding: file[at..<at + 4], as: UTF8.self), file[at..<end]))
            at = end
        }
        chunks.removeAll { $0.type == "EXIF" }
        if let exif {
            precondition(chunks.first?.type == "VP8X", "libvips wrote WebP metadata without the extended header")
            var chunk = chunkHead("EXIF", exif.count) + exif
            if exif.count % 2 == 1 { chunk.append(0) }
            let place = chunks.firstIndex { $0.type == "XMP " } ?? chunks.count
            chunks.insert(("EXIF", chunk[...]), at: place)
        }
        var body = Array("WEBP".utf8)
        for (type, bytes) in chunks {
            var bytes = Array(bytes)
            if type == "VP8X" { bytes[8] = exif == nil ? bytes[8] & ~exifFlag : bytes[8] | exifFlag }
            body += bytes
        }
        return chunkHead("RIFF", body.count) + body
    }

    private static func chunkHead(_ type: String, _ length: Int) -> [UInt8] {
        Array(type.utf8) + TIFFBytes.encode(length, bytes: 4, littleEndian: true)
    }
}
