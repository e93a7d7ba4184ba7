import Foundation
import HeirloomMedia
import Testing

@Suite("Reading sound")
struct SoundReadingTests {
    let lab: SoundLab

    init() throws { lab = try SoundLab() }

    @Test(
        "what FFmpeg decodes comes out of every kind of file, whole and in odd blocks",
        arguments: [
            ("a.m4a", "-c:a aac"), ("a.g722", "-ac 1 -ar 16000"), ("a.mka", "-c:a libopus"), ("a.mp4", "-c:a aac"),
            ("a.mov", "-c:a pcm_s24le"), ("a.mkv", "-c:a flac"), ("a.webm", "-c:a libvorbis"),
            ("a.wv", "-c:a wavpack"), ("b.wav", "-c:a adpcm_ima_wav"), ("a.avi", "-c:a mp2"), ("a.ts", "-c:a ac3"),
            ("a.mp3", "-c:a libmp3lame"), ("a.ogg", "-c:a libvorbis"), ("a.opus", "-c:a libopus"),
            ("b.flac", "-c:a flac"), ("b.caf", "-c:a pcm_f32be"), ("alaw.wav", "-c:a pcm_alaw"),
        ])
    func equalsTool(name: String, coding: String) throws {
        try lab.lab.ffmpeg(
            "-f lavfi -i aevalsrc=0.4*sin(600*t*(1+t))|0.3*random(0):s=48000:d=1.1 \(coding) \(lab.lab.path(name))")
        let reader = try AudioReader(contentsOf: lab.url(name))
        let sound = try SoundLab.readAll(reader)
        #expect(reader.notes.isEmpty)
        #expect(sound.count == reader.info.channelCount)
        let tool = try lab.decoded(name, channels: sound.count)
        // The tool keeps what fills up the last piece of a QuickTime file; its end is what the file states.
        let excess = tool[0].count - sound[0].count
        #expect(excess == 0 || (excess < 1_024 && reader.info.sampleCount == sound[0].count))
        // ADPCM decoders of two libraries differ a little.
        let worst = zip(sound, tool).map { SoundLab.difference($0, $1) }.max() ?? 1
        #expect(worst < (coding.contains("adpcm_ima") ? 4e-3 : 3e-6))
        #expect(try lab.read(name, block: 1_237) == sound)
        for start in [30_000, 100, 45_000, 20_001, 0, 31_111] where start < sound[0].count {
            try reader.seek(to: start)
            let piece = try #require(try reader.read(5_000))
            #expect(piece.start == start)
            #expect(piece.channels == sound.map { Array($0[start..<min(start + 5_000, $0.count)]) })
        }
        try reader.seek(to: 10_000_000)
        #expect(try reader.read(1) == nil)
        try reader.seek(to: 7)
        #expect(try reader.read(1)?.channels == sound.map { [$0[7]] })
    }

    @Test(
        "far ways back give the same samples",
        arguments: [
            ("a.m4a", "-c:a aac -aac_pns 0"), ("a.g722", "-ar 16000"), ("a.mkv", "-c:a libvorbis"),
            ("a.mp4", "-c:a mp3 -ar 16000"), ("b.m4a", "-c:a alac"),
            ("a.ogg", "-c:a libvorbis"),
        ])
    func farBack(name: String, coding: String) throws {
        try lab.lab.ffmpeg("-f lavfi -i aevalsrc=0.4*sin(60*t*(1+t)):s=8000:d=45 \(coding) \(name)")
        let reader = try AudioReader(contentsOf: lab.url(name))
        let rate = reader.info.sampleRate
        let sound = try SoundLab.readAll(reader)[0]
        #expect(abs(sound.count - 45 * rate) < rate / 4)
        for start in [44 * rate + 13, 3 * rate + 1, 0, 41 * rate, 7 * rate + 99, 5] {
            try reader.seek(to: start)
            let piece = try #require(try reader.read(3_000))
            #expect(SoundLab.difference(piece.channels[0], Array(sound[start..<start + 3_000])) < 1e-6)
            #expect(piece.count == 3_000)
        }
        #expect(reader.notes.isEmpty)
    }

    @Test("gaps in the timestamps become silence, later tracks and late sound keep their place")
    func timeline() throws {
        // The second half of the sound comes half a second late.
        try lab.lab.ffmpeg(
            "-f lavfi -i sine=440:r=48000:d=2 -af asetpts=PTS+gte(T\\,1)*0.5/TB -c:a pcm_s16le \(lab.lab.path("gap.mkv"))"
        )
        let gap = try AudioReader(contentsOf: lab.url("gap.mkv"))
        let sound = try SoundLab.readAll(gap)[0]
        #expect(abs(sound.count - 120_000) < 100)
        let silent = sound[49_200..<71_000]
        #expect(silent.allSatisfy { $0 == 0 })
        #expect(gap.notes.contains { $0.contains("silence") })
        try gap.seek(to: 60_000)
        #expect(try gap.read(30_000)?.channels == [Array(sound[60_000..<90_000])])

        try lab.lab.ffmpeg(
            "-f lavfi -i color=red:s=64x64:d=3 -f lavfi -i sine=440:r=48000:d=2 -itsoffset 0.5"
                + " -f lavfi -i sine=880:r=16000:d=2 -map 0 -map 1 -map 2 -c:v ffv1 -c:a flac late.mkv")
        #expect(try AudioReader(contentsOf: lab.url("late.mkv")).info.trackCount == 2)
        let late = try AudioReader(contentsOf: lab.url("late.mkv"), track: 1)
        #expect(late.info.sampleRate == 16_000)
        #expect(abs(late.info.startTime - 0.5) < 1e-6)
        #expect(try SoundLab.readAll(late)[0].count == 32_000)
        #expect(try mediaError { _ = try AudioReader(contentsOf: lab.url("late.mkv"), track: 2) }.code == .outOfRange)
    }
}
