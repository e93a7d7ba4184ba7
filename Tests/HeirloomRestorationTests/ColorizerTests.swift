import HeirloomMedia
import HeirloomMediaTensors
import HeirloomRestoration
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@Suite struct ColorizerTests {
    private func color(
        _ film: SyntheticFilm, frames: Int, _ predictor: FakePredictor, _ settings: ColorSettings = quickSettings()
    ) throws -> (frames: [VideoFrame], summary: StageSummary) {
        var colorizer = try Colorizer(predictor, format: film.format, settings: settings)
        var out: [VideoFrame] = []
        for index in 0..<frames { out += try colorizer.process(film.frame(index)) }
        out += try colorizer.finish()
        return (out, colorizer.summary)
    }

    @Test func chromaArrivesInTheFilmsMatrixAndRange() throws {
        // Constant chroma passes guidance, enlargement and siting unchanged; only matrix, range and gain are left.
        let predictor = FakePredictor { luma, _ in
            let shape = luma.shape
            return Tensor([0.05, -0.1] as [Float], shape: [1, 2, 1, 1]).expanded([shape[0], 2, shape[2], shape[3]])
                .copied(.contiguous)
        }
        let film = SyntheticFilm(width: 64, height: 48)
        let gain = ColorSettings.standardGain
        for (matrix, range) in [
            (ColorInfo.Matrix.bt709, ColorInfo.Range.limited), (.bt601Lines525, .full), (.bt2020, .full),
        ] {
            var format = film.format
            format.color.matrix = matrix
            format.color.range = range
            let source = film.frame(0)
            // Middle grey everywhere: no attenuation at the dark and bright ends.
            let grey = VideoFrame.Plane(
                width: 64, height: 48, bytesPerRow: 64, bytes: [UInt8](repeating: 120, count: 64 * 48))
            let frame = source.replacing(color: format.color, planes: [grey] + source.planes.dropFirst())
            var colorizer = try Colorizer(predictor, format: format, settings: quickSettings(stabilize: false))
            let out = try colorizer.process(frame) + colorizer.finish()
            let weights = try #require(YCbCrMatrix(matrix))
            let expected = ChromaMatrix(to: weights)(cb: 0.05 * gain, cr: -0.1 * gain)
            let span = range == .limited ? 224.0 : 255.0
            for (plane, value) in [(1, expected.cb), (2, expected.cr)] {
                let codes = Set(out[0].planes[plane].bytes)
                #expect(codes == [UInt8((128 + span * value).rounded())], "\(matrix) \(codes)")
            }
        }
    }

    @Test(arguments: [true, false])
    func everyFrameComesOutOnceInOrder(stabilize: Bool) throws {
        for count in [0, 1, 2, 5, 8, 9, 17, 41] {
            let film = SyntheticFilm(width: 64, height: 48, framesPerShot: 13)
            let out = try color(film, frames: count, FakePredictor(), quickSettings(stabilize: stabilize)).frames
            #expect(out.map(\.index) == Array(0..<count))
        }
    }

    @Test func blackBarsCatchNoColour() throws {
        let film = SyntheticFilm(width: 96, height: 64)
        let source = film.frame(0)
        var bytes = source.planes[0].bytes
        // Bars with the noise of an old tape.
        for y in (0..<12).map({ $0 }) + (52..<64).map({ $0 }) {
            for x in 0..<96 { bytes[y * 96 + x] = 16 + UInt8((x * 7 + y * 3) % 4) }
        }
        let luma = VideoFrame.Plane(width: 96, height: 64, bytesPerRow: 96, bytes: bytes)
        let frame = source.replacing(planes: [luma] + source.planes.dropFirst())
        let predictor = FakePredictor { luma, _ in
            Tensor.full([luma.shape[0], 2, luma.shape[2], luma.shape[3]], 0.25)
        }
        var colorizer = try Colorizer(predictor, format: film.format, settings: quickSettings())
        let out = try colorizer.process(frame) + colorizer.finish()
        let plane = out[0].planes[1]
        let rows = (0..<32).map { Array(plane.bytes[$0 * 48..<$0 * 48 + 48]) }
        #expect((rows[0..<6] + rows[26..<32]).allSatisfy { Set($0) == [128] })
        #expect(rows[14].allSatisfy { $0 > 140 })
    }

    @Test func theShapeOfThePictureIsKept() throws {
        for (width, height, aspect, short) in [
            (640, 480, 1.0, 256), (1920, 1080, 1, 256), (720, 576, 16.0 / 15, 256), (720, 576, 64.0 / 45, 256),
            (480, 854, 1, 256),
            (720, 480, 8.0 / 9, 192), (100, 100, 1, 64), (4000, 3000, 1, 384),
        ] {
            let size = RenderSize(width: width, height: height, sampleAspect: aspect, shortSide: short)
            let wanted = Double(width) * aspect / Double(height)
            #expect(abs(Double(size.width) / Double(size.height) / wanted - 1) < 0.03)
            #expect(size.paddedWidth % 32 == 0 && size.paddedHeight % 32 == 0)
            #expect(size.paddedWidth - size.width < 32 && size.paddedHeight - size.height < 32)
            #expect(min(size.width, size.height) == short)
        }
        let strip = RenderSize(width: 8192, height: 3, shortSide: 64)
        #expect(strip.paddedWidth <= 64 * RenderSize.longestAspect)
    }

    @Test func memoryThatRunsOutShrinksBatchThenPicture() throws {
        let film = SyntheticFilm(width: 256, height: 256)
        var settings = quickSettings()
        settings.renderSize = 256
        settings.batch = 4
        let expected = try color(film, frames: 6, FakePredictor(), settings).frames
        let small = FakePredictor { luma, _ in
            if luma.shape[0] > 1 { throw FakePredictor.outOfMemory }
            return FakePredictor.tint(luma)
        }
        let (frames, summary) = try color(film, frames: 6, small, settings)
        #expect(zip(frames, expected).allSatisfy { x, y in x.planes[1].bytes == y.planes[1].bytes })
        #expect(summary.notes.count == 2 && summary.notes[0].contains("2 at a time") && summary.batch == 1)
        let tiny = FakePredictor { luma, _ in
            if luma.shape[0] > 1 || luma.shape[2] > 192 { throw FakePredictor.outOfMemory }
            return FakePredictor.tint(luma)
        }
        let shrunk = try color(film, frames: 6, tiny, settings)
        #expect(shrunk.frames.count == 6 && shrunk.summary.notes.last?.contains("192 rows") == true)
        let difference = zip(shrunk.frames[3].planes[1].bytes, expected[3].planes[1].bytes).map {
            abs(Int($0) - Int($1))
        }
        #expect(
            difference.max() ?? 255 <= 6, "the picture is a little softer, not another one: \(difference.max() ?? -1)")
    }

    @Test func memoryThatRunsOutForGoodNamesTheFrame() throws {
        let film = SyntheticFilm(width: 256, height: 256)
        var settings = quickSettings()
        settings.renderSize = 256
        settings.batch = 2
        let never = FakePredictor { luma, call in
            if call >= 2 { throw FakePredictor.outOfMemory }
            return FakePredictor.tint(luma)
        }
        let error = #expect(throws: RestorationError.self) { try color(film, frames: 12, never, settings) }
        #expect(
            error?.code == .outOfMemory && error?.description.contains("frame 4 (at") == true,
            "\(error?.description ?? "")")
        #expect(never.shapes.last.map { $0[2] } == 160, "it tried down to \(never.shapes.last ?? [])")
    }

    @Test func numbersThatAreNoneAreNeverWritten() throws {
        let film = SyntheticFilm(width: 64, height: 48)
        let broken = FakePredictor { luma, call in
            call == 1 ? FakePredictor.tint(luma) / 0 * 0 : FakePredictor.tint(luma)
        }
        let error = #expect(throws: RestorationError.self) { try color(film, frames: 9, broken) }
        #expect(error?.description.contains("frame 3 (at") == true && error?.description.contains("float32") == true)
    }

    @Test func filmsOfHighDynamicRangeAreRefused() {
        var format = SyntheticFilm(width: 64, height: 48).format
        format.color.transfer = .pq
        #expect(throws: RestorationError.self) { try Colorizer(FakePredictor(), format: format) }
        format.color.transfer = .bt709
        format.color.matrix = .rgb
        #expect(throws: RestorationError.self) { try Colorizer(FakePredictor(), format: format) }
    }

    @Test func settingsAreChecked() {
        for change in [
            { $0.strength = -1 }, { $0.strength = .nan }, { $0.renderSize = 8 }, { $0.batch = 0 }, { $0.threads = 0 },
        ] as [(inout ColorSettings) -> Void] {
            var settings = ColorSettings()
            change(&settings)
            #expect(throws: RestorationError.self) { try settings.validate() }
        }
        #expect(throws: RestorationError.self) { try DeviceChoice("cuda:63")?.check() }
        #expect(DeviceChoice("tpu") == nil && DeviceChoice("auto") == .auto)
    }

    @Test func nothingLeaksOverALongFilm() async {
        // In a process of its own: the count of living tensors is the whole process's.
        await #expect(processExitsWith: .success) {
            let film = SyntheticFilm(width: 64, height: 48, framesPerShot: 9)
            func run(_ frames: Int) throws {
                var colorizer = try Colorizer(FakePredictor(), format: film.format, settings: quickSettings())
                for index in 0..<frames { _ = try colorizer.process(film.frame(index)) }
                _ = try colorizer.finish()
            }
            try run(5)
            let before = Runtime.liveTensors
            try run(60)
            precondition(Runtime.liveTensors <= before, "\(before) tensors before, \(Runtime.liveTensors) after")
        }
    }
}
