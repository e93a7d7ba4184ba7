import Foundation
import HeirloomMedia
import HeirloomModels
import TestSupport
import Testing

@testable import HeirloomRestoration

/// A film with a portrait between a garden and a tower, made of the samples.
@Suite struct FaceSearchTests {
    private static let side = 240

    /// A photograph of the samples as a grey picture of 240 × 240, by means of whole blocks of pixels.
    private static func luma(_ name: String) throws -> [UInt8] {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../samples/\(name)").path
        let image = try StillReader.read(path)
        let step = min(image.width, image.height) / side
        let channels = image.pixels.count / (image.width * image.height)
        return (0..<side * side).map { place in
            var sum = 0
            for y in 0..<step {
                for x in 0..<step {
                    let row = place / side * step + y
                    sum += Int(image.pixels[channels * (row * image.width + place % side * step + x)])
                }
            }
            return UInt8(16 + sum * 219 / 255 / (step * step))
        }
    }

    /// Writes a second of each photograph.
    private static func film(_ names: [String], to path: String) throws {
        let format = SyntheticFilm(width: side, height: side).format
        let writer = try VideoWriter(path: path, format: format, encoding: VideoEncoding(codec: .ffv1))
        let size = format.pixelFormat.planeSize(1, width: side, height: side)
        let grey = VideoFrame.Plane(
            width: size.width, height: size.height, bytesPerRow: size.width,
            bytes: [UInt8](repeating: 128, count: size.width * size.height))
        for (shot, name) in names.enumerated() {
            let luma = VideoFrame.Plane(width: side, height: side, bytesPerRow: side, bytes: try luma(name))
            for index in 24 * shot..<24 * shot + 24 {
                try writer.write(
                    VideoFrame(
                        width: side, height: side, pixelFormat: format.pixelFormat, color: format.color,
                        planes: [luma, grey, grey], pts: MediaTime(Int64(index) * 1000, format.timeBase),
                        duration: MediaTime(1000, format.timeBase), index: index))
            }
        }
        _ = try writer.finish()
    }

    private static var isHere: Bool {
        guard let known = try? Pretrained.standard(), let model = known.faceModel else { return false }
        return [.present, .unconverted].contains(known.status(of: model.files[0]))
    }

    @Test(
        "the portrait of a film is found and told of, and a film without one has none",
        .enabled(if: isHere, "the network is not here (make setup)"))
    func portrait() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("film.mkv")
        try Self.film(["garden.jpg", "astronaut.jpg", "temple.jpg"], to: path)
        let survey = try FilmSurvey(path: path, pictureLimit: 8)
        #expect(Set(survey.pictures.map(\.frame.shot)) == [0, 1, 2] && survey.pictures[0].width == Self.side)
        let found = try await FaceSearch.run(survey.pictures, JobMonitor())
        #expect(found.findings.isEmpty && found.sightings.map { Int($0.frame.time.seconds) } == [1])
        let telling = TellingFrame.pick(from: survey.frames, faces: found.sightings)
        let face = try #require(telling.first { $0.reasons.contains(.face) })
        #expect(Int(face.frame.time.seconds) == 1 && telling.flatMap(\.reasons).count == 5)
        // Where the astronaut's face is, on a photograph of 512 × 512 that was halved.
        let box = try #require(found.sightings.first).face
        #expect((80...140).contains((box.left + box.right) / 2) && (35...85).contains((box.top + box.bottom) / 2))

        let empty = folder.file("empty.mkv")
        try Self.film(["garden.jpg", "temple.jpg"], to: empty)
        let pictures = try FilmSurvey(path: empty, pictureLimit: 8).pictures
        #expect(pictures.count >= 2)
        let none = try await FaceSearch.run(pictures, JobMonitor())
        #expect(none.sightings.isEmpty && none.findings.isEmpty)
    }

    @Test("without the network, a finding says how to get it, and nothing fails; with a damaged one, it says that")
    func missing() async throws {
        let folder = try TemporaryFolder()
        let entry = """
            {"version": 1, "models": [{"name": "finder", "task": "faces", "architecture": "mtcnn", "summary": "s",
            "origin": "o", "trainedOn": "t", "licence": "l", "files": [{"file": "finder.safetensors", "bytes": 4,
            "sha256": "00", "source": {"address": "file:///none"}}]}]}
            """
        for name in ["pretrained", ".weights"] {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
        }
        try folder.write(Array(entry.utf8), to: "pretrained/models.json")
        let place = folder.file("pretrained")
        let path = folder.file("film.mkv")
        try SyntheticFilm(width: 96, height: 64, framesPerShot: 12).write(
            to: path, frames: 24, encoding: VideoEncoding(codec: .ffv1))
        let survey = try FilmSurvey(path: path, pictureLimit: 4)
        let unasked = try FilmSurvey(path: path)
        #expect(!survey.pictures.isEmpty && unasked.pictures.isEmpty)
        let absent = try await FaceSearch.run(survey.pictures, JobMonitor()) { try Pretrained(folder: place) }
        #expect(absent.sightings.isEmpty && absent.findings.count == 1)
        #expect(absent.findings[0].contains("'heirloom models fetch finder'"), "\(absent.findings)")
        try folder.write(Array("abcd".utf8), to: ".weights/finder.safetensors")
        let damaged = try await FaceSearch.run(survey.pictures, JobMonitor()) { try Pretrained(folder: place) }
        #expect(damaged.sightings.isEmpty && damaged.findings.count == 1)
        #expect(damaged.findings[0].contains("finder.safetensors"), "\(damaged.findings)")
        let idle = try await FaceSearch.run([], JobMonitor()) { try Pretrained(folder: "none") }
        #expect(idle.findings.isEmpty)
        let stopped = JobMonitor()
        stopped.cancel()
        if Self.isHere {
            await #expect(throws: CancellationError.self) { try await FaceSearch.run(survey.pictures, stopped) }
        }
    }

    @Test("pictures are spread over the shots, never more than asked for, and never of blank or damaged frames")
    func gallery() throws {
        let film = SyntheticFilm(width: 96, height: 64)
        let picture = film.frame(0)
        func shown(_ frames: [SurveyedFrame], limit: Int) -> [SurveyedFrame] {
            var gallery = PictureGallery(limit: limit, format: film.format)
            for frame in frames {
                gallery.offer(frame, picture)
                #expect(gallery.pictures.count <= limit)
            }
            gallery.finishShot()
            return gallery.pictures.map(\.frame)
        }
        func frame(_ number: Int, shot: Int, contrast: Double = 0.2, isDamaged: Bool = false) -> SurveyedFrame {
            SurveyedFrame(
                time: MediaTime(seconds: Double(number) / 10), mean: 0.5, contrast: contrast, detail: 0.1, motion: 0,
                shot: shot, isDamaged: isDamaged)
        }
        let long = shown((0..<6000).map { frame($0, shot: $0 / 3000) }, limit: 16)
        #expect((8...16).contains(long.count) && Set(long.map(\.shot)) == [0, 1])
        #expect((long.last?.time.seconds ?? 0) > 500)
        #expect(shown((0..<400).map { frame($0, shot: $0 / 10) }, limit: 96).count == 40, "one of each short shot")
        #expect(shown([frame(0, shot: 0), frame(1, shot: 1)], limit: 9).count == 2, "a shot of one frame, too")
        #expect(shown((0..<50).map { frame($0, shot: 0, contrast: 0.001) }, limit: 9).isEmpty)
        #expect(shown((0..<50).map { frame($0, shot: 0, isDamaged: true) }, limit: 9).isEmpty)
        #expect(shown((0..<50).map { frame($0, shot: 0) }, limit: 0).isEmpty)
    }

    @Test("the larger and the sharper of two faces is the more prominent one; the search order leaves out none")
    func prominence() {
        for count in [0, 1, 2, 3, 7, 8, 96] { #expect(FaceFinder.spread(count).sorted() == Array(0..<count)) }
        #expect(Array(FaceFinder.spread(8).prefix(4)) == [0, 4, 2, 6])
        let frames = [1.0, 2, 3].map {
            SurveyedFrame(time: MediaTime(seconds: $0), mean: 0.5, contrast: 0.2, detail: 0.1, motion: 0)
        }
        let face = DetectedFace(left: 0, top: 0, right: 20, bottom: 20, score: 1)
        // A picture of eight stripes over the face, as wide and as strong as told.
        func prominence(_ stripe: Int, _ strength: Int) -> Double {
            let luma = (0..<100 * 100).map { UInt8(100 + strength * ($0 % 100 / stripe % 2)) }
            let face = DetectedFace(
                left: -1, top: 0, right: Double(8 * stripe), bottom: Double(8 * stripe), score: 0.9)
            return FaceSighting(
                frame: frames[0], face: face, in: SurveyedPicture(frame: frames[0], width: 100, height: 100, luma: luma)
            ).prominence
        }
        #expect(prominence(8, 60) > 1.8 * prominence(4, 60), "twice as large")
        #expect(prominence(8, 60) > 1.8 * prominence(8, 30), "twice as clear")
        #expect(prominence(20, 60) > 0, "a face may reach beyond the picture")
        let sightings = zip(frames, [0.2, 0.9, 0.4]).map { FaceSighting(frame: $0, face: face, prominence: $1) }
        let picked = TellingFrame.pick(from: frames, faces: sightings)
        #expect(picked.first { $0.reasons.contains(.face) }?.frame.time.seconds == 2)
        #expect(picked.count == 3 && picked.flatMap(\.reasons).count == 5)
        #expect(TellingFrame.pick(from: frames).allSatisfy { !$0.reasons.contains(.face) })
    }
}
