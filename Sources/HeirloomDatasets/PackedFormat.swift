/// The layout of a packed store: little-endian, version 1.
///
/// - Header, 64 bytes: `HEIRPACK`, uint32 version, uint32 kind (1: RGB pictures), uint64 count, uint64 offset of the
///   index, uint64 offset and uint64 length of the metadata, uint64 file length, 8 zero bytes.
/// - Pictures, each at a multiple of 64 bytes: uint8 RGB, rows from top to bottom without gaps.
/// - Index, 32 bytes a picture: uint64 offset, uint32 width, height, group, label (`0xFFFFFFFF`: none), 8 zero bytes.
/// - Metadata: ``PackedMetadata`` as JSON.
enum PackedFormat {
    static let magic: [UInt8] = Array("HEIRPACK".utf8)
    static let version: UInt32 = 1
    static let pictureKind: UInt32 = 1
    static let headerLength = 64
    static let entryLength = 32
    static let alignment = 64
    static let none = UInt32.max
    /// No photograph is wider; a larger number is damage, and products of two such sides stay far below overflow.
    static let largestSide = 1 << 20

    /// The header's fields after magic, version and kind.
    struct Header {
        var count: UInt64
        var indexOffset: UInt64
        var metadataOffset: UInt64
        var metadataLength: UInt64
        var fileLength: UInt64

        var bytes: [UInt8] {
            PackedFormat.magic + littleEndian(PackedFormat.version) + littleEndian(PackedFormat.pictureKind)
                + littleEndian(count) + littleEndian(indexOffset) + littleEndian(metadataOffset)
                + littleEndian(metadataLength) + littleEndian(fileLength) + littleEndian(UInt64(0))
        }
    }

    static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian, Array.init)
    }

    static func read<T: FixedWidthInteger>(_ type: T.Type, at offset: Int, in bytes: UnsafeRawBufferPointer) -> T {
        T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }
}
