import Foundation
import HeirloomMedia
import TestSupport
import Testing

@testable import HeirloomRestoration

/// Films with known places: each shot has its own brightness and pattern.
@Suite struct FilmSurveyTests {
    /// A shot: mean luma, how strong its pattern is, whether the pattern moves.
    struct Look {
        var mean: Double
        var pattern: Double
        var moves = false
    }

    static let format = SyntheticFilm(width: 96, height: 64).format

    /// Writes a film of shots of equal length at 24 frames a second.
    static func write(
        _ looks: [Look], framesPerShot: Int = 24, to path: String, tick: (Int) -> Int64 = { Int64($0) * 1000 }
    ) throws {
        let writer = try VideoWriter(path: path, format: format, encoding: VideoEncoding(codec: .ffv1))
        for index in 0..<looks.count * framesPerShot {
            let look = looks[index / framesPerShot]
            let shift = look.moves ? index : 0
            let shot = Double(index / framesPerShot)
            var luma = [UInt8]()
            for y in 0..<format.height {
                for x in 0..<format.width {
                    let wave =
                        sin(Double(x + shift) * (0.25 + 0.07 * shot) + 2 * shot)
                        * cos(Double(y) * (0.4 - 0.05 * shot) + shot)
                    luma.append(UInt8(16 + 219 * min(max(look.mean + look.pattern * wave, 0), 1)))
                }
            }
            let size = format.pixelFormat.planeSize(1, width: format.width, height: format.height)
            let grey = VideoFrame.Plane(
                width: size.width, height: size.height, bytesPerRow: size.width,
                bytes: [UInt8](repeating: 128, count: size.width * size.height))
            try writer.write(
                VideoFrame(
                    width: format.width, height: format.height, pixelFormat: format.pixelFormat, color: format.color,
                    planes: [
                        .init(width: format.width, height: format.height, bytesPerRow: format.width, bytes: luma), grey,
                        grey,
                    ], pts: MediaTime(tick(index), format.timeBase), duration: MediaTime(1000, format.timeBase),
                    index: index))
        }
        _ = try writer.finish()
    }

    @Test("the dark, the bright and the busy shot are found, and the black leader is not")
    func knownPlaces() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("film.mkv")
        try Self.write(
            [
                Look(mean: 0, pattern: 0), Look(mean: 0.5, pattern: 0.1), Look(mean: 0.12, pattern: 0.08),
                Look(mean: 0.5, pattern: 0.3, moves: true), Look(mean: 0.85, pattern: 0.1),
                Look(mean: 0.45, pattern: 0.1),
            ], to: path)
        let survey = try FilmSurvey(path: path)
        #expect(survey.isWhole && survey.frames.count == 144 && survey.frameCount == 144)
        #expect(survey.cuts >= 4 && survey.cuts <= 5, "\(survey.cuts)")
        var shots: [TellingFrame.Reason: Int] = [:]
        for one in TellingFrame.pick(from: survey.frames) {
            for reason in one.reasons { shots[reason] = Int(one.frame.time.seconds) }
        }
        #expect(shots[.darkest] == 2 && shots[.busiest] == 3 && shots[.brightest] == 4, "\(shots)")
        #expect([1, 5].contains(shots[.median] ?? -1), "\(shots)")
        #expect(survey.damage.isEmpty && survey.findings.contains { $0.contains("no sound") })
        let dark = try #require(survey.frames.first { $0.time.seconds == 2.5 })
        #expect(abs(dark.mean - 0.12) < 0.01 && abs(dark.contrast - 0.04) < 0.015, "\(dark)")
    }

    @Test("uneven frames and gaps are told of")
    func timing() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("uneven.mkv")
        let looks = [Look(mean: 0.5, pattern: 0.2, moves: true)]
        try Self.write(looks, framesPerShot: 48, to: path) { Int64($0) * 1000 + Int64($0 % 3) * 300 }
        #expect(try FilmSurvey(path: path).findings.contains { $0.contains("variable frame rate") })
        let gap = folder.file("gap.mkv")
        try Self.write(looks, framesPerShot: 48, to: gap) { Int64($0) * 1000 + ($0 >= 30 ? 24000 : 0) }
        let found = try FilmSurvey(path: gap).findings
        #expect(found.contains { $0.contains("is a gap between frames") && $0.contains("at 0:01.208") }, "\(found)")
    }

    @Test("what is no film is refused in one sentence; a film of one frame is looked at")
    func badInputs() throws {
        let folder = try TemporaryFolder()
        let text = folder.file("text.mkv")
        try Data("no film at all".utf8).write(to: URL(filePath: text))
        #expect(throws: MediaError.self) { try FilmSurvey(path: text) }
        #expect(throws: MediaError.self) { try FilmSurvey(path: folder.file("gone.mkv")) }
        let one = folder.file("one.mkv")
        try Self.write([Look(mean: 0.5, pattern: 0.2)], framesPerShot: 1, to: one)
        let survey = try FilmSurvey(path: one)
        #expect(survey.frames.count == 1 && survey.frameCount == 1 && survey.cutsPerMinute == nil)
    }

    @Test("packets that cannot be decoded are found")
    func damage() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("film.mkv")
        try Self.write([Look(mean: 0.5, pattern: 0.2, moves: true)], framesPerShot: 48, to: path)
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        for place in bytes.count / 2..<bytes.count / 2 + 400 { bytes[place] ^= 0x5A }
        let broken = folder.file("broken.mkv")
        try Data(bytes).write(to: URL(filePath: broken))
        let survey = try FilmSurvey(path: broken)
        #expect(!survey.damage.isEmpty && survey.findings.contains { $0.contains("damaged") || $0.contains("decoded") })
        #expect(!TellingFrame.pick(from: survey.frames).contains { $0.frame.isDamaged })
    }
}
