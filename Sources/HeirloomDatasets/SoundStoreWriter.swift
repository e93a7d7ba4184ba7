/// Writes a sound store clip by clip, beside its target, and renames it when it is whole.
public final class SoundStoreWriter {
    private let output: StoreOutput
    private var index: [UInt8] = []
    private var metadata = SoundMetadata()
    private var families = Numbering<String>()
    private var sources = Numbering<PackedMetadata.Source>()

    /// Number of clips written so far.
    public var count: Int { metadata.names.count }

    /// Starts a store.
    /// - Throws: ``DatasetError`` when the folder cannot be written.
    public init(path: String) throws { output = try StoreOutput(path: path) }

    /// Appends a clip.
    /// - Parameters:
    ///   - samples: Mono, full scale ±32768.
    ///   - name: The file name, for reports.
    ///   - family: Talker or kind of sound, to weight the sampling by and to judge by.
    ///   - source: Origin and licence; its count is kept by the writer.
    /// - Throws: ``DatasetError`` when the disk refuses.
    /// - Precondition: There is a sample, fewer than 2³², and the rate is 4,000...768,000 Hz.
    public func append(
        _ samples: [Int16], sampleRate: Int, name: String, family: String, source: PackedMetadata.Source
    ) throws {
        precondition(
            !samples.isEmpty && samples.count <= Int(UInt32.max) && PackedFormat.soundRates.contains(sampleRate),
            "a clip of \(samples.count) samples at \(sampleRate) Hz")
        index += PackedFormat.littleEndian(UInt64(try output.align()))
        for word in [
            samples.count, sampleRate, families.number(of: family, in: &metadata.families),
            sources.counted(source, in: &metadata.sources), 0, 0,
        ] {
            index += PackedFormat.littleEndian(UInt32(word))
        }
        metadata.names.append(name)
        try samples.map(\.littleEndian).withUnsafeBytes { try output.write($0) }
    }

    /// Closes the store under its final name.
    /// - Throws: ``DatasetError`` when nothing was appended or the disk refuses.
    public func finish() throws {
        guard count > 0 else { throw DatasetError(code: .tooSmall, path: output.path, reason: "no recording to pack") }
        try output.finish(kind: PackedFormat.soundKind, count: count, index: index, metadata: metadata)
    }
}
