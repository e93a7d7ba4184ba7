import Foundation
import HeirloomMedia
import Testing

@Suite("Damaged sound files")
struct SoundFuzzerTests {
    @Test("they are read or refused, alike in large and odd pieces", .timeLimit(.minutes(3)))
    func alike() throws {
        let lab = try SoundLab()
        var seeds: [UInt64] = []
        let report = try SoundFuzzer(folder: lab.lab.folder).run(seeds: 1..<81) { seeds.append($0) }
        #expect(seeds == Array(1..<81))
        #expect(report.count == 80)
        #expect(report.disagreements.map(\.what) == [])
        // Damage that is always or never noticed would test little.
        #expect(report.read.count > 6)
        #expect(report.refused.values.reduce(0, +) > 5)
        #expect(try FileManager.default.contentsOfDirectory(atPath: lab.lab.folder).isEmpty)
    }

    @Test("a seed gives the same file")
    func reproducible() throws {
        let lab = try SoundLab()
        for seed: UInt64 in 1..<30 {
            let path = try SoundFuzzer(folder: lab.lab.folder).write(seed: seed).path
            let first = FileManager.default.contents(atPath: path)
            _ = try SoundFuzzer(folder: lab.lab.folder).write(seed: seed)
            #expect(FileManager.default.contents(atPath: path) == first, "seed \(seed): \(path)")
        }
    }
}
