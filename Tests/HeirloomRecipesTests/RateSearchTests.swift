import Foundation
import HeirloomDatasets
import HeirloomLayers
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors
import TestSupport
import Testing

@Suite struct RateSearchTests {
    private func task(_ folder: TemporaryFolder) throws -> ColorTask {
        let store = try folder.colourStore(12)
        return ColorTask(
            recipe: .tiny(), split: try store.split(validation: 0.25),
            network: ColorUNet(using: Generator(seed: 2)), features: nil)
    }

    @Test("a search tries rising rates around the recipe's, leaves the network as it was, and comes out the same again")
    func search() throws {
        let folder = try TemporaryFolder()
        let task = try task(folder)
        let before = task.colorNetwork.state().map { $0.tensor.detached().copied() }
        var calls: [Int] = []
        let found = try RateSearch(task, steps: 24) { completed, total in
            calls.append(completed)
            #expect(total == 24)
        }
        let after = task.colorNetwork.state().map(\.tensor)
        for (old, new) in zip(before, after) {
            #expect(old.isEqual(to: new.detached()), "nothing of the search is kept")
        }
        #expect(found.rates.count > 10 && found.rates.count == found.losses.count && calls.count >= found.rates.count)
        #expect(zip(found.rates, found.rates.dropFirst()).allSatisfy(<))
        #expect(abs(found.rates[0] - 2e-5) < 1e-9 && found.recipeRate == 2e-3)
        #expect(found.size == 32 && found.batchSize == 2)
        #expect(try RateSearch(task, steps: 24) == found)
    }

    @Test("the table has a row for some of the rates, and the plot is an SVG picture")
    func shown() throws {
        let folder = try TemporaryFolder()
        let found = try RateSearch(try task(folder), steps: 20)
        let lines = found.lines(rows: 5)
        #expect(lines[0].hasPrefix("32 px, batches of 2"))
        #expect(lines.count { $0.contains("▇") } == min(5, found.rates.count))
        #expect(lines.contains { $0.hasPrefix("suggested rate: ") || $0.hasPrefix("no rate is suggested") })
        #expect(lines.contains("  in the recipe: 0.002"), "\(lines)")
        try found.writePlot(to: folder.file("rate.svg"))
        let text = try String(contentsOfFile: folder.file("rate.svg"), encoding: .utf8)
        #expect(text.hasPrefix("<svg") && text.contains("learning rate"))
        let json = String(decoding: try JSONEncoder().encode(found), as: UTF8.self)
        #expect(json.contains("\"recipeRate\"") && json.contains("\"losses\""))
    }

    @Test("a search that is told to end throws, and leaves the network as it was")
    func stopped() throws {
        let folder = try TemporaryFolder()
        let task = try task(folder)
        let before = task.colorNetwork.state().map { $0.tensor.detached().copied() }
        #expect(throws: CancellationError.self) {
            _ = try RateSearch(task, steps: 20) { completed, _ in if completed == 3 { throw CancellationError() } }
        }
        for (old, new) in zip(before, task.colorNetwork.state().map(\.tensor)) {
            #expect(old.isEqual(to: new.detached()))
        }
    }
}
