extension PackedFormat.Header {
    /// Reads and checks a store's header: what it is, that the file is whole, that every part lies inside.
    ///
    /// - Parameters:
    ///   - things: what the store holds, for messages.
    /// - Throws: ``DatasetError`` for anything but a whole store of this kind.
    init(_ bytes: UnsafeRawBufferPointer, kind: UInt32, of things: String, path: String) throws {
        func invalid(_ reason: String) -> DatasetError {
            DatasetError(code: .invalidStore, path: path, reason: "\(reason); pack the \(things) again")
        }
        guard bytes.prefix(8).elementsEqual(PackedFormat.magic) else {
            let source = kind == PackedFormat.pictureKind ? "photographs" : "recordings"
            throw DatasetError(
                code: .invalidStore, path: path, reason: "is not a packed store; make one from \(source) first")
        }
        let version = PackedFormat.read(UInt32.self, at: 8, in: bytes)
        guard version == PackedFormat.version else {
            throw invalid("has the format version \(version), this program reads \(PackedFormat.version)")
        }
        guard PackedFormat.read(UInt32.self, at: 12, in: bytes) == kind else {
            throw invalid("does not hold \(things)")
        }
        let numbers = (0..<5).map { PackedFormat.read(UInt64.self, at: 16 + 8 * $0, in: bytes) }
        guard let fields = numbers.map({ Int(exactly: $0) }) as? [Int] else { throw invalid("has damaged lengths") }
        self.init(
            kind: kind, count: fields[0], indexOffset: fields[1], metadataOffset: fields[2], metadataLength: fields[3],
            fileLength: fields[4])
        guard fileLength == bytes.count else {
            throw invalid("is cut short or has grown: \(bytes.count) bytes where \(fileLength) were written")
        }
        guard indexOffset >= PackedFormat.headerLength, indexOffset <= fileLength,
            count <= (fileLength - indexOffset) / PackedFormat.entryLength,
            metadataOffset >= indexOffset + count * PackedFormat.entryLength, metadataOffset <= fileLength,
            metadataLength <= fileLength - metadataOffset
        else { throw invalid("has damaged offsets") }
    }

    /// The bytes of the metadata.
    func metadata(in bytes: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
        bytes[metadataOffset..<metadataOffset + metadataLength]
    }
}
