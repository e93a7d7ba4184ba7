import Foundation
import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomRestoration

@Suite struct FilmComparisonTests {
    @Test func aFilmIsLikeItself() async throws {
        let folder = try TemporaryFolder()
        let film = folder.file("film.mkv")
        try ReportFilms.source(film)
        let comparison = try await FilmComparison.measure(film, film)
        #expect(comparison.frames == 24 && comparison.isComplete && comparison.damaged.isEmpty)
        #expect(comparison.largestTimeDifference == 0 && comparison.startShift == 0)
        #expect(comparison.colorfulness.input == comparison.colorfulness.output)
        #expect(comparison.colorFlicker.input == comparison.colorFlicker.output)
        #expect(comparison.shots.map(\.firstFrame) == [0, 12] && comparison.shots.map(\.frameCount) == [12, 12])
        #expect(comparison.pictures.count == 2)
        #expect(abs(comparison.outputPicture.length - 1) < 0.0011, "Matroska counts in milliseconds")
        #expect(comparison.inputSound == nil && comparison.outputSoundOffset == nil)
    }

    @Test func colorfulnessIsThatOfTheWholePictures() async throws {
        let folder = try TemporaryFolder()
        let (input, output) = (folder.file("in.mkv"), folder.file("out.mkv"))
        try ReportFilms.source(input)
        try ReportFilms.change(input, to: output) { ReportFilms.tinted($0, blue: 90, red: 170) }
        let comparison = try await FilmComparison.measure(input, output)
        var expected: [Double] = []
        for frame in try frames(of: output) {
            let planes = Tensor(yCbCr: frame)
            let rgb = try #require(YCbCrMatrix(frame.color.matrix)).combined(
                luma: planes.sliced(axis: 1, from: 0, to: 1), chroma: planes.sliced(axis: 1, from: 1, to: 3))
            expected.append(ColorMetrics.colorfulness(rgb.clamped(to: 0...1)).item())
        }
        let points = comparison.colorfulness.output.points.compactMap { $0 }
        #expect(points.count == 24 && points.allSatisfy { $0.count == 1 })
        // The film is smaller than what is measured, so nothing is shrunk: the same numbers to float precision.
        for (point, value) in zip(points, expected) { #expect(abs(point.mean - value) < 0.01) }
        #expect(try #require(comparison.colorfulness.input.mean) < 0.01)
    }

    @Test func flickerIsTheAmplitudeOfWhatJumpsThereAndBack() async throws {
        let folder = try TemporaryFolder()
        let (input, steady, jumping, drifting) = (
            folder.file("in.mkv"), folder.file("steady.mkv"), folder.file("jumping.mkv"), folder.file("drifting.mkv")
        )
        // Nothing moves, so every place is still.
        let film = SyntheticFilm(width: 64, height: 48)
        let writer = try VideoWriter(path: input, format: film.format, encoding: VideoEncoding(codec: .ffv1))
        for index in 0..<12 {
            let time = MediaTime(Int64(index) * 1000, film.format.timeBase)
            let still = film.frame(0)
            try writer.write(
                VideoFrame(
                    width: 64, height: 48, pixelFormat: still.pixelFormat, color: still.color, planes: still.planes,
                    pts: time, duration: MediaTime(1000, film.format.timeBase), index: index))
        }
        _ = try writer.finish()
        try ReportFilms.change(input, to: steady) { ReportFilms.tinted($0, blue: 120, red: 140) }
        try ReportFilms.change(input, to: jumping) { ReportFilms.tinted($0, blue: 120, red: 140 + $0.index % 2 * 8) }
        try ReportFilms.change(input, to: drifting) { ReportFilms.tinted($0, blue: 120, red: 140 + $0.index) }
        func flicker(_ path: String) async throws -> Double {
            try #require(try await FilmComparison.measure(input, path).colorFlicker.output.mean)
        }
        #expect(try await flicker(steady) < 1e-3)
        // A there and back of 8 codes is that far from the mean of its neighbours, as far as the two colours lie apart.
        let colors = try [steady, jumping].map { path in
            let frame = try frames(of: path)[1]
            return Lab.fromSRGB(SmallPicture(frame, width: 64, height: 48).rgb).sliced(axis: 1, from: 1, to: 3)
        }
        let distance = (colors[0] - colors[1]).norm(axes: [1]).mean().item()
        let measured = try await flicker(jumping)
        #expect(abs(measured - distance) < 0.05 * distance && distance > 1)
        #expect(try await flicker(drifting) < 0.1 * measured, "a steady change is no flicker")
    }

    @Test func framesThatAreMissingOrNewAreFoundByTheirTime() async throws {
        let folder = try TemporaryFolder()
        let (input, output) = (folder.file("in.mkv"), folder.file("out.mkv"))
        try ReportFilms.source(input)
        try ReportFilms.change(input, to: output) { [5, 6, 23].contains($0.index) ? nil : $0 }
        let lost = try await FilmComparison.measure(input, output)
        #expect(lost.frames == 21 && lost.missing == FrameNumbers([5, 6, 23]) && lost.extra.isEmpty)
        #expect(!lost.isComplete && lost.largestTimeDifference == 0)
        let gained = try await FilmComparison.measure(output, input)
        #expect(gained.frames == 21 && gained.extra == FrameNumbers([5, 6, 23]) && gained.missing.isEmpty)
    }

    @Test func timesThatMovedAreMeasured() async throws {
        let folder = try TemporaryFolder()
        let (input, output) = (folder.file("in.mp4"), folder.file("out.mp4"))
        try ReportFilms.source(input, codec: .h264)
        let reader = try VideoReader(path: input)
        let writer = try VideoWriter(
            path: output, format: reader.format, encoding: VideoEncoding(codec: .h264))
        while let frame = try reader.next() {
            // A quarter of a second later, and one frame another 7 ms.
            let late = MediaTime(6000 + (frame.index == 9 ? 168 : 0), Rational(1, 24000))
            try writer.write(
                VideoFrame(
                    width: frame.width, height: frame.height, pixelFormat: frame.pixelFormat, color: frame.color,
                    planes: frame.planes, pts: (frame.pts + late).rescaled(to: reader.format.timeBase),
                    duration: frame.duration, index: frame.index))
        }
        _ = try writer.finish()
        let comparison = try await FilmComparison.measure(input, output)
        #expect(comparison.frames == 24 && comparison.isComplete)
        #expect(abs(comparison.startShift - 0.25) < 1e-9)
        #expect(abs(comparison.largestTimeDifference - 0.007) < 1e-9)
    }

    @Test(arguments: ["mp4", "mkv"])
    func soundIsPlacedAgainstThePicture(ending: String) async throws {
        let folder = try TemporaryFolder()
        let (bare, input, output) = (folder.file("b.mkv"), folder.file("in.\(ending)"), folder.file("out.\(ending)"))
        try ReportFilms.source(bare, frames: 36, codec: .h264)
        let tone = [
            "-f", "lavfi", "-i", "sine=duration=1.25:sample_rate=48000", "-c:v", "copy", "-c:a", "flac", "-strict",
            "-2",
        ]
        try ReportFilms.dress(bare, as: input, tone)
        try ReportFilms.dress(
            bare, as: output, ["-itsoffset", "0.2"] + tone + ["-map", "0:v", "-map", "1:a"])
        let comparison = try await FilmComparison.measure(input, output)
        #expect(abs(try #require(comparison.inputSoundOffset)) < 0.002)
        #expect(abs(try #require(comparison.outputSoundOffset) - 0.2) < 0.002)
        #expect(abs(try #require(comparison.inputSound).length - 1.25) < 0.002)
        #expect(abs(try #require(comparison.outputSound).length - 1.25) < 0.002)
        #expect(abs(comparison.inputPicture.length - 1.5) < 0.002)
    }

    @Test func aPieceIsComparedWithItsPlaceInTheSource() async throws {
        let folder = try TemporaryFolder()
        let (input, output) = (folder.file("in.mkv"), folder.file("out.mkv"))
        try ReportFilms.source(input, frames: 36)
        var film = lossless()
        film.from = MediaTime(seconds: 0.5)
        film.limit = MediaTime(seconds: 0.5)
        _ = try await FilmJob(input: input, output: output, settings: film) { _ in TestStage() }.run()
        let comparison = try await FilmComparison.measure(input, output, film: film)
        #expect(comparison.frames == 12 && comparison.isComplete && comparison.isPiece)
        #expect(abs(comparison.startShift + 0.5) < 0.001 && comparison.largestTimeDifference <= 0.001)
        #expect(comparison.inputSoundOffset == nil)
    }

    @Test func aSilentFilmAtItsTrueSpeedIsComparedOnItsNewClock() async throws {
        let folder = try TemporaryFolder()
        let (input, output) = (folder.file("in.mp4"), folder.file("out.mp4"))
        try ReportFilms.source(input, codec: .h264)
        var film = FilmSettings()
        film.speed = Rational(16, 1)
        let report = try await FilmJob(input: input, output: output, settings: film) { _ in TestStage() }.run()
        let comparison = try await FilmComparison.measure(input, output, film: film)
        #expect(comparison.frames == 24 && comparison.isComplete && comparison.largestTimeDifference == 0)
        #expect(
            abs(comparison.outputPicture.length - 1.5) < 1e-9 && comparison.inputPicture == comparison.outputPicture)
        #expect(FilmReportPage(report: report, comparison: comparison).html.contains("16.000 frames a second"))
    }

    @Test func enlargedFilmsAreShownInOneSize() async throws {
        let folder = try TemporaryFolder()
        let (input, output) = (folder.file("in.mkv"), folder.file("out.mkv"))
        try ReportFilms.source(input, frames: 6)
        try ReportFilms.dress(input, as: output, ["-vf", "scale=192:144:flags=bilinear", "-c:v", "ffv1"])
        let comparison = try await FilmComparison.measure(input, output)
        #expect(comparison.frames == 6 && comparison.outputFormat.width == 192)
        let picture = try #require(comparison.pictures.first)
        #expect(picture.width == 192 && picture.height == 144)
        let sizes = try [picture.before, picture.after].map { bytes in
            let path = try folder.write(bytes, to: "p.jpg")
            let image = try StillReader.read(path)
            return [image.width, image.height]
        }
        #expect(sizes == [[192, 144], [192, 144]])
    }

    @Test func whatCannotBeReadIsSaidAndAStopStops() async throws {
        let folder = try TemporaryFolder()
        let film = folder.file("film.mkv")
        try ReportFilms.source(film)
        let text = try folder.write(Array("no film".utf8), to: "text.mkv")
        await #expect(throws: MediaError.self) { try await FilmComparison.measure(film, text) }
        await #expect(throws: MediaError.self) { try await FilmComparison.measure(folder.file("none.mkv"), film) }
        let monitor = JobMonitor()
        monitor.cancel()
        await #expect(throws: CancellationError.self) {
            try await FilmComparison.measure(film, film, monitor: monitor)
        }
    }

    @Test func curvesOfAnyLengthAreShortAndExactOnAverage() {
        var curve = MeasureCurve()
        for frame in 0..<10_007 { curve.add(Double(frame % 10), frame: frame, seconds: Double(frame) / 25) }
        #expect(curve.points.count <= MeasureCurve.limit && curve.points.count > MeasureCurve.limit / 2)
        #expect(curve.count == 10_007 && curve.largest == 9)
        let exact = (0..<10_007).map { Double($0 % 10) }.reduce(0, +) / 10_007
        #expect(abs((curve.mean ?? 0) - exact) < 1e-9)
        #expect(curve.points.compactMap { $0?.count }.reduce(0, +) == 10_007)
        #expect(abs((curve.mean(from: 0, to: 1000) ?? 0) - exact) < 1e-9)
        var gaps = MeasureCurve()
        gaps.add(1, frame: 0, seconds: 0)
        gaps.add(3, frame: 3, seconds: 3)
        #expect(gaps.points.map { $0?.mean } == [1, nil, nil, 3] && gaps.mean == 2)
    }

    @Test func numbersOfFramesBecomeRuns() {
        #expect("\(FrameNumbers([3, 7, 8, 9, 12]))" == "3, 7–9, 12")
        #expect(FrameNumbers().isEmpty && FrameNumbers([1, 2]).count == 2)
        let many = FrameNumbers(stride(from: 0, to: 10_000, by: 2))
        #expect(many.count == 5000 && many.runs.count == 2000 && "\(many)".hasSuffix("and 3000 more"))
    }

    @Test func ofManyShotsSomeAreShownSpreadOverTheFilm() throws {
        let film = SyntheticFilm(width: 16, height: 16, framesPerShot: 3)
        var pictures = ShotPictures(width: 16, height: 16)
        for index in 0..<3 * 150 {
            let frame = film.frame(index)
            try pictures.push(frame, frame, seconds: Double(index) / 24, startsShot: index % 3 == 0)
        }
        try pictures.close()
        #expect(pictures.shots.count == 150 && pictures.shots.allSatisfy { $0.frameCount == 3 })
        let first = pictures.pictures.map(\.shot.firstFrame)
        #expect((ShotPictures.limit / 2...ShotPictures.limit).contains(first.count))
        #expect(Set(zip(first, first.dropFirst()).map { $1 - $0 }).count == 1, "evenly")
        #expect(first.first == 0 && (first.last ?? 0) > 400)
    }
}
