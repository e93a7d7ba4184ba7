import Foundation
import HeirloomDatasets
import HeirloomModels
import HeirloomRecipes
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@Suite struct ColorContestTests {
    /// The colours of the true pictures, handed out in the order of the store: a model that makes no mistake.
    private func perfect(_ store: PackedStore, _ pictures: [Int]) -> ColorCandidate {
        var left = pictures[...]
        return ColorCandidate(name: "perfect") { luma in
            let truth = store.picture(left.removeFirst()).unsqueezed(0).to(dtype: .float32) / 255
            return YCbCrMatrix.bt601.split(truth).chroma
        }
    }

    private func judge() -> PictureJudge {
        PictureJudge(EfficientNetLite(.init(variant: 0), using: Generator(seed: 3)))
    }

    @Test("the truth itself has no error, grey has no colour, and both stand beside a model")
    func known() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(4)
        let contest = ColorContest([perfect(store, [0, 1, 2, 3])], judge: judge())
        let found = try contest.run(on: store, pictures: [0, 1, 2, 3])
        #expect(found.entries.map(\.name) == ["grey", "perfect", "true"])
        #expect(found.pictures == ["0.png", "1.png", "2.png", "3.png"] && found.labelled == 4)
        let (grey, perfect, truth) = (found.entries[0], found.entries[1], found.entries[2])
        // The way to luma and chroma and back costs a few float32 roundings of values in 0...1.
        #expect(try #require(perfect.mean(.chromaError)).mean < 0.01)
        #expect(abs(try #require(perfect.mean(.colorfulnessGap)).mean) < 0.01)
        #expect(try #require(perfect.mean(.psnr)).mean > 90)
        #expect(try #require(perfect.mean(.ssim)).mean > 0.9999)
        #expect(perfect.mean(.agrees)?.mean == 1)
        #expect(try #require(perfect.mean(.perceptualDistance)).mean < 1e-4)
        #expect(try #require(perfect.mean(.score)).mean < 0.01)
        #expect(try #require(grey.mean(.colorfulness)).mean < 0.01)
        let trueColor = try #require(truth.mean(.colorfulness)).mean
        let greyGap = try #require(grey.mean(.colorfulnessGap)).mean
        #expect(trueColor > 20 && abs(greyGap + trueColor) < 0.02)
        #expect(try #require(grey.mean(.chromaError)).mean > 5)
        #expect(truth.mean(.chromaError)?.mean == 0 && truth.mean(.agrees)?.mean == 1 && truth.mean(.psnr) == nil)
        #expect(truth.scores.allSatisfy { $0.psnr == .infinity && $0.score == 0 })
    }

    @Test("without a classifier and without labels nothing is said of recognition")
    func noJudge() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(2)
        let found = try ColorContest([], judge: nil).run(on: store, pictures: [0, 1])
        #expect(found.entries.allSatisfy { $0.mean(.agrees) == nil && $0.mean(.namesLabel) == nil })
        #expect(!found.table.contains { $0.contains("recognised") })
    }

    @Test("the table names every candidate and every measure, and says what misleads")
    func table() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(3)
        let half = ColorCandidate(name: "half") { luma in
            concatenated([luma * 0 - 0.1, luma * 0 + 0.05], axis: 1)
        }
        let found = try ColorContest([half], judge: judge()).run(on: store, pictures: [0, 2])
        let table = found.table
        #expect(table[0].hasPrefix("2 pictures"))
        for name in ["grey", "half", "true"] { #expect(table[0].contains(name)) }
        for words in ["colourfulness", "chroma error", "recognised", "label recognised (2 labels)", "PSNR dB *"] {
            #expect(table.contains { $0.contains(words) }, "\(table)")
        }
        #expect(table.last?.contains("misleading for colour") == true)
        let lines = found.pictureTable
        #expect(lines.count == 4 && lines[2].hasPrefix("0.png") && lines[3].hasPrefix("2.png"))
        #expect(Set(lines.map(\.count)).count == 1, "columns stand below each other: \(lines)")
    }

    @Test("a comparison survives JSON, infinite PSNR included")
    func json() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(2)
        let found = try ColorContest([], judge: nil).run(on: store, pictures: [0, 1])
        let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        #expect(try decoder.decode(ColorComparison.self, from: encoder.encode(found)) == found)
    }

    @Test("a network that gives no colour is refused by name")
    func wrongNetwork() throws {
        let network = EfficientNetLite(.init(variant: 0), using: Generator(seed: 1))
        let error = #expect(throws: CheckpointError.self) { _ = try ColorCandidate(name: "lite", network: network) }
        #expect(error?.description.contains("lite is a efficientnet-lite") == true, "\(String(describing: error))")
    }

    @Test("a contest can be stopped between two pictures")
    func stopped() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(3)
        var seen = 0
        #expect(throws: CancellationError.self) {
            _ = try ColorContest([], judge: nil).run(on: store, pictures: [0, 1, 2]) { completed in
                seen = completed
                if completed == 2 { throw CancellationError() }
            }
        }
        #expect(seen == 2)
    }

    @Test("limited, pictures are spread over the store")
    func spread() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(10)
        #expect(store.spread(atMost: nil) == Array(0..<10))
        #expect(store.spread(atMost: 4) == [0, 2, 5, 7])
        #expect(store.spread(atMost: 99) == Array(0..<10))
    }

    @Test("the interval holds the mean, is a point for equal values, and narrows with their number")
    func interval() {
        #expect(MeanInterval(of: [3, 3, 3]) == MeanInterval(of: [3, 3, 3]))
        let point = MeanInterval(of: [3, 3, 3])
        #expect(point.mean == 3 && point.low == 3 && point.high == 3)
        func width(_ count: Int) -> Double {
            let interval = MeanInterval(of: (0..<count).map { Double($0 % 2) })
            #expect(interval.low <= interval.mean && interval.mean <= interval.high)
            return interval.high - interval.low
        }
        // The standard error of a fair coin is 0.5 / √n, the interval 3.92 of those.
        #expect(abs(width(400) - 0.098) < 0.015, "\(width(400))")
        #expect(abs(width(100) - 0.196) < 0.04, "\(width(100))")
    }
}
