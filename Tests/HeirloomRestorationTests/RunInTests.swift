import Foundation
import HeirloomMedia
import HeirloomRestoration
import HeirloomTensors
import TestSupport
import Testing

/// What becomes of a segment is the same wherever the work began.
@Suite struct RunInTests {
    /// A film with everything that a colorizer remembers: cuts near and on the grid of its blocks, flicker, flashes, a
    /// shot of one frame, motion, and a long last shot.
    static func frame(_ index: Int, width: Int = 64, height: Int = 48) -> VideoFrame {
        let cuts = [0, 5, 37, 38, 96, 131, 160, 191]
        let shot = cuts.lastIndex { $0 <= index } ?? 0
        let time = Double(index - cuts[shot])
        var noise = UInt32(truncatingIfNeeded: index &* 2_654_435_761 &+ 12345)
        func random() -> Double {
            noise = noise &* 1_664_525 &+ 1_013_904_223
            return Double(noise >> 8) / Double(1 << 23) - 1
        }
        let exposure = 1 + 0.12 * random()
        let flash = [70, 71, 141, 230].contains(index) ? 0.4 : 0
        let center = (x: Double(width) * (0.5 + 0.3 * sin(time * 0.1)), y: Double(height) * 0.5)
        let columns = (0..<width).map { sin(Double($0 + shot * 11) * (0.1 + 0.13 * Double(shot))) * 0.2 }
        var bytes: [UInt8] = []
        for y in 0..<height {
            let row = cos(Double(y) * 0.17)
            for x in 0..<width {
                let (dx, dy) = (Double(x) - center.x, Double(y) - center.y)
                let disc = dx * dx + dy * dy < 144 ? 0.25 : 0
                let light = (0.4 + columns[x] * row + disc + 0.02 * random()) * exposure + flash
                bytes.append(UInt8(16 + 219 * min(max(light, 0), 1)))
            }
        }
        let source = SyntheticFilm(width: width, height: height).frame(index)
        let luma = VideoFrame.Plane(width: width, height: height, bytesPerRow: width, bytes: bytes)
        return source.replacing(planes: [luma] + source.planes.dropFirst())
    }

    private static let film = (0..<270).map { frame($0) }

    /// Colours that jump with the brightness, as a network's do.
    private static func nervous() -> FakePredictor {
        FakePredictor { luma, _ in
            let mean = luma.mean(axes: [1, 2, 3], keepingDimensions: true)
            return FakePredictor.tint(luma) * ((mean * 300).sin() + 1.2)
        }
    }

    private static func run(
        _ frames: ArraySlice<VideoFrame>, segment: Int, _ stage: (VideoFormat) throws -> any OverlappedStage
    ) throws -> (frames: [Int: VideoFrame], summary: StageSummary, runIn: StageRunIn) {
        var stage = try stage(SyntheticFilm(width: frames[frames.startIndex].width, height: 48).format)
        stage.divide(every: segment)
        var out: [VideoFrame] = []
        for frame in frames { out += try stage.process(frame) }
        out += try stage.finish()
        #expect(out.map(\.index) == frames.map(\.index))
        return (Dictionary(uniqueKeysWithValues: out.map { ($0.index, $0) }), stage.summary, stage.runIn)
    }

    private static func bytes(_ frame: VideoFrame?) -> [[UInt8]] { frame?.planes.map(\.bytes) ?? [] }

    /// The first frame after the start of a run whose exact result is promised.
    private static func promised(_ start: Int, _ runIn: StageRunIn, segment: Int) -> Int? {
        stride(from: 0, to: film.count, by: segment).first { start <= runIn.start(before: $0) }
    }

    @Test(arguments: [32, 96, 160])
    func coloursAreTheSameWhereverTheWorkBegan(segment: Int) throws {
        var settings = quickSettings()
        settings.batch = 4
        func make(_ format: VideoFormat) throws -> any OverlappedStage {
            try Colorizer(Self.nervous(), format: format, settings: settings)
        }
        let whole = try Self.run(Self.film[...], segment: segment, make)
        #expect(whole.runIn == StageRunIn(frames: 88, grain: 32))
        #expect(whole.summary.shots.map(\.firstFrame).contains(96), "the cuts are seen: \(whole.summary.shots)")
        var compared = 0
        var different = 0
        for start in [32, 64, 96, 160] {
            guard let first = Self.promised(start, whole.runIn, segment: segment) else { continue }
            // Far enough that whole blocks are compared, and the shot of the last frame is the film's.
            let end = min(first + 48, Self.film.count)
            let part = try Self.run(Self.film[start..<end], segment: segment, make)
            for index in first..<(end == Self.film.count ? end : end - 16) {
                #expect(Self.bytes(part.frames[index]) == Self.bytes(whole.frames[index]), "frame \(index) of \(start)")
                compared += 1
            }
            different += (start..<first).count { Self.bytes(part.frames[$0]) != Self.bytes(whole.frames[$0]) }
            #expect(
                part.summary.shots.map(\.firstFrame).filter { $0 >= first }
                    == whole.summary.shots.map(\.firstFrame).filter { (first..<end - 1).contains($0) })
        }
        #expect(compared >= 60)
        // Else the run-in would be for nothing, and this test blind.
        #expect(different > 0, "the run-in matters")
    }

    @Test func seamsBetweenSegmentsDoNotShow() throws {
        func make(_ format: VideoFormat) throws -> any OverlappedStage {
            try Colorizer(Self.nervous(), format: format, settings: quickSettings())
        }
        let one = try Self.run(Self.film[...], segment: 288, make).frames
        let many = try Self.run(Self.film[...], segment: 96, make).frames
        for index in Self.film.indices {
            for plane in [1, 2] {
                let pairs = zip(one[index]?.planes[plane].bytes ?? [], many[index]?.planes[plane].bytes ?? [])
                #expect(pairs.allSatisfy { abs(Int($0) - Int($1)) <= 1 }, "frame \(index)")
            }
        }
    }

    @Test func theRealNetworkAgreesWithItself() throws {
        let network = tinyNetwork()
        var settings = quickSettings()
        settings.batch = 4
        func make(_ format: VideoFormat) throws -> any OverlappedStage {
            try Colorizer(NetworkPredictor(network, precision: .float32), format: format, settings: settings)
        }
        let whole = try Self.run(Self.film[..<170], segment: 64, make)
        let part = try Self.run(Self.film[32..<170], segment: 64, make)
        for index in 128..<170 {
            #expect(Self.bytes(part.frames[index]) == Self.bytes(whole.frames[index]), "frame \(index)")
        }
    }

    @Test func withoutSteadyingOnlyTheGroupsCount() throws {
        var settings = quickSettings(stabilize: false)
        settings.batch = 3
        func make(_ format: VideoFormat) throws -> any OverlappedStage {
            try Colorizer(Self.nervous(), format: format, settings: settings)
        }
        let whole = try Self.run(Self.film[..<40], segment: 6, make)
        #expect(whole.runIn == StageRunIn(frames: 0, grain: 3))
        let part = try Self.run(Self.film[12..<40], segment: 6, make)
        for index in 12..<40 { #expect(Self.bytes(part.frames[index]) == Self.bytes(whole.frames[index])) }
    }

    @Test func startsAndSegmentsAreMultiplesOfTheGrain() {
        let runIn = StageRunIn(frames: 88, grain: 32)
        #expect([0, 64, 96, 128, 256].map { runIn.start(before: $0) } == [0, 0, 0, 32, 160])
        #expect([1, 32, 47, 48, 240, 250].map { runIn.segment(near: $0) } == [32, 32, 32, 64, 256, 256])
        #expect(StageRunIn().start(before: 7) == 7)
    }
}
