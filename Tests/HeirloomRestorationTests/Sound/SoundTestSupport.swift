import Foundation
import HeirloomMedia
import HeirloomRestoration

/// A folder of recordings for one test, removed with everything in it.
final class SoundFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "heirloom-sound-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    /// Writes a sound, in 32-bit float unless said otherwise.
    @discardableResult
    func write(
        _ channels: [[Float]], as name: String, rate: Int = 16_000, format: SampleFormat = .float32,
        tags: [String: String] = [:], broadcast: BroadcastInfo? = nil
    ) throws -> String {
        let writer = try AudioWriter(
            to: URL(fileURLWithPath: file(name)), sampleRate: rate, channelCount: channels.count, format: format,
            tags: tags, broadcast: broadcast)
        try writer.write(channels)
        try writer.finish()
        return file(name)
    }

    func read(_ name: String) throws -> (channels: [[Float]], info: AudioInfo) {
        let reader = try AudioReader(contentsOf: URL(fileURLWithPath: file(name)))
        let chunk = try reader.read(1 << 24)
        return (chunk?.channels ?? [], reader.info)
    }
}

/// Sound that is made up: bursts of harmonics with pauses, as speech has, the same for the same seed.
func babble(seconds: Double, rate: Int = 16_000, seed: UInt64 = 1) -> [Float] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func random() -> Double {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Double(state >> 11) / Double(1 << 53)
    }
    let count = Int(seconds * Double(rate))
    var samples = [Float](repeating: 0, count: count)
    var start = 0
    while start < count {
        let length = Int((0.08 + 0.25 * random()) * Double(rate))
        let pitch = 90 + 160 * random()
        let formants = [300 + 500 * random(), 900 + 1400 * random()]
        let level = 0.05 + 0.2 * random()
        for index in 0..<min(length, count - start) {
            let time = Double(index) / Double(rate)
            let window = sin(.pi * Double(index) / Double(length))
            var value = 0.25 * (random() - 0.5)
            for harmonic in 1...12 {
                let frequency = pitch * Double(harmonic)
                let near = formants.map { exp(-pow((frequency - $0) / 250, 2)) }.reduce(0.03, +)
                value += near * sin(2 * .pi * frequency * time)
            }
            samples[start + index] = Float(level * window * value)
        }
        start += length + Int(0.12 * random() * Double(rate))
    }
    return samples
}

/// Noise of a level, the same for the same seed.
func hiss(_ count: Int, level: Float, seed: UInt64) -> [Float] {
    var state = seed &* 0xD1B5_4A32_D192_ED03 | 1
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return level * (Float(state >> 40) / Float(1 << 24) * 2 - 1)
    }
}

/// Settings without a network, on the CPU.
func plainSettings() -> CleanSettings {
    var settings = CleanSettings()
    settings.model = .none
    settings.device = .cpu
    return settings
}
