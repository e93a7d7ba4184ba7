import Foundation
import HeirloomMedia

/// A folder of its own for one test, removed with everything in it.
final class IntakeFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "heirloom-intake-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    /// Writes a picture, and the folder it lies in.
    @discardableResult
    func add(_ picture: StillImage, _ name: String, quality: Int = 90) throws -> String {
        try makeFolder(of: name)
        _ = try StillWriter.write(picture, to: file(name), options: StillWriteOptions(quality: quality))
        return file(name)
    }

    @discardableResult
    func add(_ text: String, _ name: String) throws -> String {
        try makeFolder(of: name)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    private func makeFolder(of name: String) throws {
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: file(name)).deletingLastPathComponent(), withIntermediateDirectories: true)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}

/// A coloured picture of soft blotches, another for every seed: different enough that no two are taken for copies.
func blotches(_ seed: Int, width: Int = 96, height: Int = 80) -> StillImage {
    picture(width: width, height: height) { x, y in
        var color = SIMD3<Double>(repeating: 0.5)
        for wave in 0..<6 {
            let number = Double(seed * 6 + wave)
            // Irrational steps give every wave a direction, length and phase of its own.
            let direction = number * 2.399963
            let length = 1 + (number * 0.7548776).truncatingRemainder(dividingBy: 1) * 2.5
            let phase = number * 1.3247179
            let angle = (x * cos(direction) + y * sin(direction)) * length * 2 * .pi + phase
            color[wave % 3] += 0.25 * sin(angle)
            color[(wave + 1) % 3] += 0.1 * sin(angle)
        }
        return color
    }
}

/// A picture from a formula: x and y in 0...1, colours in 0...1.
func picture(width: Int, height: Int, _ color: (_ x: Double, _ y: Double) -> SIMD3<Double>) -> StillImage {
    var pixels: [UInt8] = []
    for y in 0..<height {
        for x in 0..<width {
            let value = color((Double(x) + 0.5) / Double(width), (Double(y) + 0.5) / Double(height))
            for channel in 0..<3 { pixels.append(UInt8(min(max(value[channel] * 255, 0), 255))) }
        }
    }
    return StillImage(width: width, height: height, channels: .rgb, depth: .eight, pixels: pixels)
}

/// The brightness of a picture, tinted.
func toned(_ picture: StillImage, red: Double, green: Double, blue: Double) -> StillImage {
    var pixels: [UInt8] = []
    for index in stride(from: 0, to: picture.pixels.count, by: 3) {
        let luma = (0..<3).reduce(0.0) { $0 + Double(picture.pixels[index + $1]) * [0.299, 0.587, 0.114][$1] }
        for tint in [red, green, blue] { pixels.append(UInt8(min(max(luma * tint, 0), 255))) }
    }
    return StillImage(width: picture.width, height: picture.height, channels: .rgb, depth: .eight, pixels: pixels)
}

/// The picture from right to left.
func mirrored(_ picture: StillImage) -> StillImage {
    var pixels: [UInt8] = []
    for y in 0..<picture.height {
        for x in (0..<picture.width).reversed() {
            let start = 3 * (y * picture.width + x)
            pixels += picture.pixels[start..<start + 3]
        }
    }
    return StillImage(width: picture.width, height: picture.height, channels: .rgb, depth: .eight, pixels: pixels)
}
