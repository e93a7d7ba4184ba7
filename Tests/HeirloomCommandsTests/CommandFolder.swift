import Foundation
import HeirloomMedia
import HeirloomModels
import HeirloomTensors

/// A folder of its own for one test, removed with everything in it.
final class CommandFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "heirloom-commands-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    /// Everything in the folder, hidden files too.
    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    @discardableResult
    func write(_ bytes: [UInt8], as name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    func bytes(of name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name)))) }

    /// A grey picture with a gradient.
    @discardableResult
    func picture(_ name: String, width: Int = 48, height: Int = 32) throws -> String {
        let pixels = (0..<width * height).map { UInt8($0 * 255 / (width * height)) }
        let picture = StillImage(width: width, height: height, channels: .grey, depth: .eight, pixels: pixels)
        _ = try StillWriter.write(picture, to: file(name))
        return file(name)
    }

    /// A short grey film with sound.
    @discardableResult
    func film(_ name: String, seconds: Int = 1, size: String = "64x48", rate: Int = 10) async throws -> String {
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=\(size):rate=\(rate):duration=\(seconds),hue=s=0",
            "-f", "lavfi", "-i", "sine=frequency=440:duration=\(seconds)",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest", file(name),
        ])
        return file(name)
    }

    /// A colour network with made-up weights, made once: these tests are about files and exit codes, not about colours.
    static let model: Result<[UInt8], any Error> = Result {
        let folder = try CommandFolder()
        try ModelFile.write(
            ColorUNet(using: Generator(seed: 1)), to: folder.file("m"), task: "colorize", licence: "made by a test")
        return try folder.bytes(of: "m")
    }

    /// A copy of the network with made-up weights.
    @discardableResult
    func model(_ name: String = "model.safetensors") throws -> String {
        try write(try Self.model.get(), as: name)
    }

    /// Bytes of a PNG file whose header claims a size; little else is in it.
    static func png(claiming width: UInt32, _ height: UInt32) -> [UInt8] {
        func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        func chunk(_ kind: String, _ content: [UInt8]) -> [UInt8] {
            let body = Array(kind.utf8) + content
            var checksum = UInt32.max
            for byte in body {
                checksum ^= UInt32(byte)
                for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
            }
            return big(UInt32(content.count)) + body + big(~checksum)
        }
        // A zlib stream of one stored block with a single zero byte.
        let data: [UInt8] = [0x78, 0x01, 0x01, 1, 0, 0xFE, 0xFF, 0, 0, 1, 0, 1]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", big(width) + big(height) + [8, 0, 0, 0, 0])
            + chunk("IDAT", data) + chunk("IEND", [])
    }
}
