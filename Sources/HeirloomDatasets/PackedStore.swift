import Foundation
public import HeirloomTensors

/// Decoded pictures in one memory-mapped file: training reads them without a decoder and without copying the file.
///
/// Opening checks every length and offset, so that a damaged file is refused before a pixel is read.
public final class PackedStore: Sendable {
    /// One picture's place and properties.
    public struct Entry: Equatable, Sendable {
        /// Width and height in pixels.
        public let width: Int, height: Int
        /// Which of the metadata's groups it belongs to, if any.
        public let group: Int?
        /// Its class, where the data has classes.
        public let label: Int?
        let offset: Int

        var byteCount: Int { width * height * 3 }
    }

    /// Where the store lies.
    public let path: String
    /// The pictures in order.
    public let entries: [Entry]
    /// Groups, origins, licences.
    public let metadata: PackedMetadata
    private let file: MappedFile

    /// Number of pictures.
    public var count: Int { entries.count }

    /// Opens a store and checks all of it but the pixels.
    /// - Throws: ``DatasetError`` when the file cannot be read or is not a whole, consistent store.
    public init(contentsOf path: String) throws {
        func invalid(_ reason: String) -> DatasetError {
            DatasetError(code: .invalidStore, path: path, reason: "\(reason); pack the pictures again")
        }
        let file = try MappedFile(path: path)
        let bytes = file.bytes
        let header = try PackedFormat.Header(bytes, kind: PackedFormat.pictureKind, of: "pictures", path: path)
        let (count, index) = (header.count, header.indexOffset)
        guard count > 0 else {
            throw DatasetError(code: .tooSmall, path: path, reason: "holds no picture")
        }
        let text = Data(header.metadata(in: bytes))
        let metadata: PackedMetadata
        do { metadata = try JSONDecoder().decode(PackedMetadata.self, from: text) } catch {
            throw invalid("has damaged metadata")
        }
        guard metadata.pictures.count == count,
            metadata.pictures.allSatisfy({ metadata.sources.indices.contains($0.source) })
        else { throw invalid("has metadata that do not fit its \(count) pictures") }
        let groups = metadata.groups.count
        let entries = try (0..<count).map { picture in
            guard let entry = Self.entry(picture, index: index, groups: groups, bytes: bytes) else {
                throw invalid("has a damaged entry for picture \(picture)")
            }
            return entry
        }
        let order = entries.indices.sorted { entries[$0].offset < entries[$1].offset }
        for (one, next) in zip(order, order.dropFirst())
        where entries[one].offset + entries[one].byteCount > entries[next].offset {
            throw invalid("has pictures that overlap: \(one) and \(next)")
        }
        self.entries = entries
        self.metadata = metadata
        self.file = file
        self.path = path
    }

    private static func entry(_ picture: Int, index: Int, groups: Int, bytes: UnsafeRawBufferPointer) -> Entry? {
        let start = index + picture * PackedFormat.entryLength
        let offset = PackedFormat.read(UInt64.self, at: start, in: bytes)
        let words = (0..<4).map { PackedFormat.read(UInt32.self, at: start + 8 + 4 * $0, in: bytes) }
        let (width, height, group) = (Int(words[0]), Int(words[1]), words[2])
        guard (1...PackedFormat.largestSide).contains(width), (1...PackedFormat.largestSide).contains(height),
            offset >= UInt64(PackedFormat.headerLength), offset <= UInt64(index),
            width * height * 3 <= index - Int(offset), group == PackedFormat.none || Int(group) < groups
        else { return nil }
        return Entry(
            width: width, height: height, group: group == PackedFormat.none ? nil : Int(group),
            label: words[3] == PackedFormat.none ? nil : Int(words[3]), offset: Int(offset))
    }

    /// Calls a closure with the pixels of a picture: uint8 RGB, `[height, width, 3]`.
    public func withPixels<R>(of index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        let entry = entries[index]
        return try withExtendedLifetime(file) {
            try body(
                UnsafeRawBufferPointer(rebasing: file.bytes[entry.offset..<entry.offset + entry.byteCount])
                    .bindMemory(to: UInt8.self))
        }
    }

    /// A picture as a tensor of its own: uint8 `[3, H, W]`.
    public func picture(_ index: Int) -> Tensor {
        let entry = entries[index]
        return withPixels(of: index) {
            Tensor.copying(UnsafeRawBufferPointer($0), shape: [entry.height, entry.width, 3], dtype: .uint8)
        }.transposed([2, 0, 1]).contiguous()
    }

    /// The name of the group of a picture, if it has one.
    public func groupName(of index: Int) -> String? { entries[index].group.map { metadata.groups[$0] } }
}
