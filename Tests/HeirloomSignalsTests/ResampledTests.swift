import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

/// Pictures at other sizes, against definitions in float64 (`Fixtures/resampling/make_resampling.py`) and properties.
@Suite struct ResampledTests {
    private let golden: [String: Tensor]
    private let picture: Tensor

    init() throws {
        golden = try Fixture.tensors("resampling/resampling.safetensors")
        picture = try #require(golden["picture"])
    }

    @Test(arguments: ResamplingKernel.allCases)
    func resampledEqualsItsDefinition(_ kernel: ResamplingKernel) throws {
        for (name, height, width) in [("up", 31, 40), ("down", 5, 6), ("mixed", 26, 7)] {
            // sums of at most 60 products of float32
            expectClose(
                picture.resampled(height: height, width: width, kernel: kernel),
                try #require(golden["\(kernel.rawValue)-\(name)"]), absolute: 2e-6, "\(kernel) \(name)")
        }
    }

    @Test func withoutAntialiasingTheCurveKeepsItsWidth() throws {
        expectClose(
            picture.resampled(height: 5, width: 6, kernel: .bicubic, antialias: false),
            try #require(golden["bicubic-aliased"]), absolute: 2e-6)
    }

    @Test(arguments: ResamplingKernel.allCases)
    func aFlatPictureStaysFlat(_ kernel: ResamplingKernel) {
        let flat = Tensor.full([1, 1, 9, 7], 0.7)
        for (height, width) in [(9, 7), (1, 1), (4, 30), (200, 3)] {
            expectClose(
                flat.resampled(height: height, width: width, kernel: kernel), .full([1, 1, height, width], 0.7),
                absolute: 1e-6, "\(kernel) \(height)×\(width)")
        }
    }

    @Test(arguments: ResamplingKernel.allCases)
    func theSameSizeIsTheSamePicture(_ kernel: ResamplingKernel) {
        expectClose(picture.resampled(height: 13, width: 17, kernel: kernel), picture, absolute: 1e-7)
    }

    @Test func anAreaIsAMean() {
        let x = Tensor.uniform([1, 2, 60, 36], using: Generator(seed: 3))
        expectClose(
            x.resampled(height: 10, width: 9, kernel: .area),
            x.meanPooled(height: 10, width: 36).meanPooled(height: 10, width: 9), absolute: 1e-6)
    }

    @Test func awayFromTheBorderItIsTheAntialiasedResizeOfOthers() {
        // Ours repeats the border, libtorch leaves the taps outside out: equal where no tap is outside.
        let x = Tensor.uniform([1, 1, 64, 64], using: Generator(seed: 4))
        let ours = x.resampled(height: 20, width: 20, kernel: .bicubic)
        let theirs = x.resized(height: 20, width: 20, mode: .bicubic, antialias: true)
        expectClose(
            ours.sliced(axis: 2, from: 3, to: 17).sliced(axis: 3, from: 3, to: 17),
            theirs.sliced(axis: 2, from: 3, to: 17).sliced(axis: 3, from: 3, to: 17), absolute: 1e-5)
    }

    @Test(arguments: [(37, 301), (150, 40), (37, 37)], ResamplingKernel.allCases)
    func stripsMakeTheWhole(_ sizes: (source: Int, target: Int), _ kernel: ResamplingKernel) {
        let x = Tensor.uniform([1, 3, sizes.source, 8], using: Generator(seed: 5))
        let whole = x.resampled(height: sizes.target, width: 11, kernel: kernel)
        var strips: [Tensor] = []
        for start in stride(from: 0, to: sizes.target, by: 7) {
            let rows = start..<min(start + 7, sizes.target)
            let needed = kernel.sourceRows(for: rows, height: sizes.target, sourceHeight: sizes.source)
            strips.append(
                x.sliced(axis: 2, from: needed.lowerBound, to: needed.upperBound).resampledRows(
                    rows, height: sizes.target, width: 11, kernel: kernel, sourceHeight: sizes.source,
                    firstSourceRow: needed.lowerBound))
        }
        expectClose(concatenated(strips, axis: 2), whole, absolute: 2e-6)
    }

    @Test func halfPrecisionKeepsItsType() {
        let half = picture.to(dtype: .bfloat16).resampled(height: 20, width: 20, kernel: .lanczos3)
        #expect(half.dtype == .bfloat16)
        let full = picture.resampled(height: 20, width: 20, kernel: .lanczos3)
        // eight bits of mantissa in and out
        expectClose(half.to(dtype: .float32), full, absolute: 0.02)
    }

    @Test func gradientsFlow() {
        let x = picture.copied().requireGradient()
        x.resampled(height: 40, width: 5, kernel: .area).sum().backward()
        // Every sample of the result is a mean, so the gradients add up to the number of samples.
        #expect(abs((x.gradient?.sum().item() ?? 0) - Double(2 * 40 * 5)) < 1e-2)
    }

    @Test func paperBicubicIsExact() throws {
        let bytes = try #require(golden["bytes"]).unsqueezed(0)
        let down = try #require(golden["paper-down"]).unsqueezed(0)
        expectEqual(PaperBicubic.reduced(bytes, by: 4), down)
        expectEqual(PaperBicubic.enlarged(down, by: 4), try #require(golden["paper-up"]).unsqueezed(0))
        expectEqual(
            PaperBicubic.resized(bytes, height: 16, width: 19), try #require(golden["paper-third"]).unsqueezed(0))
    }

    @Test func lanczosOfTheOriginalPrograms() throws {
        let bytes = try #require(golden["bytes"]).unsqueezed(0)
        expectClose(
            LanczosResizing.resized(bytes, height: 21, width: 77, maximum: 255).to(dtype: .float32),
            try #require(golden["opencv-lanczos"]).unsqueezed(0).to(dtype: .float32), absolute: 1)
        #expect(LanczosResizing.size(height: 100, width: 10, scale: 2.3) == (229, 23))
    }

    @Test func lanczosStaysInRange() {
        let edge = concatenated([Tensor.zeros([1, 1, 8, 8]), Tensor.full([1, 1, 8, 8], 255)], axis: 3)
        let large = LanczosResizing.resized(edge.to(dtype: .uint8), height: 24, width: 48, maximum: 255)
        // An overshoot that wrapped around would leave bright samples in the dark half.
        #expect(large.sliced(axis: 3, from: 0, to: 20).to(dtype: .float32).max().item() < 40)
        #expect(large.sliced(axis: 3, from: 28).to(dtype: .float32).min().item() > 215)
    }

    @Test func aWrongStripTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = Tensor.zeros([1, 1, 4, 4]).resampledRows(
                0..<8, height: 16, width: 4, kernel: .bicubic, sourceHeight: 8, firstSourceRow: 3)
        }
    }
}
