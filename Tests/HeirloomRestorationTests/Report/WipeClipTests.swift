import Foundation
import HeirloomMedia
import TestSupport
import Testing

@testable import HeirloomRestoration

@Suite struct WipeClipTests {
    private func films(
        _ folder: TemporaryFolder, frames: Int = 12, framesPerShot: Int = 12, width: Int = 144, height: Int = 96
    ) throws -> (String, String) {
        let (input, output) = (folder.file("in.mkv"), folder.file("out.mkv"))
        try ReportFilms.source(input, frames: frames, framesPerShot: framesPerShot, width: width, height: height)
        try ReportFilms.change(input, to: output) { ReportFilms.tinted($0, blue: 90, red: 170) }
        return (input, output)
    }

    @Test func leftIsBeforeAndRightIsAfter() async throws {
        let folder = try TemporaryFolder()
        let (input, output) = try films(folder)
        let path = folder.file("wipe.mp4")
        let comparison = try await FilmComparison.measure(input, output)
        var clip = WipeClip(comparison)
        clip.encoding.quality = 4
        #expect(try await clip.write(to: path).isEmpty)
        let (wiped, source) = (try frames(of: path), try frames(of: output))
        #expect(wiped.count == 12 && wiped.map(\.pts) == source.map(\.pts))
        let painter = WipePainter(format: comparison.outputFormat)
        for (index, frame) in wiped.enumerated() {
            let line = painter.line(at: source[index].pts.seconds)
            let width = frame.planes[2].width
            for column in 0..<width where abs(Double(2 * column) - line) > 12 {
                // Away from line and captions, chroma is that of one film or the other.
                let red = Int(frame.planes[2].bytes[20 * frame.planes[2].bytesPerRow + column])
                #expect(abs(red - (Double(2 * column) < line ? 128 : 170)) <= 6, "frame \(index), column \(column)")
            }
            let luma = Int(frame.planes[0].bytes[40 * frame.planes[0].bytesPerRow + Int(line)])
            #expect(luma > 175, "the line is white")
        }
        let lines = wiped.map { painter.line(at: $0.pts.seconds) }
        #expect(lines[0] == 72 && lines[11] > 80, "it moves")
    }

    @Test func itPlaysEverywhereAndAtOnce() async throws {
        let folder = try TemporaryFolder()
        let (bare, input, output) = (folder.file("b.mkv"), folder.file("in.mkv"), folder.file("out.mkv"))
        // An odd, deep, anamorphic film with sound.
        try SyntheticFilm(width: 95, height: 63, pixelFormat: PixelFormat(.s444, bitDepth: 10))
            .write(to: bare, frames: 12, encoding: VideoEncoding(codec: .ffv1))
        try ReportFilms.dress(
            bare, as: input,
            [
                "-f", "lavfi", "-i", "sine=duration=0.5", "-map", "0:v", "-map", "1:a", "-c:v", "ffv1", "-vf",
                "setsar=4/3", "-c:a", "aac",
            ])
        try ReportFilms.change(input, to: output) { $0 }
        let comparison = try await FilmComparison.measure(input, output)
        let path = folder.file("wipe.mp4")
        _ = try await WipeClip(comparison).write(to: path)
        let summary = try MediaSummary(path: path)
        let picture = try #require(summary.film?.picture)
        #expect(summary.film?.codec == "h264" && picture.pixelFormat == "yuv420p" && picture.bitDepth == 8)
        #expect(picture.width == 126 && picture.height == 62 && picture.sampleAspectRatio == .one)
        #expect(summary.streams.filter { $0.kind == .audio }.count == 1, "a whole film keeps its sound")
        let bytes = try Data(contentsOf: URL(filePath: path))
        let (index, data) = (try #require(bytes.range(of: Data("moov".utf8))), bytes.range(of: Data("mdat".utf8)))
        #expect(index.lowerBound < (try #require(data)).lowerBound, "its index comes first")
    }

    @Test func whereTimestampsLeapTheBeginningIsShown() async throws {
        let folder = try TemporaryFolder()
        let (bare, input, output) = (folder.file("b.mkv"), folder.file("in.mkv"), folder.file("out.mkv"))
        try ReportFilms.source(bare, frames: 12, framesPerShot: 12, width: 64, height: 48)
        // Five hours of nothing: whatever pieces are chosen by the clock lie in it.
        try ReportFilms.dress(
            bare, as: input, ["-c", "copy", "-bsf:v", "setts=pts=PTS+gte(N\\,6)*18000/TB:dts=DTS+gte(N\\,6)*18000/TB"])
        try ReportFilms.change(input, to: output) { $0 }
        try #require(try frames(of: input).last?.pts.seconds ?? 0 > 17_000)
        let path = folder.file("wipe.mp4")
        _ = try await WipeClip(try await FilmComparison.measure(input, output)).write(to: path)
        #expect(try frames(of: path).count >= 6)
    }

    @Test func ofALongFilmPiecesFromAllOverAreTaken() async throws {
        let folder = try TemporaryFolder()
        let (input, output) = try films(folder, frames: 24 * 22, framesPerShot: 48, width: 32, height: 24)
        let comparison = try await FilmComparison.measure(input, output)
        let pieces = WipePieces(comparison, longest: 20)
        #expect(!pieces.isWhole && pieces.spans.count == WipePieces.count)
        #expect(pieces.spans.map { Int($0.start / 4.4) } == [0, 1, 2, 3, 4], "one from each fifth")
        #expect(pieces.spans.allSatisfy { $0.length > 1.5 && $0.length <= 4.001 })
        for span in pieces.spans {
            let cut = comparison.shots.contains { $0.seconds > span.start + 0.001 && $0.seconds < span.end - 0.001 }
            #expect(!cut, "no piece runs over a cut")
        }
        let path = folder.file("wipe.mp4")
        let short = WipePieces(comparison, longest: 2)
        #expect(short.spans.reduce(0) { $0 + $1.length } <= 2.001)
        _ = try await WipeClip(comparison).write(to: path)
        let wiped = try frames(of: path)
        #expect((150...480).contains(wiped.count))
        // The films count in milliseconds: a frame lasts 41 or 42, and no gap is left between two pieces.
        #expect(zip(wiped, wiped.dropFirst()).allSatisfy { (0.041...0.042).contains(($1.pts - $0.pts).seconds) })
    }

    @Test func refusalsAndStopsLeaveNothing() async throws {
        let folder = try TemporaryFolder()
        let (input, output) = try films(folder)
        let comparison = try await FilmComparison.measure(input, output)
        let clip = WipeClip(comparison)
        func code(_ path: String, overwrite: Bool = false) async throws -> MediaError.Code? {
            do {
                _ = try await clip.write(to: path, overwrite: overwrite)
                return nil
            } catch let error as MediaError { return error.code }
        }
        #expect(try await code(output) == .sameFile)
        #expect(try await code(input, overwrite: true) == .sameFile)
        #expect(try await code(folder.file("wipe.gif")) == .unsupported)
        let monitor = JobMonitor()
        monitor.cancel()
        await #expect(throws: CancellationError.self) {
            try await clip.write(to: folder.file("wipe.mp4"), monitor: monitor)
        }
        #expect(folder.names == ["in.mkv", "out.mkv"])
    }
}
