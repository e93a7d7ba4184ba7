import Foundation

/// The file behind the writers of stores: written beside its target and renamed when it is whole.
final class StoreOutput {
    let path: String
    private let partial: String
    private let file: FileHandle
    private var offset = 0
    private var isFinished = false

    /// Starts a store.
    /// - Throws: ``DatasetError`` when the folder cannot be written.
    init(path: String) throws {
        self.path = path
        partial = path + ".partial-\(ProcessInfo.processInfo.processIdentifier)"
        guard FileManager.default.createFile(atPath: partial, contents: nil),
            let file = FileHandle(forWritingAtPath: partial)
        else {
            throw DatasetError(
                code: .inaccessible, path: path, reason: "cannot be written; choose a folder that exists and is yours")
        }
        self.file = file
        try write([UInt8](repeating: 0, count: PackedFormat.headerLength))
    }

    deinit { if !isFinished { try? FileManager.default.removeItem(atPath: partial) } }

    /// Appends bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try guarding { try file.write(contentsOf: bytes) }
        offset += bytes.count
    }

    /// Appends zeros up to a place where a picture or clip may begin, and says where that is.
    func align() throws -> Int {
        let gap = (PackedFormat.alignment - offset % PackedFormat.alignment) % PackedFormat.alignment
        if gap > 0 { try write([UInt8](repeating: 0, count: gap)) }
        return offset
    }

    /// Appends index and metadata and gives the file its name.
    /// - Precondition: called once.
    func finish(kind: UInt32, count: Int, index: [UInt8], metadata: some Encodable) throws {
        precondition(!isFinished, "finish() called twice")
        let indexOffset = try align()
        try write(index)
        let metadataOffset = offset
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = try encoder.encode(metadata)
        try write([UInt8](text))
        let header = PackedFormat.Header(
            kind: kind, count: count, indexOffset: indexOffset, metadataOffset: metadataOffset,
            metadataLength: text.count, fileLength: offset)
        try guarding {
            try file.seek(toOffset: 0)
            try file.write(contentsOf: header.bytes)
            try file.synchronize()
            try file.close()
        }
        guard rename(partial, path) == 0 else {
            throw DatasetError(
                code: .inaccessible, path: path, reason: "cannot be written: \(String(cString: strerror(errno)))")
        }
        isFinished = true
    }

    private func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

    private func guarding(_ body: () throws -> Void) throws {
        do { try body() } catch {
            throw DatasetError(
                code: .inaccessible, path: path,
                reason: "cannot be written (\(error.localizedDescription)); free some disk space")
        }
    }
}
