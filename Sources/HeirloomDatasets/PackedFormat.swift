/// The layout of a packed store: little-endian, version 1.
///
/// - Header, 64 bytes: `HEIRPACK`, uint32 version, uint32 kind (1: RGB pictures, 2: sound), uint64 count, uint64 offset of
///   the index, uint64 offset and uint64 length of the metadata, uint64 file length, 8 zero bytes.
/// - Pictures or clips, each at a multiple of 64 bytes: uint8 RGB, rows from top to bottom without gaps; or int16 samples.
/// - Index, 32 bytes each. A picture: uint64 offset, uint32 width, height, group, label (`0xFFFFFFFF`: none), 8 zero bytes.
///   A clip: uint64 offset, uint32 samples, rate in Hz, family, source (both indices of the metadata), 8 zero bytes.
/// - Metadata: ``PackedMetadata`` or ``SoundMetadata`` as JSON.
enum PackedFormat {
    static let magic: [UInt8] = Array("HEIRPACK".utf8)
    static let version: UInt32 = 1
    static let pictureKind: UInt32 = 1
    static let soundKind: UInt32 = 2
    static let headerLength = 64
    static let entryLength = 32
    static let alignment = 64
    static let none = UInt32.max
    /// No photograph is wider; a larger number is damage, and products of two such sides stay far below overflow.
    static let largestSide = 1 << 20
    /// Rates in Hz of which sound is kept; anything else is damage.
    static let soundRates = 4_000...768_000

    /// The header's fields after magic, version and kind.
    struct Header {
        var kind: UInt32
        var count: Int
        var indexOffset: Int
        var metadataOffset: Int
        var metadataLength: Int
        var fileLength: Int

        var bytes: [UInt8] {
            [indexOffset, metadataOffset, metadataLength, fileLength, 0].reduce(
                PackedFormat.magic + littleEndian(PackedFormat.version) + littleEndian(kind)
                    + littleEndian(UInt64(count))
            ) { $0 + littleEndian(UInt64($1)) }
        }
    }

    static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian, Array.init)
    }

    static func read<T: FixedWidthInteger>(_ type: T.Type, at offset: Int, in bytes: UnsafeRawBufferPointer) -> T {
        T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }
}
