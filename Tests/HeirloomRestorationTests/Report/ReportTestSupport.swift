import Foundation
import HeirloomMedia
import HeirloomRestoration
import TestSupport

/// Films for the tests of reports: made by arithmetic, and coloured by a rule.
enum ReportFilms {
    /// A grey film of soft shapes.
    static func source(
        _ path: String, frames: Int = 24, framesPerShot: Int = 12, width: Int = 64, height: Int = 48,
        codec: VideoCodec = .ffv1
    ) throws {
        try SyntheticFilm(width: width, height: height, framesPerShot: framesPerShot)
            .write(to: path, frames: frames, encoding: VideoEncoding(codec: codec))
    }

    /// A frame whose chroma samples are all of one code.
    static func tinted(_ frame: VideoFrame, blue: Int, red: Int) -> VideoFrame {
        let planes = zip(frame.planes[1...], [blue, red]).map { plane, code in
            VideoFrame.Plane(
                width: plane.width, height: plane.height, bytesPerRow: plane.width,
                bytes: [UInt8](repeating: UInt8(code), count: plane.width * plane.height))
        }
        return frame.replacing(planes: [frame.planes[0]] + planes)
    }

    /// Copies a film, each of its frames changed; those that become nil are left out.
    static func change(_ input: String, to output: String, _ rule: (VideoFrame) -> VideoFrame?) throws {
        let reader = try VideoReader(path: input)
        let writer = try VideoWriter(
            path: output, format: reader.format, encoding: VideoEncoding(codec: .ffv1), copying: reader.copySource,
            overwrite: true)
        while let frame = try reader.next() {
            if let changed = rule(frame) { try writer.write(changed) }
        }
        _ = try writer.finish()
    }

    /// Colours a film by a job, for the job's own report.
    static func restore(_ input: String, to output: String) async throws -> FilmReport {
        try await FilmJob(input: input, output: output, settings: lossless()) { _ in
            TestStage(change: { [tinted($0, blue: 90, red: 170)] })
        }.run()
    }

    /// Puts tags, a sound track and further streams to a film.
    static func dress(_ input: String, as output: String, _ arguments: [String]) throws {
        _ = try run("ffmpeg", ["-v", "error", "-i", input] + arguments + [output])
    }
}

extension String {
    /// The texts between two others.
    func pieces(from start: String, to end: String) -> [String] {
        components(separatedBy: start).dropFirst().compactMap { $0.components(separatedBy: end).first }
    }
}
