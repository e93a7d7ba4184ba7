import Foundation
import HeirloomMedia
import Testing

@Suite("The sound of films")
struct FilmSoundTests {
    let lab: SoundLab

    init() throws { lab = try SoundLab() }

    private func film(_ name: String, _ coding: String) throws {
        try lab.lab.ffmpeg(
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i sine=440:r=48000:d=2"
                + " -f lavfi -i sine=880:r=44100:d=2 -map 0:v -map 1:a -map 2:a -metadata:s:a:0 language=deu"
                + " -metadata title=Party \(coding) \(name)")
    }

    private func packets(_ name: String, _ kind: String) throws -> String {
        try lab.lab.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", kind, "-show_entries",
                "packet=pts_time,dts_time,duration_time,size,flags", "-show_data_hash", "md5", "-of", "csv",
                lab.lab.path(name),
            ])
    }

    @Test(
        "only the sound changes",
        arguments: [
            ("a.mp4", "-c:v libx264 -bf 2 -c:a aac", "b.mp4"), ("a.mov", "-c:v libx264 -c:a pcm_s16le", "b.mov"),
            ("a.mkv", "-c:v libx264 -bf 2 -c:a ac3", "b.mkv"), ("a.mkv", "-c:v ffv1 -c:a flac", "b.mkv"),
        ])
    func onlySound(name: String, coding: String, output: String) throws {
        try film(name, coding)
        let old = try AudioReader(contentsOf: lab.url(name))
        let rate = old.info.sampleRate
        let count = try SoundLab.readAll(old)[0].count
        let new = SoundLab.sine(997, rate: rate, count: count, level: 0.25)
        _ = try lab.write("new.wav", [new, new], rate: rate)
        let notes = try FilmSound.replaceSound(
            of: lab.url(name), with: lab.url("new.wav"), to: lab.url(output), keepOriginal: true)
        #expect(notes.isEmpty)
        #expect(try packets(name, "V") == packets(output, "V"))
        #expect(try lab.lab.checksums(name) == lab.lab.checksums(output))
        let reader = try AudioReader(contentsOf: lab.url(output))
        #expect(reader.info.trackCount == 3)
        #expect(reader.info.track == 0)
        #expect(reader.info.tags["language"] == old.info.tags["language"])
        #expect(reader.info.startTime == old.info.startTime)
        let sound = try SoundLab.readAll(reader)
        #expect(sound[0].count == count)
        // Lossy coding, but the same sound at the same place.
        let middle = 9_600..<(count - 9_600)
        let difference = middle.reduce(Float(0)) { max($0, abs(sound[0][$1] - new[$1])) }
        #expect(difference < 0.01)
        // The old tracks are there untouched.
        #expect(try packets(name, "a:1") == packets(output, "a:1"))
        #expect(try lab.decoded(name) == lab.decoded(output, map: "0:a:2"))
    }
}
