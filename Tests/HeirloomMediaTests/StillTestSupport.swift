import Foundation
import HeirloomMedia

/// A folder of its own for one test, removed with everything in it.
final class StillFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "heirloom-stills-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    /// Writes bytes as they are and returns the path.
    func write(_ bytes: [UInt8], as name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}

/// The path of a file made by `Tests/Fixtures/stills/make.py`.
func stillFixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/stills/\(name)").path
}

func stillBytes(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

/// A picture in which no two neighbouring samples are equal and every byte of a 16-bit sample matters.
func stillPicture(
    width: Int, height: Int, channels: StillImage.Channels, depth: StillImage.Depth,
    metadata: StillMetadata = StillMetadata()
) -> StillImage {
    var state: UInt32 = 12345
    var samples = (0..<width * height * channels.count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt16(truncatingIfNeeded: state >> 16)
    }
    if channels.hasAlpha {
        // WebP may change the colour of what cannot be seen, so nothing here is wholly transparent.
        for index in samples.indices where index % channels.count == channels.count - 1 { samples[index] |= 0x0101 }
    }
    guard depth == .eight else {
        return StillImage(width: width, height: height, channels: channels, samples: samples, metadata: metadata)
    }
    return StillImage(
        width: width, height: height, channels: channels, depth: .eight,
        pixels: samples.map { UInt8(truncatingIfNeeded: $0) }, metadata: metadata)
}

/// The picture of the fixtures: red = 30 x, green = 40 y, blue = 255 − 30 x, 8 × 6 pixels.
let stillFixturePixels = stillPixels(width: 8, height: 6) { x, y in [30 * x, 40 * y, 255 - 30 * x] }

/// The 8-bit samples of a picture, from a formula for each pixel.
func stillPixels(width: Int, height: Int, _ color: (_ x: Int, _ y: Int) -> [Int]) -> [UInt8] {
    var result: [UInt8] = []
    for y in 0..<height {
        for x in 0..<width {
            for sample in color(x, y) { result.append(UInt8(sample)) }
        }
    }
    return result
}

/// The largest difference between two pictures' bytes; 255 where they have not as many.
func worstStillDifference(_ first: [UInt8], _ second: [UInt8]) -> Int {
    guard first.count == second.count else { return 255 }
    var worst = 0
    for (one, other) in zip(first, second) { worst = max(worst, abs(Int(one) - Int(other))) }
    return worst
}

/// An EXIF block as cameras write it: text, a private note with odd bytes, a position, and a thumbnail's directory.
func cameraEXIF(orientation: Int, littleEndian: Bool) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
        let little = (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) }
        return littleEndian ? little : little.reversed()
    }
    func entry(_ tag: Int, _ type: Int, _ count: Int, _ field: [UInt8]) -> [UInt8] {
        number(tag, 2) + number(type, 2) + number(count, 4) + field + [UInt8](repeating: 0, count: 4 - field.count)
    }
    let make = Array("Boxcamera & sons\0".utf8) + [0]  // 18 bytes with padding
    let note: [UInt8] = [0xDE, 0xAD, 0xBE, 0xEF, 0, 1, 2, 3, 0xFF, 0xFF]
    let date = Array("1912:04:15 02:20:00\0".utf8)
    let preview: [UInt8] = [0xFF, 0xD8, 0xFF, 0xD9]
    // Three directories of 3, 3 and 1 entries at fixed places, then the values.
    let first = 8
    let camera = first + 2 + 4 * 12 + 4
    let position = camera + 2 + 2 * 12 + 4
    let small = position + 2 + 1 * 12 + 4
    let values = small + 2 + 2 * 12 + 4
    var block: [UInt8] = (littleEndian ? [0x49, 0x49] : [0x4D, 0x4D]) + number(42, 2) + number(first, 4)
    block += number(4, 2)
    block += entry(0x010F, 2, 17, number(values, 4))
    block += entry(0x0112, 3, 1, number(orientation, 2))
    block += entry(0x8769, 4, 1, number(camera, 4))
    block += entry(0x8825, 4, 1, number(position, 4))
    block += number(small, 4)
    block += number(2, 2)
    block += entry(0x9003, 2, 20, number(values + 18, 4))
    block += entry(0x927C, 7, 10, number(values + 38, 4))
    block += number(0, 4)
    block += number(1, 2) + entry(0x0001, 2, 2, Array("N\0".utf8)) + number(0, 4)
    block += number(2, 2)
    block += entry(0x0201, 4, 1, number(values + 48, 4)) + entry(0x0202, 4, 1, number(4, 4))
    block += number(0, 4)
    return block + make + date + note + preview
}
