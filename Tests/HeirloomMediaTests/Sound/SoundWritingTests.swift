import Foundation
import HeirloomMedia
import Testing

@Suite("Writing sound")
struct SoundWritingTests {
    let lab: SoundLab

    init() throws { lab = try SoundLab() }

    @Test(
        "samples come back bit for bit",
        arguments: ["a.wav", "a.w64", "a.rf64", "a.aiff", "a.caf", "a.flac"],
        [SampleFormat.int16, .int24, .float32])
    func exact(name: String, format: SampleFormat) throws {
        let formats = try AudioWriter.formats(for: lab.url(name))
        guard formats.contains(format) else {
            #expect(throws: MediaError.self) { try lab.write(name, [[0]], format) }
            return
        }
        // Full scale of both signs is among them.
        var noise = SoundLab.noise(3_000, channels: 2, bits: format.integerBits)
        noise[0][5] = -1
        noise[0][6] = 0
        noise[1][7] = format.integerBits.map { Float(1) - 1 / Float(1 << ($0 - 1)) } ?? 1.5
        let (writer, notes) = try lab.write(name, noise, rate: 44_100, format, block: 701)
        #expect(notes.isEmpty)
        #expect(writer.clippedSampleCount == 0)
        let reader = try AudioReader(contentsOf: lab.url(name))
        #expect(reader.info.sampleFormat == format)
        #expect(reader.info.sampleRate == 44_100)
        #expect(reader.info.sampleCount == 3_000)
        #expect(try SoundLab.readAll(reader, block: 777) == noise)
        #expect(reader.notes.isEmpty)
        // The tool reads the same.
        #expect(try lab.decoded(name, channels: 2) == noise || name.hasSuffix("rf64"))
        // A plain WAV file while 4 GiB suffice.
        let head = try Data(contentsOf: lab.url(name)).prefix(4)
        if name.hasSuffix("wav") { #expect(head == Data("RIFF".utf8)) }
    }

    @Test("lossy kinds keep rate, length and sound", arguments: ["a.ogg", "a.opus", "a.mp3"])
    func lossy(name: String) throws {
        let sine = SoundLab.sine(440, rate: 48_000, count: 48_000, level: 0.5)
        _ = try lab.write(name, [sine, sine], tags: ["title": "Party"])
        let reader = try AudioReader(contentsOf: lab.url(name))
        #expect(reader.info.sampleFormat == .compressed)
        #expect(reader.info.tags["title"] == "Party")
        let sound = try SoundLab.readAll(reader)
        // FFmpeg gives up to a block less at the end of Vorbis.
        #expect(sound[0].count == 48_000 || (name == "a.ogg" && (47_872...48_000).contains(sound[0].count)))
        let worst = SoundLab.difference(Array(sound[0][5_000..<40_000]), Array(sine[5_000..<40_000]))
        #expect(worst < 0.02)
    }

    @Test("tags, the broadcast extension and marked places come back")
    func metadata() throws {
        let tags = [
            "title": "Müllers Geburtstag", "artist": "Anna", "comment": "1999", "date": "1999-05-01",
            "software": "heirloom",
        ]
        let broadcast = BroadcastInfo(
            description: "Living room", originator: "H4n", originatorReference: "X1", originationDate: "1999-05-01",
            originationTime: "20:15:00", timeReference: 5_000_000_000)
        let cues = [AudioCue(position: 10, name: "Toast"), AudioCue(position: 900)]
        let notes = try lab.write(
            "a.wav", SoundLab.noise(1_000), .int16, tags: tags, broadcast: broadcast, cues: cues
        ).notes
        #expect(notes.isEmpty)
        let info = try AudioReader(contentsOf: lab.url("a.wav")).info
        for (key, value) in tags where key != "software" { #expect(info.tags[key] == value) }
        #expect(info.tags["software"]?.hasPrefix("heirloom") == true)
        #expect(info.broadcast == broadcast)
        #expect(info.timeReference == 5_000_000_000)
        #expect(info.cues == cues)
        #expect(try lab.read("a.wav")[0].count == 1_000)
        #expect(try lab.lab.probe("a.wav", "format=duration").contains("duration=0.020833"))
        let apple = try lab.write("a.aiff", SoundLab.noise(1_000), tags: ["title": "A"], cues: cues)
        #expect(apple.notes.isEmpty)
        #expect(try AudioReader(contentsOf: lab.url("a.aiff")).info.cues.map(\.position) == [10, 900])
        // What a kind of file has no place for is said.
        let lost = try lab.write(
            "a.flac", SoundLab.noise(1_000), tags: ["title": "A", "mood": "good"], broadcast: broadcast, cues: cues)
        #expect(lost.notes.count == 1)
        #expect(lost.notes[0].contains("'mood'"))
        #expect(lost.notes[0].contains("broadcast"))
        #expect(try AudioReader(contentsOf: lab.url("a.flac")).info.tags["title"] == "A")
    }

    @Test("whole numbers clip at full scale and count it, 16 bit is dithered reproducibly")
    func quantizing() throws {
        let loud = [[Float(1.5), -1.5, 1, -1, 0.5]]
        #expect(try lab.write("a.wav", loud, .int24).writer.clippedSampleCount == 2)
        let back = try lab.read("a.wav")[0]
        #expect(back[1] == -1 && back[0] == 1 - 1 / 8_388_608 && back[4] == 0.5)
        #expect(try lab.write("b.wav", loud, .float32).writer.clippedSampleCount == 0)
        #expect(try lab.read("b.wav") == loud)

        // A sine of a third of the smallest step survives dither; rounding alone would leave silence.
        let faint = SoundLab.sine(1_000, rate: 48_000, count: 24_000, level: 1.0 / 3 / 32_768)
        _ = try lab.write("c.wav", [faint], .int16)
        _ = try lab.write("d.wav", [faint], .int16, block: 999)
        let sound = try lab.read("c.wav")[0]
        #expect(try lab.read("d.wav")[0] == sound)
        let product = zip(sound, faint).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        let power = faint.reduce(Float(0)) { $0 + $1 * $1 }
        #expect(abs(product / power - 1) < 0.1)
        #expect(sound.allSatisfy { abs($0) <= 2.0 / 32_768 })
        _ = try lab.write("e.wav", [[Float](repeating: 0, count: 99)], .int16)
        #expect(try lab.read("e.wav")[0].allSatisfy { $0 == 0 })
    }

    private func refusal(
        _ name: String, rate: Int = 48_000, channels: Int = 1, _ format: SampleFormat? = nil
    ) throws -> MediaError {
        let made = try mediaError {
            _ = try AudioWriter(to: lab.url(name), sampleRate: rate, channelCount: channels, format: format)
        }
        let checked = try mediaError {
            try AudioWriter.check(lab.url(name), sampleRate: rate, channelCount: channels, format: format)
        }
        #expect(made.description == checked.description)
        #expect(try FileManager.default.contentsOfDirectory(atPath: lab.lab.folder).isEmpty)
        return made
    }

    @Test("what a kind of file cannot hold is refused before anything is made, saying what can")
    func refusals() throws {
        #expect(try refusal("a.xyz").reason.contains(".xyz"))
        #expect(try refusal("a").reason.contains("no ending"))
        #expect(try refusal("a.m4a").advice.contains(".flac"))
        #expect(try refusal("a.opus", rate: 44_100).advice.contains("48000"))
        #expect(try refusal("a.ogg", .int24).reason.contains("24 bit"))
        #expect(try refusal("a.mp3", rate: 192_000).reason.contains("192000 Hz"))
        #expect(try refusal("a.mp3", channels: 6).reason.contains("6 channels"))
        #expect(try refusal("a.flac", .float32).advice.contains("24 bit"))
        #expect(try refusal("missing/a.wav").code == .notWritable)
    }

    @Test("nothing is left of what was not finished, an existing file stays")
    func partial() throws {
        do {
            let writer = try AudioWriter(to: lab.url("a.wav"), sampleRate: 48_000, channelCount: 1)
            try writer.write(SoundLab.noise(10))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: lab.lab.folder).isEmpty)
        _ = try lab.write("a.wav", SoundLab.noise(10))
        #expect(try mediaError { _ = try lab.write("a.wav", SoundLab.noise(10)) }.code == .exists)
        let same = try mediaError {
            _ = try AudioWriter(
                to: lab.url("a.wav"), sampleRate: 48_000, channelCount: 1, inputs: [lab.url("a.wav")], overwrite: true)
        }
        #expect(same.code == .sameFile)
        let broken = try mediaError { _ = try lab.write("b.wav", [[0, .nan]]) }
        #expect(broken.reason.contains("no numbers"))
        #expect(lab.lab.hiddenFiles.isEmpty)
        // A file without a sample is a file, too.
        _ = try lab.write("c.wav", [[]])
        #expect(try AudioReader(contentsOf: lab.url("c.wav")).read(1) == nil)
    }

    @Test(
        "a full disk has its own code and leaves nothing", .enabled(if: FullDisk.isPossible),
        arguments: ["wav", "flac", "ogg"])
    func fullDisk(ending: String) throws {
        let disk = try FullDisk(mountPoint: lab.lab.path("small"))
        defer { disk.unmount() }
        let error = try mediaError {
            let writer = try AudioWriter(to: lab.url("small/a.\(ending)"), sampleRate: 48_000, channelCount: 2)
            let noise = SoundLab.noise(1 << 16, channels: 2)
            for _ in 0..<40 { try writer.write(noise) }
            try writer.finish()
        }
        #expect(error.code == .diskFull)
        #expect(try FileManager.default.contentsOfDirectory(atPath: lab.lab.path("small")).isEmpty)
    }
}
