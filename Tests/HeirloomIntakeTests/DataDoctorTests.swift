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
