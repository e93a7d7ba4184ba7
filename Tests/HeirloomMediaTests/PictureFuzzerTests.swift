import HeirloomMedia
import Testing

@Suite struct PictureFuzzerTests {
    @Test(.timeLimit(.minutes(3)))
    func damagedPicturesAreReadOrRefusedAlike() throws {
        let folder = try StillFolder()
        var seeds: [UInt64] = []
        let report = try PictureFuzzer(folder: folder.path).run(seeds: 1..<301) { seeds.append($0) }
        #expect(seeds == Array(1..<301) && report.count == 300)
        #expect(report.disagreements.map(\.what) == [])
        // Damage that is always or never noticed would test little.
        #expect(report.read.count == 4 && (report.refused[.corrupt] ?? 0) > 50)
        #expect(try folder.names == [])
    }

    @Test func aSeedGivesTheSameFile() throws {
        let folder = try StillFolder()
        for seed: UInt64 in 1..<20 {
            let first = try stillBytes(of: PictureFuzzer(folder: folder.path).write(seed: seed).path)
            #expect(try stillBytes(of: PictureFuzzer(folder: folder.path).write(seed: seed).path) == first)
        }
    }
}
