import CVips
import Foundation

/// Where a picture's bytes are.
enum StillInput {
    case file(String)
    case memory([UInt8], name: String)

    /// What errors call it.
    var name: String {
        switch self {
        case .file(let path): path
        case .memory(_, let name): name
        }
    }

    var byteCount: Int64 {
        switch self {
        case .file(let path): FileChecks.facts(of: path)?.size ?? 0
        case .memory(let bytes, _): Int64(bytes.count)
        }
    }

    /// The format by the first bytes.
    ///
    /// - Parameter operation: a verb phrase that follows "Cannot".
    func format(operation: String) throws(MediaError) -> StillFormat {
        if case .file(let path) = self { try FileChecks.requireReadable(path, operation: operation) }
        let head = bytes(at: 0, atMost: StillFormat.signatureLength)
        guard !head.isEmpty else {
            throw MediaError(
                .empty, operation, path: name, reason: "there are no bytes",
                advice: "copy it again from where it came from")
        }
        let formats = StillFormat.allCases.map(\.name).joined(separator: ", ")
        switch StillFormat.signature(of: head) {
        case .known(let format): return format
        case .foreign(let kind):
            throw MediaError(
                .noPicture, operation, path: name, reason: "it is \(kind), whatever its name says",
                advice: "the pictures that can be read are \(formats)")
        case .unknown:
            throw MediaError(
                .noPicture, operation, path: name, reason: "its first bytes are of no known picture format",
                advice: "the pictures that can be read are \(formats); if it should be one, the file is damaged")
        }
    }

    /// Lends a source of libvips over the bytes. Pictures made from it must not outlive the body.
    func withSource<R>(_ body: (UnsafeMutablePointer<VipsSource>) throws -> R) throws -> R {
        switch self {
        case .file(let path):
            guard let source = vips_source_new_from_file(path) else { throw Vips.Failure() }
            defer { g_object_unref(source) }
            return try body(source)
        case .memory(let bytes, _):
            return try bytes.withUnsafeBytes { buffer in
                guard let source = vips_source_new_from_memory(buffer.baseAddress, buffer.count) else {
                    throw Vips.Failure()
                }
                defer { g_object_unref(source) }
                return try body(source)
            }
        }
    }

    /// The EXIF block made from a TIFF file's tags; nil where there are none worth keeping.
    func exifFromTIFF() -> [UInt8]? {
        lookingInside { fetch in
            withoutActuallyEscaping(fetch) { TIFFBytes(fetch: $0).flatMap(EXIFBlock.extracted(fromTIFF:)) }
        }
    }

    /// Lends a function that gives `count` bytes from an offset, or nil where there are fewer; nil where the file cannot
    /// be opened.
    func lookingInside<R>(_ body: ((_ offset: Int, _ count: Int) -> [UInt8]?) -> R?) -> R? {
        switch self {
        case .memory(let bytes, _):
            return body { offset, count in
                guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
                return Array(bytes[offset..<offset + count])
            }
        case .file(let path):
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return nil }
            defer { close(file) }
            return body { Self.exactly($1, of: file, at: $0) }
        }
    }

    /// `count` bytes of an open file from an offset; nil where there are fewer.
    static func exactly(_ count: Int, of file: Int32, at offset: Int) -> [UInt8]? {
        guard offset >= 0, count >= 0 else { return nil }
        let bytes = read(file, at: offset, atMost: count)
        return bytes.count == count ? bytes : nil
    }

    private func bytes(at offset: Int, atMost count: Int) -> [UInt8] {
        switch self {
        case .memory(let bytes, _): return Array(bytes.dropFirst(offset).prefix(count))
        case .file(let path):
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return [] }
            defer { close(file) }
            return Self.read(file, at: offset, atMost: count)
        }
    }

    private static func read(_ file: Int32, at offset: Int, atMost count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let part = pread(
                    file, buffer.baseAddress! + initialized, count - initialized, off_t(offset + initialized))
                guard part > 0 else { return }
                initialized += part
            }
        }
    }
}
