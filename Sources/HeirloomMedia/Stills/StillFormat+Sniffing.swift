extension StillFormat {
    /// What a file's first bytes say it is.
    enum Signature: Equatable {
        case known(StillFormat)
        /// A sound kind of file that is not read here, by name.
        case foreign(String)
        case unknown
    }

    /// How many first bytes ``signature(of:)`` looks at.
    static let signatureLength = 64

    /// Recognises a format by a file's first bytes; the name of a file says nothing reliable.
    static func signature(of head: some Collection<UInt8>) -> Signature {
        let head = Array(head.prefix(signatureLength))
        func starts(_ bytes: [UInt8], at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: bytes) }
        func says(_ text: String, at offset: Int = 0) -> Bool { starts(Array(text.utf8), at: offset) }

        if starts([0xFF, 0xD8, 0xFF]) { return .known(.jpeg) }
        if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .known(.png) }
        if starts([0x49, 0x49, 0x2A, 0]) || starts([0x4D, 0x4D, 0, 0x2A]) { return .known(.tiff) }
        if starts([0x49, 0x49, 0x2B, 0]) || starts([0x4D, 0x4D, 0, 0x2B]) { return .known(.tiff) }
        if says("RIFF"), says("WEBP", at: 8) { return .known(.webp) }
        if says("ftyp", at: 4) { return container(head) }

        if says("GIF8") { return .foreign("a GIF picture") }
        if says("BM") { return .foreign("a BMP picture") }
        if says("8BPS") { return .foreign("a Photoshop document") }
        if says("%PDF") { return .foreign("a PDF document") }
        if says("<svg") || says("<?xml") { return .foreign("an SVG or XML document") }
        if says("<!DOCTYPE") || says("<html") { return .foreign("a web page") }
        if starts([0xFF, 0x0A]) || says("JXL ", at: 4) { return .foreign("a JPEG XL picture") }
        if says("jP  ", at: 4) { return .foreign("a JPEG 2000 picture") }
        if says("PK\u{3}\u{4}") { return .foreign("a ZIP archive") }
        if starts([0x1A, 0x45, 0xDF, 0xA3]) { return .foreign("a Matroska or WebM film") }
        if says("RIFF"), says("AVI ", at: 8) { return .foreign("an AVI film") }
        if says("RIFF"), says("WAVE", at: 8) { return .foreign("a WAV sound") }
        let isText = head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        if isText && !head.isEmpty { return .foreign("a text") }
        return .unknown
    }

    /// Tells pictures from films in ISO base media files by their brands.
    private static func container(_ head: [UInt8]) -> Signature {
        func brand(at offset: Int) -> String {
            String(decoding: head.dropFirst(offset).prefix(4), as: UTF8.self)
        }
        let major = brand(at: 8)
        if major == "avif" || major == "avis" { return .known(.avif) }
        if ["heic", "heix", "hevc", "hevx", "heim", "heis"].contains(major) { return .known(.heic) }
        if major == "mif1" || major == "msf1" {
            let size = head.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let others = stride(from: 16, to: min(size, head.count), by: 4).map(brand(at:))
            return .known(others.contains("avif") || others.contains("avis") ? .avif : .heic)
        }
        if major == "crx " { return .foreign("a Canon raw picture") }
        return .foreign("a film or a sound in an MP4 or QuickTime file")
    }
}
