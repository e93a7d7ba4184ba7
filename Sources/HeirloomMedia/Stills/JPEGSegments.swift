/// The segments at the head of a JPEG file.
enum JPEGSegments {
    /// The longest EXIF block, in bytes: a segment's length has 16 bits and counts itself and the prefix.
    static let maximumEXIF = 65_535 - 2 - EXIFBlock.prefix.count

    /// The file with `exif` as its only EXIF segment, or with none, and with a JFIF header.
    ///
    /// libvips states the resolution in an EXIF block of its own making instead of a JFIF header.
    /// - Parameter resolution: for the header; nil says that the pixels are square and no more.
    static func replacingHead(
        of file: [UInt8], exif: [UInt8]?, resolution: StillMetadata.Resolution?
    ) -> [UInt8] {
        var head: [UInt8] = [0xFF, 0xD8] + header(resolution)
        var rest: [UInt8] = []
        var at = 2
        // Application segments come first; JFIF's must be the very first, and EXIF follows it.
        while at + 4 <= file.count, file[at] == 0xFF, (0xE0...0xEF).contains(file[at + 1]) {
            let end = at + 2 + Int(file[at + 2]) << 8 + Int(file[at + 3])
            guard end <= file.count else { break }
            let segment = file[at..<end]
            let isHeader = segment[at + 1] == 0xE0
            let isEXIF = segment[at + 1] == 0xE1 && segment.dropFirst(4).starts(with: EXIFBlock.prefix)
            if !isHeader && !isEXIF { rest += segment }
            at = end
        }
        if let exif {
            let length = 2 + EXIFBlock.prefix.count + exif.count
            head += [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + EXIFBlock.prefix + exif
        }
        return head + rest + file[at...]
    }

    /// How long the part is that ``replacingHead(of:exif:resolution:)`` changes; nil while a file's first bytes do not
    /// show it.
    static func headLength(of start: [UInt8]) -> Int? {
        var at = 2
        while at + 4 <= start.count {
            guard start[at] == 0xFF, (0xE0...0xEF).contains(start[at + 1]) else { return at }
            at += 2 + Int(start[at + 2]) << 8 + Int(start[at + 3])
        }
        return nil
    }

    private static func header(_ resolution: StillMetadata.Resolution?) -> [UInt8] {
        func perInch(_ perMillimetre: Double) -> [UInt8] {
            let value = UInt16(min(65_535, max(1, (perMillimetre * 25.4).rounded())))
            return [UInt8(value >> 8), UInt8(value & 0xFF)]
        }
        let density =
            resolution.map { [1] + perInch($0.horizontal) + perInch($0.vertical) } ?? [0, 0, 1, 0, 1]
        return [0xFF, 0xE0, 0, 16] + Array("JFIF\0".utf8) + [1, 1] + density + [0, 0]
    }
}
