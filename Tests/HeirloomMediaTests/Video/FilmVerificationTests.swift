import Foundation
import HeirloomMedia
import Testing

@Suite("Finished films are read back")
struct FilmVerificationTests {
    let lab: FilmLab

    init() throws { lab = try FilmLab() }

    /// A film of 25 frames and one sound, and what a job would have written down about it.
    private func film(_ name: String) throws -> [SegmentFrame] {
        // AAC starts below zero, for which the tool would move the film in Matroska.
        let sound = name.hasSuffix("mkv") ? "flac" : "aac"
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -f lavfi -i sine=d=1 -c:v libx264 -bf 3 -c:a \(sound)"
                + " -video_track_timescale 12800 \(name)")
        return (0..<25).map { SegmentFrame(pts: $0 * 512, duration: 512) }
    }

    private let base = Rational(1, 12_800)

    @Test("a whole film passes, in the container's own ticks", arguments: ["in.mp4", "in.mov", "in.mkv"])
    func whole(name: String) throws {
        let frames = try film(name)
        let sound = JoinedStream(
            index: 1, kind: .audio, packetCount: 44, last: MediaTime(950, Rational(1, 1000)))
        let result = try FilmVerification.check(
            lab.path(name), frames: frames, timeBase: base,
            streams: [JoinedStream(index: 0, kind: .video, packetCount: 25, last: nil), sound])
        #expect(result == FilmVerification(frameCount: 25, roundedTimestamps: 0))
        // The same film in ticks that whole milliseconds cannot hold.
        let uneven = (0..<25).map { SegmentFrame(pts: $0 * 512 + ($0 == 3 ? 1 : 0), duration: 512) }
        if name == "in.mkv" {
            let rounded = try FilmVerification.check(lab.path(name), frames: uneven, timeBase: base)
            #expect(rounded.roundedTimestamps == 1)
        } else {
            let error = try mediaError {
                _ = try FilmVerification.check(lab.path(name), frames: uneven, timeBase: base)
            }
            #expect(error.reason.hasPrefix("frame 3 of it is shown at"))
        }
    }

    @Test("missing and added frames, moved times and lost streams are found")
    func faults() throws {
        let frames = try film("in.mp4")
        func fault(_ frames: [SegmentFrame], _ streams: [JoinedStream] = []) throws -> String {
            let error = try mediaError {
                _ = try FilmVerification.check(
                    lab.path("in.mp4"), frames: frames, timeBase: base, streams: streams)
            }
            #expect(error.code == .corrupt)
            return error.reason
        }
        #expect(try fault(Array(frames.dropLast())) == "it holds 25 frames instead of 24")
        #expect(try fault(frames + [SegmentFrame(pts: 12_800, duration: 1)]) == "it holds 25 frames instead of 26")
        var moved = frames
        moved[7].pts += 20
        #expect(try fault(moved).hasPrefix("frame 7 "))
        #expect(try fault(Array(frames.dropFirst())).hasPrefix("frame 0 "))
        let second = MediaTime(seconds: 1)
        let late = MediaTime(seconds: 2)
        let sounds = (1...2).map { JoinedStream(index: $0, kind: .audio, packetCount: 1, last: nil) }
        #expect(try fault(frames, sounds).contains("stream 2 (audio) is not in it"))
        let words = JoinedStream(index: 1, kind: .subtitle, packetCount: 1, last: second)
        #expect(try fault(frames, [words]).contains("is not in it"))
        #expect(try fault(frames, [.init(index: 1, kind: .audio, packetCount: 1, last: late)]).contains("ends at"))
    }

    @Test("a file that was cut off is refused")
    func cut() throws {
        let frames = try film("in.mkv")
        let bytes = try lab.bytes("in.mkv")
        for length in [bytes.count / 2, bytes.count * 3 / 4] {
            try bytes.prefix(length).write(to: URL(fileURLWithPath: lab.path("in.mkv")))
            _ = try mediaError { _ = try FilmVerification.check(lab.path("in.mkv"), frames: frames, timeBase: base) }
        }
    }
}
