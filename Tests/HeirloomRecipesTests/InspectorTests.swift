import HeirloomDatasets
import HeirloomModels
import HeirloomRecipes
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@Suite struct InspectorTests {
    /// True colours but for the pictures that are named, which stay the greyer the earlier they are named.
    private func spoiling(_ spoiled: [Int], of store: PackedStore, order: [Int]) -> ColorCandidate {
        var asked: [Int] = []
        return ColorCandidate(name: "spoiling") { luma in
            // Scores are taken in order; the kept examples are made again, found by their brightness.
            let index =
                order.first {
                    let truth = store.picture($0).unsqueezed(0).to(dtype: .float32) / 255
                    return (YCbCrMatrix.bt601.luma(of: truth) - luma).abs().max().item() < 1e-6
                } ?? 0
            asked.append(index)
            let truth = store.picture(index).unsqueezed(0).to(dtype: .float32) / 255
            let chroma = YCbCrMatrix.bt601.split(truth).chroma
            guard let place = spoiled.firstIndex(of: index) else { return chroma }
            return chroma * (0.2 * Double(place))
        }
    }

    @Test("the worst come first, the best from the other end, and no picture is both")
    func ranking() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(5)
        let order = Array(0..<5)
        let inspector = Inspector(spoiling([3, 1], of: store, order: order))
        let found = try inspector.run(on: store, pictures: order, count: 2)
        #expect(found.ranking.prefix(2).map(\.name) == ["3.png", "1.png"])
        #expect(found.ranking.count == 5 && found.measure.hasPrefix("chroma error"))
        #expect(found.worst.map(\.name) == ["3.png", "1.png"])
        #expect(found.worst[0].score > found.worst[1].score && found.worst[1].score > 1)
        #expect(found.best.count == 2 && Set(found.best.map(\.name)).isDisjoint(with: ["3.png", "1.png"]))
        #expect(found.best.allSatisfy { $0.score < 0.01 })
        let all = try inspector.run(on: store, pictures: [0, 3, 1], count: 8)
        #expect(all.worst.map(\.name) == ["3.png", "1.png"] && all.best.map(\.name) == ["0.png"])
        let one = try inspector.run(on: store, pictures: [2], count: 8)
        #expect(one.worst.count == 1 && one.best.isEmpty)
    }

    @Test("an example shows what went in, what came out and what is true")
    func example() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(2)
        let found = try Inspector(.grey).run(on: store, pictures: [0, 1], count: 1)
        let example = try #require(found.worst.first)
        #expect(example.input.shape == [3, 48, 48] && example.truth.shape == [3, 48, 48])
        // A network that gives no colour returns what went in.
        #expect((example.output - example.input).abs().max().item() < 1e-6)
        let index = example.name == "0.png" ? 0 : 1
        let truth = store.picture(index).to(dtype: .float32) / 255
        #expect((example.truth - truth).abs().max().item() == 0)
        #expect(example.text.hasPrefix("chroma error ") && example.caption.count == 2)
        #expect(found.preview.rows.count == 2)
    }

    @Test("a network that enlarges is ranked by PSNR, beside bicubic")
    func upscaler() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(3, side: 51)
        let network = SRVGGNetCompact(
            .init(upscale: 2, convolutions: 1, features: 8), using: Generator(seed: 4))
        let inspector = try Inspector(network, name: "small")
        #expect(!inspector.colors && inspector.smallestSide == 17)
        let found = try inspector.run(on: store, pictures: [0, 1, 2], count: 1)
        #expect(found.measure.hasPrefix("PSNR"))
        #expect(found.ranking.map(\.score) == found.ranking.map(\.score).sorted())
        let worst = try #require(found.worst.first)
        // 51 pixels are cut to 50, the largest multiple of the factor.
        #expect(worst.truth.shape == [3, 50, 50] && worst.output.shape == [3, 50, 50])
        #expect(worst.input.shape == [3, 25, 25] && worst.text.contains("bicubic"))
    }

    @Test("pictures too small to be measured are named")
    func tooSmall() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(1, side: 12)
        let network = SRVGGNetCompact(.init(upscale: 4, convolutions: 1, features: 8), using: Generator(seed: 4))
        let error = #expect(throws: DatasetError.self) {
            _ = try Inspector(network, name: "small").run(on: store, pictures: [0], count: 1)
        }
        #expect(error?.description.contains("'0.png' of 12 × 12 pixels") == true)
    }

    @Test("a network that does neither is refused")
    func wrongNetwork() throws {
        let network = EfficientNetLite(.init(variant: 0), using: Generator(seed: 1))
        #expect(throws: CheckpointError.self) { _ = try Inspector(network, name: "lite") }
    }
}
