import Foundation
import HeirloomMedia
import Testing

@Suite("Sound that is none, and damaged sound")
struct SoundBadInputTests {
    let lab: SoundLab

    init() throws { lab = try SoundLab() }

    private func refusal(_ name: String) throws -> MediaError {
        try mediaError { _ = try AudioReader(contentsOf: lab.url(name)) }
    }

    private func bytes(_ name: String) throws -> Data { try Data(contentsOf: lab.url(name)) }

    @Test("each kind of wrong file has its own sentence")
    func wrongFiles() throws {
        #expect(try refusal("missing.wav").code == .notFound)
        try Data().write(to: lab.url("empty.wav"))
        #expect(try refusal("empty.wav").code == .empty)
        try FileManager.default.createDirectory(at: lab.url("folder.wav"), withIntermediateDirectories: false)
        #expect(try refusal("folder.wav").code == .isDirectory)
        let words = String(repeating: "No sound, though its name says so.\n", count: 99)
        try Data(words.utf8).write(to: lab.url("text.wav"))
        let text = try refusal("text.wav")
        #expect(text.code == .noSound)
        #expect(text.reason == "it is a text, not a sound")
        let noise = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        try Data(noise).write(to: lab.url("noise.flac"))
        #expect(try [MediaError.Code.corrupt, .noSound].contains(refusal("noise.flac").code))
        // Bytes without a header are taken for sound only where nothing else can be in the file.
        try Data(repeating: 0x55, count: 4_000).write(to: lab.url("raw.au"))
        #expect(throws: MediaError.self) { try AudioReader(contentsOf: lab.url("raw.au")) }
        try lab.lab.ffmpeg("-f lavfi -i color=red:s=64x64:d=1 silent.mp4")
        #expect(try refusal("silent.mp4").reason == "it is a film without sound")
        try lab.lab.ffmpeg("-f lavfi -i color=red:s=64x64 -frames:v 1 photo.png")
        #expect(try refusal("photo.png").code == .noSound)
        let address = try #require(URL(string: "https://localhost/a.wav"))
        #expect(try mediaError { _ = try AudioReader(contentsOf: address) }.code == .unsupported)
    }

    @Test(
        "a cut header is refused, a cut file is read to its end with a note",
        arguments: ["wav", "flac", "aiff", "w64"])
    func cut(ending: String) throws {
        let name = "a." + ending
        let noise = SoundLab.noise(20_000, bits: 24)
        _ = try lab.write(name, noise)
        let whole = try bytes(name)
        try whole.prefix(20).write(to: lab.url("cut." + ending))
        let error = try refusal("cut." + ending)
        #expect([MediaError.Code.corrupt, .noSound].contains(error.code))
        try whole.prefix(whole.count / 2).write(to: lab.url(name))
        let reader = try AudioReader(contentsOf: lab.url(name))
        let sound = try SoundLab.readAll(reader)[0]
        #expect(sound.count > 8_000 && sound.count < 12_000)
        #expect(zip(sound, noise[0]).allSatisfy { $0 == $1 })
        #expect(reader.notes.count == 1)
        #expect(try SoundLab.readAll(AudioReader(contentsOf: lab.url(name)), block: 100)[0] == sound)
    }

    @Test("a header that claims more than there is costs neither time nor memory")
    func claims() throws {
        _ = try lab.write("a.wav", SoundLab.noise(1_000, bits: 16), .int16)
        var file = try bytes("a.wav")
        let data = try #require(file.range(of: Data("data".utf8)))
        file.replaceSubrange(data.upperBound..<data.upperBound + 4, with: [0xFF, 0xFF, 0xFF, 0xFF])
        try file.write(to: lab.url("b.wav"))
        let reader = try AudioReader(contentsOf: lab.url("b.wav"))
        #expect(reader.info.sampleCount == 1_000)
        #expect(try reader.read(1 << 40)?.count == 1_000)
        #expect(reader.notes.count == 1)
        // Channels and rates that cannot be.
        let format = try #require(file.range(of: Data("fmt ".utf8)))
        file.replaceSubrange(format.upperBound + 6..<format.upperBound + 8, with: [0xE8, 0x03])
        try file.write(to: lab.url("c.wav"))
        #expect(try [MediaError.Code.unsupported, .corrupt].contains(refusal("c.wav").code))
    }

    @Test("values that are no numbers become silence and are counted once")
    func noNumbers() throws {
        _ = try lab.write("a.wav", [[0.5, 0.25, -0.5, 1e4]], .float32)
        var file = try bytes("a.wav")
        let data = try #require(file.range(of: Data("data".utf8))).upperBound + 4
        for (index, value) in [Float.nan, .infinity, 1e20].enumerated() {
            withUnsafeBytes(of: value) { file.replaceSubrange(data + 4 * index..<data + 4 * index + 4, with: $0) }
        }
        try file.write(to: lab.url("a.wav"))
        let reader = try AudioReader(contentsOf: lab.url("a.wav"))
        #expect(try reader.read(10)?.channels == [[0, 0, 0, 1e4]])
        try reader.seek(to: 1)
        _ = try reader.read(10)
        #expect(reader.invalidSampleCount == 3)
        #expect(reader.notes.count == 1)
    }

    @Test("a damaged film gives the sound that is left, at its place")
    func damagedFilm() throws {
        try lab.lab.ffmpeg("-f lavfi -i sine=440:r=48000:d=4 -c:a aac a.m4a")
        let whole = try lab.read("a.m4a")[0]
        var file = try bytes("a.m4a")
        let middle = file.count / 2
        for index in middle..<middle + 1_500 { file[index] = UInt8(truncatingIfNeeded: index &* 77) }
        try file.write(to: lab.url("b.m4a"))
        let reader = try AudioReader(contentsOf: lab.url("b.m4a"))
        let sound = try SoundLab.readAll(reader)[0]
        #expect(sound.count == whole.count)
        let tail = (whole.count - 24_000)..<whole.count
        #expect(SoundLab.difference(Array(sound[tail]), Array(whole[tail])) < 1e-3)
        try file.prefix(middle).write(to: lab.url("c.m4a"))
        #expect(try refusal("c.m4a").code == .corrupt)
    }
}
