import Foundation
import HeirloomDatasets
import HeirloomIntake
import HeirloomMedia
import Testing

private let small = IntakeOptions(shortSide: 64, smallestSide: 48, threads: 2)

@Suite struct DataDoctorTests {
    private func examine(_ inputs: [String], _ options: IntakeOptions = small) async throws -> DataReport {
        try await DataDoctor(inputs, options: options).run()
    }

    @Test("each kind of unusable file is named with its reason, and nothing is written")
    func reasons() async throws {
        let folder = try IntakeFolder()
        let scene = blotches(1, width: 160, height: 120)
        let whole = try folder.add(blotches(0), "a.jpg")
        try folder.add(scene, "b.jpg")
        try folder.add(toned(blotches(2), red: 1, green: 1, blue: 1), "c-grey.jpg")
        try folder.add(toned(blotches(3), red: 1.05, green: 0.95, blue: 0.75), "d-sepia.jpg")
        try folder.add(blotches(4, width: 60, height: 40), "e-small.jpg")
        try folder.add("no picture", "f-text.jpg")
        try Data(try Data(contentsOf: URL(fileURLWithPath: whole)).prefix(900))
            .write(to: URL(fileURLWithPath: folder.file("g-cut.jpg")))
        try folder.add("", "h-empty.jpg")
        try folder.add("", "i.tar.gz")
        try folder.add("", ".hidden.jpg")
        try folder.add("", "notes.txt")
        let before = try folder.names
        let report = try await examine([folder.path])
        let found = Dictionary(
            uniqueKeysWithValues: report.leftOut.map { ($0.path.split(separator: "/").last.map(String.init) ?? "", $0) }
        )
        #expect(
            found.mapValues(\.reason) == [
                "c-grey.jpg": .grey, "d-sepia.jpg": .toned, "e-small.jpg": .tooSmall, "f-text.jpg": .broken,
                "g-cut.jpg": .broken, "h-empty.jpg": .broken, "i.tar.gz": .archive,
            ])
        #expect(found["e-small.jpg"]?.detail == "its short side has 40 pixels, 48 are needed")
        #expect(found["h-empty.jpg"]?.detail.contains("empty") == true)
        #expect(report.usable == 2 && report.otherFiles == 1)
        #expect(
            report.verdict.hasPrefix(
                "2 of 8 pictures will be used; left out: 3 broken, 1 too small, 1 without colour, 1 of one tone, 1 archives."
            ), "\(report.verdict)")
        #expect(report.verdict.contains("That is few"))
        #expect(try folder.names == before)
    }

    @Test("copies are found after scaling, recompressing and mirroring; the first stays")
    func duplicates() async throws {
        let folder = try IntakeFolder()
        let scene = blotches(1, width: 160, height: 120)
        let first = try folder.add(scene, "a.png")
        try folder.add(scene, "b-poor.jpg", quality: 30)
        try folder.add(blotches(1, width: 96, height: 72), "c-small.jpg")
        try folder.add(mirrored(scene), "d-mirrored.jpg")
        try folder.add(blotches(2, width: 160, height: 120), "e-other.jpg")
        let report = try await examine([folder.path])
        #expect(report.usable == 2)
        #expect(report.leftOut.map(\.reason) == [.duplicate, .duplicate, .duplicate])
        #expect(report.leftOut.allSatisfy { $0.detail == "it shows the same as '\(first)'" })
        let all = try await examine(
            [folder.path], IntakeOptions(shortSide: 64, smallestSide: 48, leavesOutDuplicates: false))
        #expect(all.usable == 5)
    }

    @Test("the same shape in other colours is another picture")
    func recolored() async throws {
        let folder = try IntakeFolder()
        let shape = { (x: Double, y: Double) in 0.2 + 0.3 * (sin(9 * x) * cos(7 * y) + 1) }
        try folder.add(picture(width: 96, height: 96) { SIMD3(1.2, 0.6, 0.5) * shape($0, $1) }, "red.png")
        try folder.add(picture(width: 96, height: 96) { SIMD3(0.4, 0.75, 1.3) * shape($0, $1) }, "blue.png")
        let report = try await examine(
            [folder.path], IntakeOptions(shortSide: 64, smallestSide: 48, leavesOutGrey: false))
        #expect(report.usable == 2, "\(report.leftOut)")
    }

    @Test("distinct pictures are not taken for copies")
    func distinct() async throws {
        let folder = try IntakeFolder()
        for seed in 0..<40 { try folder.add(blotches(seed, width: 64, height: 64), "\(seed).png") }
        let report = try await examine([folder.path])
        #expect(report.usable == 40, "\(report.leftOut)")
        #expect(report.verdict.hasPrefix("All of 40 pictures will be used. That is few"))
    }

    @Test("a sky is no toned photograph, though it is all blue")
    func sky() async throws {
        let folder = try IntakeFolder()
        try folder.add(toned(blotches(3), red: 0.7, green: 0.9, blue: 1.2), "sky.jpg")
        #expect(try await examine([folder.path]).usable == 1)
    }

    @Test("grey and toned pictures are taken when asked")
    func greyAllowed() async throws {
        let folder = try IntakeFolder()
        try folder.add(toned(blotches(0), red: 1, green: 1, blue: 1), "grey.png")
        let report = try await examine(
            [folder.path], IntakeOptions(shortSide: 64, smallestSide: 48, leavesOutGrey: false))
        #expect(report.usable == 1)
    }

    @Test("inputs that cannot be searched are refused with advice")
    func refusals() async throws {
        let folder = try IntakeFolder()
        let archive = try folder.add("", "photos.tar")
        try folder.add("", "texts/a.txt")
        try folder.add("", "archives/a.zip")
        for (input, code, words) in [
            (folder.file("missing"), MediaError.Code.notFound, "there is no such file or folder"),
            (archive, .unsupported, "unpack it first"),
            (folder.file("texts"), .noPicture, "pictures are files that end in"),
            (folder.file("archives"), .noPicture, "unpack '\(folder.file("archives/a.zip"))' first"),
        ] {
            let error = await #expect(throws: MediaError.self) { try await examine([input]) }
            #expect(error?.code == code)
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
            #expect(error?.description.contains(input) == true)
        }
    }

    @Test(
        "a manifest that is no table is refused by name",
        arguments: ["name,group\na.jpg,people\n", "", "file,group\n\"a.jpg,people\n"])
    func badManifest(text: String) async throws {
        let folder = try IntakeFolder()
        try folder.add(blotches(0), "a.jpg")
        try folder.add(text, "manifest.csv")
        let error = await #expect(throws: MediaError.self) { try await examine([folder.path]) }
        #expect(error?.path == folder.file("manifest.csv"))
    }

    @Test("a manifest's missing pictures are counted, several manifests are joined, and files named alone use theirs")
    func manifests() async throws {
        let folder = try IntakeFolder()
        let file = try folder.add(blotches(0), "a.jpg")
        try folder.add(blotches(1), "b.jpg")
        try folder.add("file,group\n./a.jpg,people\ngone.jpg,people\n", "manifest-1.csv")
        try folder.add("group,license,file\nstreet,MIT,b.jpg\n", "Manifest-2.CSV")
        let report = try await examine([folder.path])
        #expect(report.groups == ["people": 1, "street": 1])
        #expect(report.sources.map(\.licence) == ["not stated", "MIT"])
        #expect(report.notes == ["The manifest in '\(folder.path)' lists 1 pictures that are not there."])
        #expect(report.otherFiles == 0)
        let alone = try await examine([file])
        #expect(alone.groups == ["people": 1] && alone.notes.isEmpty)
    }

    @Test("links to folders are not followed, and a file named twice counts once")
    func links() async throws {
        let folder = try IntakeFolder()
        let file = try folder.add(blotches(0), "photos/a.jpg")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("photos/round"), withDestinationPath: folder.file("photos"))
        let report = try await examine([folder.file("photos"), file])
        #expect(report.usable == 1 && report.count(.duplicate) == 1)
        #expect(report.notes == ["The link to a folder '\(folder.file("photos/round"))' was not followed."])
    }

    @Test("an examination keeps a sample of what is used and some of what is not, and draws them")
    func examination() async throws {
        let folder = try IntakeFolder()
        for seed in 0..<12 { try folder.add(blotches(seed, width: 96, height: 64), "good-\(seed).png") }
        for seed in 12..<17 { try folder.add(toned(blotches(seed), red: 1, green: 1, blue: 1), "grey-\(seed).png") }
        try folder.add("no picture", "broken.jpg")
        let doctor = DataDoctor([folder.path], options: small)
        let found = try await doctor.examine(sample: 5, leftOut: 3)
        #expect(found.report == (try await doctor.run()), "looking longer finds the same")
        #expect(found.report.usable == 12 && found.report.leftOut.count == 6)
        #expect(found.sample.count == 5 && found.sample.allSatisfy { $0.leftOut == nil && $0.picture != nil })
        #expect(found.leftOut.map(\.leftOut?.reason) == [.broken, .grey, .grey, .grey])
        #expect(found.leftOut[0].picture == nil, "a broken picture is shown as an empty field")
        let again = try await doctor.examine(sample: 5, leftOut: 3)
        #expect(again.sample.map(\.path) == found.sample.map(\.path), "the same choice every time")
        let layout = ContactSheet(cellWidth: 48, cellHeight: 32, gap: 4)
        let sheet = try #require(try found.sheet(layout, columns: 4))
        // Two rows of used pictures, one of the others; below each cell a name and a reason.
        let step = 32 + (2 * 9 + 2) * 2 + 4
        #expect(sheet.width == 4 + 4 * 52 && sheet.height == 4 + 3 * step)
        func pixel(_ x: Int, _ y: Int) -> [UInt8] {
            Array(sheet.pixels[3 * (y * sheet.width + x)..<3 * (y * sheet.width + x) + 3])
        }
        let red: [UInt8] = [214, 64, 46]
        #expect(pixel(4, 4) != red && pixel(4, 4 + 2 * step) == red)
        #expect(pixel(4 + 24, 4 + 2 * step + 16) == [72, 72, 72])
        let none = try await doctor.examine(sample: 0, leftOut: 0)
        #expect(try none.sheet() == nil)
    }

    @Test("every used picture has the same chance to be shown")
    func fairness() async throws {
        let folder = try IntakeFolder()
        for seed in 0..<30 { try folder.add(blotches(seed, width: 64, height: 64), "\(100 + seed).png") }
        let chosen = try await DataDoctor([folder.path], options: small).examine(sample: 10).sample.map(\.path)
        #expect(chosen == chosen.sorted() && Set(chosen).count == 10)
        // Ten of thirty by chance: all in one half would happen once in ten thousand draws.
        let late = chosen.count { $0.suffix(7).prefix(3) >= "115" }
        #expect((1...9).contains(late), "\(chosen)")
    }

    @Test("statistics are those of the files, not of the shrunk pictures, and lead to warnings")
    func statistics() async throws {
        let folder = try IntakeFolder()
        for seed in 0..<3 { try folder.add(blotches(seed, width: 300, height: 200), "\(seed).jpg") }
        try folder.add(blotches(9, width: 80, height: 90), "9.jpg")
        let report = try await examine([folder.path])
        let statistics = try #require(report.statistics)
        #expect(statistics.shortSide.largest == 200 && statistics.shortSide.smallest == 80)
        #expect(statistics.lying == 3 && statistics.upright == 1)
        #expect(report.warnings.contains { $0.hasPrefix("100 % of the pictures are smaller than 256") })
        let lines = report.lines()
        #expect(lines[0] == report.verdict)
        #expect(lines.contains { $0.hasPrefix("  short side  200 (80 to 200) pixels") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("warning: 100 %") })
    }

    @Test("a folder of black-and-white pictures is told what to do, and only so many are named")
    func blackAndWhite() async throws {
        let folder = try IntakeFolder()
        for seed in 0..<5 { try folder.add(toned(blotches(seed), red: 1, green: 1, blue: 1), "\(seed).png") }
        let lines = try await examine([folder.path]).lines(naming: 2)
        #expect(lines[0].hasPrefix("None of 5 pictures will be used; left out: 5 without colour."))
        #expect(lines.contains { $0.contains("heirloom colorize FOLDER") })
        #expect(lines.count { $0.hasPrefix("left out: ") } == 2 && lines.last == "… and 3 more")
    }

    @Test("a packed store is examined like the folder that it was made of")
    func store() async throws {
        let folder = try IntakeFolder()
        for seed in 0..<4 { try folder.add(blotches(seed, width: 96, height: 64), "photos/\(seed).png") }
        _ = try await Packer([folder.file("photos")], options: small).run(to: folder.file("x.pack"))
        let found = try DataExamination(storeAt: folder.file("x.pack"), sample: 2)
        #expect(found.report.usable == 4 && found.sample.count == 2 && found.leftOut.isEmpty)
        #expect(found.report.statistics?.shortSide.median == 64)
        #expect(found.report.sources.map(\.name) == ["photos"])
        #expect(try found.sheet() != nil)
    }

    @Test("a report survives JSON")
    func json() async throws {
        let folder = try IntakeFolder()
        try folder.add(blotches(0), "a.jpg")
        try folder.add("no picture", "b.jpg")
        let report = try await examine([folder.path])
        let back = try JSONDecoder().decode(DataReport.self, from: try JSONEncoder().encode(report))
        #expect(back == report && back.leftOut.count == 1)
    }
}
