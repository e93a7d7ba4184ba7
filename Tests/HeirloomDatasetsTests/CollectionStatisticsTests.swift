import Foundation
import HeirloomDatasets
import TestSupport
import Testing

@Suite struct CollectionStatisticsTests {
    private func colors(_ rgb: [UInt8]) -> PictureColors {
        rgb.withUnsafeBufferPointer { PictureColors(rgb: $0) }
    }

    @Test("colourfulness is that of Hasler and Süsstrunk")
    func colorfulness() {
        // Red and blue, one pixel each: rg = 255, 0 and yb = 127.5, −255.
        let found = colors([255, 0, 0, 0, 0, 255]).colorfulness
        let (meanRG, meanYB, deviationRG, deviationYB) = (127.5, -63.75, 127.5, 191.25)
        let expected =
            (deviationRG * deviationRG + deviationYB * deviationYB).squareRoot()
            + 0.3 * (meanRG * meanRG + meanYB * meanYB).squareRoot()
        #expect(abs(found - expected) < 1e-9)
        #expect(colors([7, 7, 7, 200, 200, 200]).colorfulness == 0)
    }

    @Test(
        "each hue has its name",
        arguments: [
            ([220, 30, 30], PictureColors.Hue.red), ([220, 130, 60], .orange), ([220, 210, 40], .yellow),
            ([40, 200, 60], .green), ([20, 200, 200], .cyan), ([30, 60, 220], .blue), ([200, 30, 200], .purple),
            ([220, 20, 50], .red), ([120, 120, 120], .muted), ([120, 118, 115], .muted),
        ] as [([UInt8], PictureColors.Hue)])
    func hues(rgb: [UInt8], hue: PictureColors.Hue) {
        #expect(colors(rgb + rgb).dominantHue == hue)
    }

    @Test("the strongest colour dominates, not the one of most pixels")
    func weights() {
        let dullBlue: [UInt8] = [100, 100, 120]
        #expect(colors(dullBlue + dullBlue + dullBlue + [255, 20, 20]).dominantHue == .red)
    }

    private func statistics(_ pictures: [(Int, Int, [UInt8])]) throws -> CollectionStatistics {
        var builder = CollectionStatistics.Builder()
        for (width, height, rgb) in pictures { builder.add(width: width, height: height, colors: colors(rgb + rgb)) }
        return try #require(builder.statistics)
    }

    @Test("sizes, shapes and hues are counted")
    func figures() throws {
        let (red, blue): ([UInt8], [UInt8]) = ([220, 30, 30], [30, 60, 220])
        let found = try statistics([(100, 200, red), (300, 200, blue), (400, 400, blue)])
        #expect(found.pictures == 3 && found.lying == 1 && found.upright == 1 && found.square == 1)
        #expect(found.shortSide.smallest == 100 && found.shortSide.median == 200 && found.shortSide.largest == 400)
        #expect(found.dominantHues == ["red": 1, "blue": 2])
        #expect(abs(found.smallPart - 2.0 / 3) < 1e-9)
        #expect(found.rows.map(\.text).contains("blue 2, red 1"))
        #expect(found.rows.map(\.text).contains("200 (100 to 400) pixels"))
        #expect(CollectionStatistics.Builder().statistics == nil)
        let back = try JSONDecoder().decode(CollectionStatistics.self, from: JSONEncoder().encode(found))
        #expect(back == found)
    }

    @Test("a good collection draws no warning")
    func noWarning() throws {
        let some: [[UInt8]] = [[220, 30, 30], [30, 60, 220], [40, 200, 60], [220, 210, 40]]
        let found = try statistics((0..<40).map { (600 + $0, 400, some[$0 % 4]) })
        #expect(found.warnings(groups: ["people": 20, "places": 20]) == [])
    }

    @Test("each weakness is said in a sentence of its own, and only where it is there")
    func warnings() throws {
        let (red, grey): ([UInt8], [UInt8]) = ([220, 30, 30], [120, 120, 122])
        let oneHue = try statistics((0..<20).map { (600, 400, $0 < 15 ? red : [30, 60, 220]) }).warnings()
        #expect(oneHue.count == 1 && oneHue[0].hasPrefix("In 75 % of the pictures one colour dominates (red)"))
        let oneKind = try statistics((0..<20).map { (600, 400, $0 % 2 == 0 ? red : [30, 60, 220]) })
            .warnings(groups: ["street": 18, "people": 2])
        #expect(oneKind.count == 1 && oneKind[0].hasPrefix("90 % of the pictures are of one kind, 'street'"))
        let small = try statistics((0..<12).map { (200, $0 == 0 ? 2000 : 150, $0 % 2 == 0 ? red : [30, 60, 220]) })
        #expect(small.warnings().count == 1 && small.warnings()[0].hasPrefix("100 % of the pictures are smaller"))
        let mixed = try statistics(
            (0..<12).map { ($0 == 0 ? 4000 : 300, $0 == 0 ? 4000 : 300, $0 % 2 == 0 ? red : [30, 60, 220]) })
        #expect(mixed.warnings().count == 1 && mixed.warnings()[0].hasPrefix("The short sides go from 300 to 4000"))
        let pale = try statistics((0..<9).map { _ in (600, 400, grey) }).warnings()
        #expect(pale.count == 1 && pale[0].hasPrefix("Half of the pictures have little colour"))
        for sentence in oneHue + oneKind.map(\.self) + pale { #expect(sentence.hasSuffix(".")) }
    }

    @Test("a store's statistics and groups")
    func store() throws {
        let folder = try TemporaryFolder()
        let store = try folder.store([
            TestPicture(width: 9, height: 5, group: "a"), TestPicture(width: 4, height: 6),
            TestPicture(width: 4, height: 4, group: "a"),
        ])
        #expect(store.groupCounts == ["a": 2])
        let all = store.statistics()
        #expect(all.pictures == 3 && all.lying == 1 && all.upright == 1 && all.square == 1)
        #expect(store.statistics(of: [1]).shortSide.largest == 4)
    }
}
