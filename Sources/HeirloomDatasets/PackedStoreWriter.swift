/// Writes a packed store picture by picture, beside its target, and renames it when it is whole.
public final class PackedStoreWriter {
    private let output: StoreOutput
    private var index: [UInt8] = []
    private var metadata = PackedMetadata()
    private var groups = Numbering<String>()
    private var sources = Numbering<PackedMetadata.Source>()

    /// Number of pictures written so far.
    public var count: Int { metadata.pictures.count }

    /// Starts a store.
    /// - Throws: ``DatasetError`` when the folder cannot be written.
    public init(path: String) throws {
        output = try StoreOutput(path: path)
    }

    /// Appends a picture.
    /// - Parameters:
    ///   - pixels: uint8 RGB, rows from top to bottom without gaps.
    ///   - name: The file name, for contact sheets and reports.
    ///   - source: Origin and licence; its count is kept by the writer.
    ///   - group: A name to weight the sampling by, or nil.
    ///   - label: A class number, or nil.
    /// - Throws: ``DatasetError`` when the disk refuses.
    /// - Precondition: There are `3 · width · height` bytes and neither side is 0.
    public func append(
        pixels: UnsafeRawBufferPointer, width: Int, height: Int, name: String, source: PackedMetadata.Source,
        group: String? = nil, label: Int? = nil
    ) throws {
        precondition(
            width > 0 && height > 0 && width <= PackedFormat.largestSide && height <= PackedFormat.largestSide
                && pixels.count == 3 * width * height,
            "\(pixels.count) bytes for a picture of \(width)×\(height)")
        let offset = try output.align()
        let groupNumber = group.map { UInt32(groups.number(of: $0, in: &metadata.groups)) }
        index += PackedFormat.littleEndian(UInt64(offset))
        for word in [UInt32(width), UInt32(height), groupNumber ?? PackedFormat.none] {
            index += PackedFormat.littleEndian(word)
        }
        index += PackedFormat.littleEndian(label.map { UInt32($0) } ?? PackedFormat.none)
        index += [UInt8](repeating: 0, count: 8)
        metadata.pictures.append(.init(name: name, source: sources.counted(source, in: &metadata.sources)))
        try output.write(pixels)
    }

    /// Closes the store under its final name.
    /// - Throws: ``DatasetError`` when nothing was appended or the disk refuses.
    public func finish() throws {
        guard count > 0 else { throw DatasetError(code: .tooSmall, path: output.path, reason: "no picture to pack") }
        try output.finish(kind: PackedFormat.pictureKind, count: count, index: index, metadata: metadata)
    }
}
