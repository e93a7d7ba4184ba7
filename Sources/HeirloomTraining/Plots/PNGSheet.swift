import Foundation
public import HeirloomTensors

/// A picture as an uncompressed PNG file, for previews where no media library is linked: 8-bit RGB, sRGB-encoded.
public struct PNGSheet {
    /// The pixels: uint8 `[3, H, W]`, RGB.
    public let pixels: Tensor

    /// Takes pixels.
    /// - Precondition: They are uint8 `[3, H, W]` and not empty.
    public init(_ pixels: Tensor) {
        precondition(
            pixels.rank == 3 && pixels.shape[0] == 3 && pixels.dtype == .uint8 && pixels.count > 0,
            "a PNG of \(pixels.summary)")
        self.pixels = pixels
    }

    /// Puts pictures together in rows on white, from the left.
    /// - Parameters:
    ///   - rows: `[3, H, W]`, floating point, RGB 0...1 (what is outside is clipped), of any sizes, on any device.
    ///   - gap: Pixels between pictures.
    /// - Precondition: There is a picture.
    public init(rows: [[Tensor]], gap: Int = 4) {
        precondition(rows.contains { !$0.isEmpty }, "a sheet without pictures")
        let heights = rows.map { $0.map { $0.shape[1] }.max() ?? 0 }
        let widths = rows.map { row in row.reduce(gap) { $0 + $1.shape[2] + gap } }
        let sheet = Tensor.full([3, heights.reduce(gap) { $0 + $1 + gap }, widths.max() ?? 0], 255, dtype: .uint8)
        withoutGradients {
            var top = gap
            for (row, height) in zip(rows, heights) {
                var left = gap
                for picture in row {
                    let bytes = (picture.detached().to(dtype: .float32).clamped(to: 0...1) * 255).rounded()
                    sheet.sliced(axis: 1, from: top, to: top + picture.shape[1])
                        .sliced(axis: 2, from: left, to: left + picture.shape[2])
                        .copy(from: bytes.to(dtype: .uint8, device: .cpu))
                    left += picture.shape[2] + gap
                }
                top += height + gap
            }
        }
        self.init(sheet)
    }

    /// The file's bytes.
    public func encoded() -> [UInt8] {
        let (height, width) = (pixels.shape[1], pixels.shape[2])
        let bytes = pixels.to(device: .cpu).transposed([1, 2, 0]).contiguous().scalars(as: UInt8.self)
        var rows: [UInt8] = []
        rows.reserveCapacity(height * (1 + 3 * width))
        for row in 0..<height {
            rows.append(0)  // no filter
            rows += bytes[(row * 3 * width)..<((row + 1) * 3 * width)]
        }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + Self.chunk("IHDR", Self.bigEndian(width) + Self.bigEndian(height) + [8, 2, 0, 0, 0])
            + Self.chunk("sRGB", [0]) + Self.chunk("IDAT", Self.stored(rows)) + Self.chunk("IEND", [])
    }

    /// Writes the file, in one piece.
    /// - Throws: ``TrainingError`` when the disk refuses.
    public func write(to path: String) throws {
        try writeWhole(Data(encoded()), to: path)
    }

    /// A zlib stream whose blocks are stored as they are (RFC 1950, 1951).
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x78, 0x01]
        result.reserveCapacity(bytes.count + bytes.count / 10_000 + 16)
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(65535)
            rest = rest.dropFirst(block.count)
            let (low, high) = (UInt8(block.count & 255), UInt8(block.count >> 8))
            result += [rest.isEmpty ? 1 : 0, low, high, ~low, ~high]
            result += block
        } while !rest.isEmpty
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return result + bigEndian(Int(b << 16 | a))
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in body { crc = crcTable[Int((crc ^ UInt32(byte)) & 255)] ^ crc >> 8 }
        return bigEndian(data.count) + body + bigEndian(Int(~crc))
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(value).bigEndian) { Array($0) }
    }

    private static let crcTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }
}

/// Writes a file beside its place and puts it there as a whole.
func writeWhole(_ data: Data, to path: String) throws {
    do { try data.write(to: URL(filePath: path), options: .atomic) } catch {
        throw TrainingError(
            code: .inaccessible,
            reason:
                "\(path) cannot be written (\(error.localizedDescription)); check the folder, its permissions and the "
                + "free space")
    }
}
