import Foundation
public import HeirloomTensors

/// Decoded clips of sound in one memory-mapped file: training reads them without a decoder and without copying the file.
///
/// Clips are mono int16, each at a rate of its own. Opening checks every length and offset, so that a damaged file is
/// refused before a sample is read.
public final class SoundStore: Sendable {
    /// One clip's place and properties.
    public struct Entry: Equatable, Sendable {
        /// Number of samples, at least 1.
        public let sampleCount: Int
        /// Samples per second.
        public let sampleRate: Int
        /// Which of the metadata's families it belongs to.
        public let family: Int
        /// Which of the metadata's sources it comes from.
        public let source: Int
        let offset: Int

        /// Length in seconds.
        public var duration: Double { Double(sampleCount) / Double(sampleRate) }
        var byteCount: Int { 2 * sampleCount }
    }

    /// Where the store lies.
    public let path: String
    /// The clips in order.
    public let entries: [Entry]
    /// Families, origins, licences.
    public let metadata: SoundMetadata
    private let file: MappedFile

    /// Number of clips.
    public var count: Int { entries.count }

    /// Length of all clips in seconds.
    public var duration: Double { entries.reduce(0) { $0 + $1.duration } }

    /// Opens a store and checks all of it but the samples.
    /// - Throws: ``DatasetError`` when the file cannot be read or is not a whole, consistent store of sound.
    public init(contentsOf path: String) throws {
        func invalid(_ reason: String) -> DatasetError {
            DatasetError(code: .invalidStore, path: path, reason: "\(reason); pack the recordings again")
        }
        let file = try MappedFile(path: path)
        let header = try PackedFormat.Header(file.bytes, kind: PackedFormat.soundKind, of: "recordings", path: path)
        guard header.count > 0 else { throw DatasetError(code: .tooSmall, path: path, reason: "holds no clip") }
        let metadata: SoundMetadata
        do {
            metadata = try JSONDecoder().decode(SoundMetadata.self, from: Data(header.metadata(in: file.bytes)))
        } catch { throw invalid("has damaged metadata") }
        guard metadata.names.count == header.count else {
            throw invalid("has metadata that do not fit its \(header.count) clips")
        }
        let entries = try (0..<header.count).map { clip in
            guard let entry = Self.entry(clip, header: header, metadata: metadata, bytes: file.bytes) else {
                throw invalid("has a damaged entry for clip \(clip)")
            }
            return entry
        }
        let order = entries.indices.sorted { entries[$0].offset < entries[$1].offset }
        for (one, next) in zip(order, order.dropFirst())
        where entries[one].offset + entries[one].byteCount > entries[next].offset {
            throw invalid("has clips that overlap: \(one) and \(next)")
        }
        self.entries = entries
        self.metadata = metadata
        self.file = file
        self.path = path
    }

    private static func entry(
        _ clip: Int, header: PackedFormat.Header, metadata: SoundMetadata, bytes: UnsafeRawBufferPointer
    ) -> Entry? {
        let start = header.indexOffset + clip * PackedFormat.entryLength
        let offset = PackedFormat.read(UInt64.self, at: start, in: bytes)
        let words = (0..<4).map { Int(PackedFormat.read(UInt32.self, at: start + 8 + 4 * $0, in: bytes)) }
        guard offset >= UInt64(PackedFormat.headerLength), offset <= UInt64(header.indexOffset), offset % 2 == 0,
            words[0] > 0, 2 * words[0] <= header.indexOffset - Int(offset), PackedFormat.soundRates.contains(words[1]),
            metadata.families.indices.contains(words[2]), metadata.sources.indices.contains(words[3])
        else { return nil }
        return Entry(
            sampleCount: words[0], sampleRate: words[1], family: words[2], source: words[3], offset: Int(offset))
    }

    /// Calls a closure with the samples of a clip: int16, full scale ±32768.
    public func withSamples<R>(of index: Int, _ body: (UnsafeBufferPointer<Int16>) throws -> R) rethrows -> R {
        let entry = entries[index]
        return try withExtendedLifetime(file) {
            try body(
                UnsafeRawBufferPointer(rebasing: file.bytes[entry.offset..<entry.offset + entry.byteCount])
                    .bindMemory(to: Int16.self))
        }
    }

    /// A clip as a tensor of its own: Float32 `[samples]`, ±1.
    public func clip(_ index: Int) -> Tensor {
        withSamples(of: index) {
            Tensor.copying(UnsafeRawBufferPointer($0), shape: [$0.count], dtype: .int16)
        }.to(dtype: .float32) / 32768
    }

    /// The name of the family of a clip.
    public func familyName(of index: Int) -> String { metadata.families[entries[index].family] }

    /// Seconds of sound in each family.
    public var familyDurations: [String: Double] {
        entries.reduce(into: [:]) { $0[metadata.families[$1.family], default: 0] += $1.duration }
    }
}
