import CLibAV
import Foundation

/// Small sound files of every kind that is read, each the same whenever it is made.
enum SoundSeed {
    /// A kind of file, by its ending, and how its samples are stored.
    struct Kind: Sendable {
        let ending: String
        let format: SampleFormat
        let rate: Int
        let channels: Int
        let isDecorated: Bool
    }

    /// All kinds.
    static let kinds: [Kind] = {
        func kind(
            _ ending: String, _ format: SampleFormat, _ rate: Int, _ channels: Int, decorated: Bool = false
        ) -> Kind {
            Kind(ending: ending, format: format, rate: rate, channels: channels, isDecorated: decorated)
        }
        return [
            kind("wav", .int16, 16_000, 1), kind("wav", .int24, 48_000, 2, decorated: true),
            kind("wav", .float32, 44_100, 1, decorated: true), kind("wav", .float64, 8_000, 6),
            kind("w64", .int24, 48_000, 1), kind("rf64", .int16, 48_000, 2), kind("aiff", .int16, 22_050, 2),
            kind("aiff", .float32, 48_000, 1, decorated: true), kind("caf", .int32, 48_000, 2),
            kind("flac", .int16, 16_000, 1), kind("flac", .int24, 48_000, 2, decorated: true),
            kind("ogg", .compressed, 48_000, 2, decorated: true), kind("ogg", .compressed, 8_000, 1),
            kind("opus", .compressed, 48_000, 1), kind("mp3", .compressed, 44_100, 2, decorated: true),
            kind("mp3", .compressed, 16_000, 1), kind("mp4", .compressed, 44_100, 2),
            kind("mov", .compressed, 16_000, 1), kind("mkv", .int24, 48_000, 1), kind("g722", .compressed, 16_000, 1),
        ]
    }()

    /// Makes the file of a kind: a third of a second of a rising tone with noise.
    ///
    /// - Parameter folder: where it is made on the way.
    static func file(_ kind: Kind, in folder: String) throws(MediaError) -> [UInt8] {
        let channels = sound(kind)
        if kind.ending == "g722" {
            return channels[0].map { UInt8(truncatingIfNeeded: Int($0 * 127)) }
        }
        let path = folder + "/seed." + kind.ending
        unlink(path)
        defer { unlink(path) }
        if ["mp4", "mov", "mkv"].contains(kind.ending) {
            try writeFilm(path, kind, channels)
        } else {
            let writer = try AudioWriter(
                to: URL(fileURLWithPath: path), sampleRate: kind.rate, channelCount: kind.channels,
                format: kind.format,
                tags: kind.isDecorated ? ["title": "Party", "comment": "Ünïcode", "date": "1999-05-01"] : [:],
                broadcast: kind.isDecorated ? BroadcastInfo(description: "x", timeReference: 1 << 33) : nil,
                cues: kind.isDecorated ? [AudioCue(position: 100, name: "a"), AudioCue(position: 200)] : [])
            try writer.write(channels)
            try writer.finish()
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw MediaError(.unreadable, "read back the sound", path: path, reason: "it vanished")
        }
        var bytes = Array(data)
        OggPages.repair(&bytes, serial: 1)
        return bytes
    }

    private static func sound(_ kind: Kind) -> [[Float]] {
        var dice = PictureDice(seed: 7)
        return (0..<kind.channels).map { channel in
            (0..<kind.rate / 3).map { index in
                let time = Double(index) / Double(kind.rate)
                let noise = Double(dice.next() >> 40) / 16_777_216 - 0.5
                return Float(0.5 * sin(2 * .pi * (300 + 900 * time) * time + Double(channel)) + 0.1 * noise)
            }
        }
    }

    /// A film of sound alone.
    private static func writeFilm(_ path: String, _ kind: Kind, _ channels: [[Float]]) throws(MediaError) {
        let operation = "write the sound"
        let muxer = try Muxer(path: path, operation: operation, inputs: [], overwrite: true)
        let encoder = try SoundEncoder(
            kind.ending == "mkv" ? .flac : .aac, sampleRate: kind.rate, channelCount: kind.channels,
            needsGlobalHeader: muxer.needsGlobalHeader, path: path, operation: operation)
        let stream = try muxer.addStream()
        avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context)
        let base = AVRational(num: 1, den: Int32(kind.rate))
        stream.pointee.time_base = base
        try muxer.writeHeader(timeBase: Rational(1, Int32(kind.rate)))
        for piece in [channels, nil] {
            try encoder.encode(piece) { packet throws(MediaError) in
                av_packet_rescale_ts(packet, base, stream.pointee.time_base)
                packet.pointee.stream_index = 0
                try muxer.write(packet)
            }
        }
        try muxer.writeTrailer()
        try muxer.commit()
    }
}
