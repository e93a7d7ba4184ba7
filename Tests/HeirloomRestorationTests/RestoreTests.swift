import Foundation
import HeirloomMedia
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomRestoration

/// What `restore` finds in a film, chooses and does.
@Suite struct RestoreTests {
    /// A frame of 384 × 288 with chosen colours.
    private func frame(
        depth: Int = 8, noise: Int = 0, _ color: (_ x: Int, _ y: Int, _ luma: Int) -> (blue: Int, red: Int)
    ) -> VideoFrame {
        let pixelFormat = PixelFormat(.s420, bitDepth: depth)
        let film = SyntheticFilm(width: 384, height: 288, pixelFormat: pixelFormat)
        let source = film.frame(3)
        var planes = [[UInt16]](repeating: [], count: 2)
        var state: UInt32 = 7
        func random() -> Int {
            state = state &* 1_664_525 &+ 1_013_904_223
            return noise == 0 ? 0 : Int(state >> 16) % (2 * noise + 1) - noise
        }
        let luma = source.planes[0]
        let wide = depth > 8
        for y in 0..<144 {
            for x in 0..<192 {
                let place = 2 * y * luma.bytesPerRow + 2 * x * (wide ? 2 : 1)
                let value =
                    wide
                    ? (Int(luma.bytes[place]) + Int(luma.bytes[place + 1]) << 8) >> (depth - 8)
                    : Int(luma.bytes[place])
                let (blue, red) = color(x, y, value)
                planes[0].append(UInt16((128 + blue + random()) << (depth - 8)))
                planes[1].append(UInt16((128 + red + random()) << (depth - 8)))
            }
        }
        let chroma = planes.map { numbers in
            VideoFrame.Plane(
                width: 192, height: 144, bytesPerRow: wide ? 384 : 192,
                bytes: wide ? numbers.withUnsafeBytes { [UInt8]($0) } : numbers.map { UInt8($0) })
        }
        return source.replacing(planes: [luma] + chroma)
    }

    private func tone(_ frames: [VideoFrame]) -> FilmTone { FilmTone.verdict(frames.compactMap(FrameTone.init)) }

    @Test(arguments: [8, 10])
    func greyIsGreyEvenWithNoisyColours(depth: Int) {
        #expect(tone([frame(depth: depth) { _, _, _ in (0, 0) }]) == .grey)
        #expect(tone([frame(depth: depth, noise: 5) { _, _, _ in (1, -1) }]) == .grey)
    }

    @Test func tonesAreNoColours() {
        // As strong as the luma is bright, like a toned print.
        let sepia = frame(noise: 1) { _, _, luma in (-luma / 12, luma / 14) }
        let night = frame { _, _, luma in (luma / 10, -luma / 16) }
        #expect(tone([sepia, sepia]) == .toned)
        #expect(tone([sepia, night]) == .tinted)
        #expect(tone([frame { _, _, _ in (-40, 30) }]) == .tinted)
    }

    @Test func oneColouredPlaceIsEnough() {
        let grey = frame { _, _, _ in (0, 0) }
        let colored = frame { x, y, _ in x < 80 && y < 80 ? (-20, 25) : (6, -4) }
        #expect(tone([grey, grey, colored]) == .colored(places: 1, of: 3))
        #expect(tone([]) == .unknown)
    }

    @Test func aBlackFrameTellsNothing() {
        let film = SyntheticFilm(width: 64, height: 48)
        let black = VideoFrame.Plane(width: 64, height: 48, bytesPerRow: 64, bytes: [UInt8](repeating: 16, count: 3072))
        let frame = film.frame(0)
        #expect(FrameTone(frame.replacing(planes: [black] + frame.planes.dropFirst())) == nil)
        #expect(FrameTone(frame) != nil)
    }

    @Test func theChoiceFollowsFromWhatWasFound() {
        func choice(
            _ tone: FilmTone, _ height: Int, _ sound: SoundEvidence, width: Int = 2000
        ) -> RestoreTreatments { RestoreChoice.make(tone: tone, width: width, height: height, sound: sound).treatments }
        let noisy = SoundEvidence.speech(clarity: 0.3, hum: false)
        #expect(choice(.grey, 480, noisy) == [.color, .upscale, .clean])
        #expect(choice(.toned, 719, .none) == [.color, .upscale])
        #expect(choice(.tinted, 720, .music) == [])
        #expect(choice(.colored(places: 1, of: 48), 1080, .speech(clarity: 0.95, hum: false)) == [])
        #expect(choice(.unknown, 1080, .speech(clarity: 0.95, hum: true)) == [.clean])
        #expect(choice(.colored(places: 48, of: 48), 1280, .none, width: 608) == [.upscale])
        let nothing = RestoreChoice.make(tone: .tinted, width: 1920, height: 1080, sound: .none)
        #expect(nothing.reasons.count == 4 && nothing.reasons[3].contains("nothing to do"))
        #expect(RestoreChoice.make(tone: .grey, width: 64, height: 48, sound: noisy).reasons.count == 3)
    }

    @Test func aFilmIsLookedAtAndListenedTo() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("film.mkv")
        try SyntheticFilm(width: 64, height: 48).write(
            to: path, frames: 60, encoding: VideoEncoding(codec: .ffv1))
        let choice = try await RestoreChoice.make(for: path)
        #expect(choice.treatments == [.color, .upscale], "\(choice.reasons)")
        let colored = folder.file("colour.mkv")
        _ = try run(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=5:duration=1", "-f", "lavfi", "-i",
                "anoisesrc=d=12:a=0.05", "-c:v", "ffv1", "-c:a", "flac", colored,
            ])
        let other = try await RestoreChoice.make(for: colored)
        #expect(!other.treatments.contains(.color) && !other.treatments.contains(.upscale), "\(other.reasons)")
        await #expect(throws: MediaError.self) { try await RestoreChoice.make(for: folder.file("none.mkv")) }
    }

    @Test func noiseLowersTheClarityOfSpeech() async throws {
        let folder = try TemporaryFolder()
        // Syllables of a harmonic voice, then the same in noise.
        let voice =
            "0.3*sin(2*PI*140*t)*gt(sin(2*PI*3*t)\\,0)"
            + "+0.2*sin(2*PI*980*t+2*sin(2*PI*5*t))*gt(sin(2*PI*2.3*t)\\,0.2)"
        func clarity(_ noise: Double) throws -> SoundEvidence {
            let path = folder.file("voice-\(noise).wav")
            _ = try run(
                "ffmpeg",
                [
                    "-v", "error", "-f", "lavfi", "-i", "aevalsrc=\(voice)+\(noise)*(random(0)-0.5):d=25:s=16000", "-y",
                    path,
                ])
            return try SoundEvidence.listen(to: path) {}
        }
        guard case .speech(let quiet, _) = try clarity(0.0005), case .speech(let loud, _) = try clarity(0.2) else {
            Issue.record("it is taken for something else than speech")
            return
        }
        #expect(loud < quiet - 0.2 && loud < SoundEvidence.clear, "\(quiet), in noise \(loud)")
    }

    @Test func soundAloneIsReplacedAndKept() async throws {
        let folder = try TemporaryFolder()
        let input = folder.file("in.mkv")
        _ = try run(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=5:duration=3", "-f", "lavfi", "-i",
                "anoisesrc=d=3:a=0.05:r=16000", "-c:v", "ffv1", "-c:a", "flac", input,
            ])
        var clean = CleanSettings()
        clean.model = .none
        clean.used = [input]
        let output = folder.file("out.mkv")
        let job = RestoreJob(input: input, output: output, treatments: .clean, clean: clean)
        let report = try await job.run()
        #expect(report.sound?.outputs == [output] && report.film == nil && report.choice == nil)
        let summary = try MediaSummary(path: output)
        #expect(summary.streams.filter { $0.kind == .audio }.count == 2)
        #expect(try frames(of: output).map(\.planes[0].bytes) == frames(of: input).map(\.planes[0].bytes))
        #expect(folder.names == ["in.mkv", "out.mkv"])
        await #expect(throws: MediaError.self) { try await job.run() }
        var piece = FilmSettings()
        piece.limit = MediaTime(seconds: 1)
        await #expect(throws: RestorationError.self) {
            try await RestoreJob(input: input, output: output, treatments: .clean, clean: clean, film: piece).run()
        }
    }

    @Test func pictureAndSoundInOnePass() async throws {
        let folder = try TemporaryFolder()
        let input = folder.file("in.mkv")
        _ = try run(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=5:duration=2,format=gray,format=yuv420p",
                "-f", "lavfi", "-i", "anoisesrc=d=2:a=0.05:r=16000", "-c:v", "ffv1", "-c:a", "flac", input,
            ])
        var clean = CleanSettings()
        clean.model = .none
        clean.used = [input]
        var film = lossless()
        film.segmentFrames = 32
        let output = folder.file("out.mkv")
        let job = RestoreJob(
            input: input, output: output, treatments: [.color, .upscale, .clean],
            color: quickSettings(), clean: clean, film: film)
        let report = try #require(try await job.run().film)
        #expect(report.frames == 10 && report.width == 128 && report.height == 96)
        #expect(report.notes.contains { $0.contains("original is kept") }, "\(report.notes)")
        let summary = try MediaSummary(path: output)
        #expect(summary.streams.filter { $0.kind == .audio }.count == 2)
        let (before, after) = (try frames(of: input), try frames(of: output))
        #expect(after.map(\.pts) == before.map(\.pts))
        #expect(Set(after[4].planes[1].bytes).count > 1, "it is coloured")
        #expect(folder.names == ["in.mkv", "out.mkv"])
        // The same work in a description alone, as resuming has it.
        #expect(FilmJob(report.job).sound != nil && report.job.kind == .restore)
    }
}
