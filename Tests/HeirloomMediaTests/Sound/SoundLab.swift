import Foundation
import HeirloomMedia
import Testing

/// A folder for tests of sound, with the `ffmpeg` tool beside; removed at the end.
struct SoundLab: Sendable {
    let lab: FilmLab

    init() throws { lab = try FilmLab() }

    func url(_ name: String) -> URL { URL(fileURLWithPath: lab.path(name)) }

    /// Reproducible noise within ±level, on the grid of some bits where given.
    static func noise(_ count: Int, channels: Int = 1, level: Float = 0.9, bits: Int? = nil) -> [[Float]] {
        var state: UInt64 = 42
        return (0..<channels).map { _ in
            (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let value = (Float(state >> 40) / 8_388_608 - 1) * level
                guard let bits else { return value }
                let scale = Float(1 << (bits - 1))
                return (value * scale).rounded() / scale
            }
        }
    }

    static func sine(_ frequency: Double, rate: Int, count: Int, level: Double) -> [Float] {
        (0..<count).map { Float(level * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
    }

    func write(
        _ name: String, _ channels: [[Float]], rate: Int = 48_000, _ format: SampleFormat? = nil,
        tags: [String: String] = [:], broadcast: BroadcastInfo? = nil, cues: [AudioCue] = [], block: Int = .max
    ) throws -> (writer: AudioWriter, notes: [String]) {
        let writer = try AudioWriter(
            to: url(name), sampleRate: rate, channelCount: channels.count, format: format, tags: tags,
            broadcast: broadcast, cues: cues)
        var start = 0
        while start < channels[0].count {
            let end = min(channels[0].count, start.addingReportingOverflow(block).overflow ? .max : start + block)
            try writer.write(channels.map { Array($0[start..<end]) })
            start = end
        }
        return (writer, try writer.finish())
    }

    /// All samples, read in blocks.
    static func readAll(_ reader: AudioReader, block: Int = 1 << 16) throws -> [[Float]] {
        var result = [[Float]](repeating: [], count: reader.info.channelCount)
        while let chunk = try reader.read(block) {
            #expect(chunk.start == result[0].count)
            for channel in result.indices { result[channel] += chunk.channels[channel] }
        }
        return result
    }

    func read(_ name: String, block: Int = 1 << 16) throws -> [[Float]] {
        try SoundLab.readAll(AudioReader(contentsOf: url(name)), block: block)
    }

    /// What the tool decodes, one array per channel.
    func decoded(_ name: String, channels: Int = 1, map: String = "0:a:0") throws -> [[Float]] {
        try lab.run(
            "ffmpeg",
            ["-v", "error", "-nostdin", "-y", "-i", lab.path(name), "-map", map, "-f", "f32le", lab.path("decoded")])
        let data = try Data(contentsOf: url("decoded"))
        let all = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        return (0..<channels).map { channel in stride(from: channel, to: all.count, by: channels).map { all[$0] } }
    }

    static func difference(_ first: [Float], _ second: [Float]) -> Float {
        zip(first, second).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
}
