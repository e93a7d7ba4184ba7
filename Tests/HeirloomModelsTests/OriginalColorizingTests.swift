import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomModels

/// DeOldify's picture procedure, bit by bit.
@Suite struct OriginalColorizingTests {
    /// Pillow 12 on random sizes, one column or row among them.
    @Test func resamplingIsPillows() throws {
        let golden = try Fixture.tensors("deoldify/deoldify.safetensors")
        for index in 0..<24 {
            let source = try #require(golden["pillow.\(index).in"])
            let expected = try #require(golden["pillow.\(index).out"])
            let found = PillowBilinear.resized(
                source.scalars(), channels: 3, size: (source.shape[1], source.shape[0]),
                to: (expected.shape[1], expected.shape[0]))
            #expect(found == expected.scalars(as: UInt8.self), "\(source.shape) to \(expected.shape)")
        }
    }

    /// What the original's program gave for a picture of 37 × 53, before and after the network.
    @Test func stepsAreThoseOfTheOriginal() throws {
        let golden = try Fixture.tensors("deoldify/deoldify.safetensors")
        func bytes(_ name: String) throws -> [UInt8] { try #require(golden["original.\(name)"]).scalars() }
        let source = try bytes("source")
        let grey = OriginalColorizing.grey(
            PillowBilinear.resized(source, channels: 3, size: (53, 37), to: (64, 64)))
        #expect(grey == (try bytes("rf4.model_input")))
        let stretched = PillowBilinear.resized(
            try bytes("rf4.model_output"), channels: 3, size: (64, 64), to: (53, 37))
        #expect(stretched == (try bytes("rf4.resized_output")))
        #expect(OriginalColorizing.merged(luma: source, chroma: stretched) == (try bytes("rf4.final")))
    }

    /// Grey chroma leaves a grey picture as it is, and any luma keeps its value to a level or two where nothing is cut off.
    @Test func mergingKeepsLuma() {
        let greys = (0...255).flatMap { [UInt8](repeating: UInt8($0), count: 3) }
        #expect(OriginalColorizing.merged(luma: greys, chroma: greys) == greys)
        let tint = [UInt8](repeating: 0, count: 256).flatMap { _ in [150, 120, 110] as [UInt8] }
        let merged = OriginalColorizing.grey(OriginalColorizing.merged(luma: greys, chroma: tint))
        for level in 40...215 { #expect(abs(Int(merged[3 * level]) - level) <= 2, "\(level)") }
    }

    /// The whole procedure: shapes, and the network's own picture without the source's luma.
    @Test func proceduresGivePictures() throws {
        let network = try DeOldifyNetworkTests.network("wide").preparedForInference()
        let picture = DeOldifyNetworkTests.noise.picture("picture", height: 19, width: 30)
        var procedure = OriginalColorizing(renderFactor: 4)
        let steps = withoutGradients { procedure.steps(picture, by: network) }
        #expect(steps.input.shape == [64, 64, 3] && steps.output.shape == [64, 64, 3])
        #expect(steps.result.shape == picture.shape && steps.result.dtype == .uint8)
        procedure.keepsLuma = false
        #expect(withoutGradients { procedure(picture, by: network) }.isEqual(to: steps.resized))
    }
}
