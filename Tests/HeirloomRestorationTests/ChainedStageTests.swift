import HeirloomMedia
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomRestoration

/// Colouring and enlarging in one pass.
@Suite struct ChainedStageTests {
    private static let film = (0..<20).map { SyntheticFilm(width: 64, height: 48, framesPerShot: 7).frame($0) }
    private let format = SyntheticFilm(width: 64, height: 48).format

    /// A network that repeats every sample, 2 × 2.
    private func upscaler(_ format: VideoFormat, batch: Int = 1) throws -> Upscaler {
        var settings = UpscaleSettings()
        settings.batch = batch
        settings.tile = 64
        let restorer = TiledRestorer(Tiler(scale: 2, context: 4, blend: 0, multiple: 1)) {
            $0.resized(height: $0.shape[2] * 2, width: $0.shape[3] * 2)
        }
        return try Upscaler(restorer, format: format, settings: settings)
    }

    private func colorizer(_ format: VideoFormat, stabilize: Bool = true) throws -> Colorizer {
        var settings = quickSettings(stabilize: stabilize)
        settings.batch = 4
        return try Colorizer(FakePredictor(), format: format, settings: settings)
    }

    private func treat(_ stage: some OverlappedStage, _ frames: ArraySlice<VideoFrame>) throws -> [VideoFrame] {
        var stage = stage
        var out: [VideoFrame] = []
        for frame in frames { out += try stage.process(frame) }
        return try out + stage.finish()
    }

    @Test(arguments: [true, false])
    func aChainIsOneStageAfterTheOther(colorFirst: Bool) throws {
        let chain: ChainedStage
        let expected: [VideoFrame]
        if colorFirst {
            let color = try colorizer(format)
            let middle = try color.outputFormat(for: format)
            chain = ChainedStage(color, try upscaler(middle))
            expected = try treat(upscaler(middle), treat(color, Self.film[...])[...])
        } else {
            let large = try upscaler(format)
            let middle = try large.outputFormat(for: format)
            chain = ChainedStage(large, try colorizer(middle))
            expected = try treat(colorizer(middle), treat(large, Self.film[...])[...])
        }
        let output = try chain.outputFormat(for: format)
        #expect(output.width == 128 && output.height == 96)
        let out = try treat(chain, Self.film[...])
        #expect(out.map(\.index) == Self.film.map(\.index) && out.map(\.pts) == Self.film.map(\.pts))
        for (one, other) in zip(out, expected) {
            #expect(one.planes.map(\.bytes) == other.planes.map(\.bytes), "frame \(one.index)")
        }
        #expect(Set(out[3].planes[1].bytes).count > 1, "it is coloured")
    }

    @Test func theRunInsAddUp() throws {
        let color = try colorizer(format)
        let chain = ChainedStage(color, try upscaler(format, batch: 6))
        #expect(chain.runIn == StageRunIn(frames: color.runIn.frames, grain: 96))
        let other = ChainedStage(try upscaler(format, batch: 6), color)
        #expect(other.runIn == StageRunIn(frames: 96, grain: 96))
        #expect(ChainedStage(try upscaler(format), try upscaler(format)).runIn == StageRunIn())
    }

    @Test func aChainIsTheSameWhereverItBegan() throws {
        var whole = ChainedStage(try colorizer(format), try upscaler(format, batch: 2))
        let frames = (0..<150).map { RunInTests.frame($0) }
        whole.divide(every: 64)
        #expect(whole.runIn.start(before: 128) == 32)
        let all = try treat(whole, frames[...])
        var part = ChainedStage(try colorizer(format), try upscaler(format, batch: 2))
        part.divide(every: 64)
        let rest = try treat(part, frames[32...])
        for index in 128..<150 {
            #expect(rest[index - 32].planes.map(\.bytes) == all[index].planes.map(\.bytes), "frame \(index)")
        }
    }

    @Test func theSummaryTellsOfBoth() throws {
        let color = try colorizer(format)
        var chain = ChainedStage(color, try upscaler(color.outputFormat(for: format)))
        _ = try chain.process(Self.film[0])
        _ = try chain.finish()
        let summary = chain.summary
        #expect(summary.shots.count == 1 && summary.tile == 64 && summary.batch == 4)
        #expect(summary.stepSeconds.keys.contains("enlarge") && summary.stepSeconds.keys.contains("steady"))
    }
}
