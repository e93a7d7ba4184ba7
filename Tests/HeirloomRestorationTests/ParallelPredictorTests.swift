import HeirloomModels
import HeirloomTensors
import Testing

@testable import HeirloomRestoration

@Suite struct ParallelPredictorTests {
    private let luma = Tensor.uniform([7, 1, 64, 96], using: Generator(seed: 3))

    @Test func framesSideBySideAreTheFramesOneByOne() throws {
        let alone = try NetworkPredictor(tinyNetwork(), precision: .float32)
        let parallel = try ParallelPredictor(count: 3) { try NetworkPredictor(tinyNetwork(), precision: .float32) }
        let expected = try withoutGradients {
            concatenated(
                try (0..<7).map { try alone.chroma(of: luma.sliced(axis: 0, from: $0, to: $0 + 1)) }, axis: 0)
        }
        #expect(try parallel.chroma(of: luma).floats == expected.floats)
        #expect(parallel.sizeMultiple == alone.sizeMultiple && parallel.precision == .float32)
    }

    @Test func whatIsBegunCanBeWaitedForLater() throws {
        let parallel = try ParallelPredictor(count: 2) { FakePredictor() }
        let first = parallel.begin(luma)
        let second = parallel.begin(1 - luma)
        #expect(try second().floats == FakePredictor.tint(1 - luma).floats)
        #expect(try first().floats == FakePredictor.tint(luma).floats)
    }

    @Test func aFailureOfOneThreadIsTheFailureOfTheCall() throws {
        let parallel = try ParallelPredictor(count: 2) {
            FakePredictor { luma, _ in
                if luma.floats[0] < 0 { throw FakePredictor.outOfMemory }
                return FakePredictor.tint(luma)
            }
        }
        let one = concatenated([luma.sliced(axis: 0, from: 0, to: 3), luma.sliced(axis: 0, from: 3) * -1], axis: 0)
        #expect(throws: TorchError.self) { try parallel.chroma(of: one) }
        #expect(try parallel.chroma(of: luma).shape == [7, 2, 64, 96])
    }

    @Test func aBatchIsTwoCallsForEachThread() throws {
        let parallel = try ParallelPredictor(count: 3) { FakePredictor() }
        #expect(parallel.batch(height: 160, width: 288) == 6)
    }
}
