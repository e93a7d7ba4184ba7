import Foundation
import HeirloomDatasets
import HeirloomIntake
import HeirloomMedia
import Synchronization
import Testing

/// Options for pictures as small as tests make them.
private let small = IntakeOptions(shortSide: 64, smallestSide: 48, threads: 3)

@Suite struct PackerTests {
    @Test("what was packed is read back: sizes, pixels, names, groups, origins, in the order of the names")
    func roundTrip() async throws {
        let folder = try IntakeFolder()
        // PNG, and already of the short side wanted, so pixels must pass unchanged.
        let pictures = (0..<3).map { blotches($0, width: 80, height: 64) }
        try folder.add(pictures[1], "photos/b.png")
        try folder.add(pictures[0], "photos/a.png")
        try folder.add(pictures[2], "photos/sub/a.png")
        try folder.add("notes", "photos/readme.txt")
        try folder.add(
            "\u{FEFF}File,group,licence,source\r\na.png,\"people, \"\"old\"\"\",CC0-1.0,album\r\nsub/a.png,street,,\r\n",
            "photos/manifest.csv")
        let report = try await Packer([folder.file("photos")], options: small).run(to: folder.file("x.pack"))
        let store = try PackedStore(contentsOf: folder.file("x.pack"))
        #expect(store.metadata.pictures.map(\.name) == ["a.png", "b.png", "sub/a.png"])
        #expect((0..<3).map { store.groupName(of: $0) } == ["people, \"old\"", nil, "street"])
        #expect(
            store.metadata.sources == [
                .init(name: "album", licence: "CC0-1.0", count: 1),
                .init(name: "photos", licence: "not stated", count: 1),
                .init(name: "sub", licence: "not stated", count: 1),
            ])
        for (index, picture) in pictures.enumerated() {
            #expect(store.entries[index].width == 80 && store.entries[index].height == 64)
            #expect(store.withPixels(of: index) { Array($0) } == picture.pixels, "picture \(index)")
        }
        #expect(report.usable == 3 && report.leftOut.isEmpty && report.otherFiles == 1 && report.notes.isEmpty)
        #expect(report.sources == store.metadata.sources)
        #expect(report.groups == ["people, \"old\"": 1, "street": 1])
    }

    @Test("the same pictures make the same bytes, whatever the number of threads and wherever they lie")
    func isDeterministic() async throws {
        var stores: [Data] = []
        for threads in [1, 4] {
            let folder = try IntakeFolder()
            for seed in 0..<9 { try folder.add(blotches(seed), "photos/\(seed).jpg") }
            let options = IntakeOptions(shortSide: 64, smallestSide: 48, threads: threads)
            _ = try await Packer([folder.file("photos/")], options: options).run(to: folder.file("x.pack"))
            stores.append(try Data(contentsOf: URL(fileURLWithPath: folder.file("x.pack"))))
        }
        #expect(stores[0] == stores[1] && !stores[0].isEmpty)
    }

    @Test(
        "large pictures are shrunk to the short side, long ones cut around the middle, small ones kept",
        arguments: [
            (400, 300, 85, 64), (300, 400, 64, 85), (600, 200, 90, 64), (200, 600, 64, 90), (66, 50, 66, 50),
        ])
    func sizes(width: Int, height: Int, keptWidth: Int, keptHeight: Int) async throws {
        let folder = try IntakeFolder()
        // Red at both ends of the long side, blue in the middle: a cut that is not centred shows.
        let picture = picture(width: width, height: height) { x, y in
            let along = width > height ? x : y
            let red = abs(along - 0.5) * 2
            return SIMD3(red, 0.3 + 0.1 * sin(20 * y), 1 - red)
        }
        try folder.add(picture, "p.png")
        _ = try await Packer([folder.file("p.png")], options: small).run(to: folder.file("x.pack"))
        let store = try PackedStore(contentsOf: folder.file("x.pack"))
        let entry = store.entries[0]
        #expect((entry.width, entry.height) == (keptWidth, keptHeight))
        let ends = store.withPixels(of: 0) { [Int($0[0]), Int($0[$0.count - 3])] }
        #expect(abs(ends[0] - ends[1]) <= 3, "the cut is centred: red \(ends)")
    }

    @Test("a target that is there is refused before reading, replaced when asked, and a folder never")
    func overwriting() async throws {
        let folder = try IntakeFolder()
        try folder.add(blotches(0), "photos/a.jpg")
        let target = try folder.add("mine", "x.pack")
        let packer = Packer([folder.file("photos")], options: small)
        let error = await #expect(throws: MediaError.self) { try await packer.run(to: target) }
        #expect(error?.code == .exists)
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine")
        _ = try await packer.run(to: target, overwrite: true)
        #expect(try PackedStore(contentsOf: target).count == 1)
        let other = await #expect(throws: MediaError.self) {
            try await packer.run(to: folder.file("photos"), overwrite: true)
        }
        #expect(other?.code == .isDirectory)
        #expect(try folder.names == ["photos", "x.pack"])
    }

    @Test("a collection without one usable picture fails, says why, and leaves no file")
    func nothingUsable() async throws {
        let folder = try IntakeFolder()
        try folder.add(toned(blotches(0), red: 1, green: 1, blue: 1), "photos/grey.jpg")
        try folder.add("not a picture", "photos/text.jpg")
        let error = await #expect(throws: MediaError.self) {
            try await Packer([folder.file("photos")], options: small).run(to: folder.file("x.pack"))
        }
        #expect(error?.code == .noPicture)
        #expect(error?.description.contains("None of 2 pictures") == true, "\(String(describing: error))")
        #expect(error?.description.contains("grey.jpg") == true)
        #expect(try folder.names == ["photos"])
    }

    @Test("stopping in the middle throws CancellationError and leaves no file", arguments: [true, false])
    func stopping(byTask: Bool) async throws {
        let folder = try IntakeFolder()
        for seed in 0..<12 { try folder.add(blotches(seed), "photos/\(seed).jpg") }
        let seen = Mutex(0)
        let packer = Packer([folder.file("photos")], options: small)
        let target = folder.file("x.pack")
        let task = Task {
            try await packer.run(
                to: target, shouldStop: { !byTask && seen.withLock { $0 } >= 3 },
                progress: { completed, total in
                    seen.withLock { $0 = completed }
                    #expect(total == 12)
                    if byTask && completed == 3 { withUnsafeCurrentTask { $0?.cancel() } }
                })
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(seen.withLock { $0 } == 3)
        #expect(try folder.names == ["photos"])
    }

    @Test("progress counts every picture once, also those left out")
    func progress() async throws {
        let folder = try IntakeFolder()
        for seed in 0..<4 { try folder.add(blotches(seed), "photos/\(seed).jpg") }
        try folder.add("broken", "photos/2b.jpg")
        let calls = Mutex<[[Int]]>([])
        _ = try await Packer([folder.file("photos")], options: small).run(
            to: folder.file("x.pack"),
            progress: { completed, total in calls.withLock { $0.append([completed, total]) } })
        #expect(calls.withLock { $0 } == (0...5).map { [$0, 5] })
    }

    @Test("more pictures than the queues hold pass in order")
    func manyPictures() async throws {
        let folder = try IntakeFolder()
        let count = 60
        for seed in 0..<count { try folder.add(blotches(seed, width: 64, height: 64), "photos/\(100 + seed).png") }
        let options = IntakeOptions(shortSide: 64, smallestSide: 48, leavesOutDuplicates: false, threads: 2)
        _ = try await Packer([folder.file("photos")], options: options).run(to: folder.file("x.pack"))
        let store = try PackedStore(contentsOf: folder.file("x.pack"))
        try #require(store.count == count)
        for seed in 0..<count {
            #expect(store.withPixels(of: seed) { Array($0) } == blotches(seed, width: 64, height: 64).pixels)
        }
    }

    @Test("labels come from the manifest or from a folder named after a class, never from a bare number")
    func labels() async throws {
        let folder = try IntakeFolder()
        for (seed, name) in ["a.png", "class-207/b.png", "class-3-fox/c.png", "07/d.png", "class-x/e.png"].enumerated()
        {
            try folder.add(blotches(seed, width: 64, height: 64), name)
        }
        try folder.add("file,label\na.png,281\nclass-3-fox/c.png,4\n07/d.png,dog\n", "manifest.csv")
        _ = try await Packer([folder.path], options: IntakeOptions(shortSide: 64, smallestSide: 32))
            .run(to: folder.file("x.pack"))
        let store = try PackedStore(contentsOf: folder.file("x.pack"))
        let labels = Dictionary(
            uniqueKeysWithValues: store.entries.enumerated().map {
                (store.metadata.pictures[$0.offset].name, $0.element.label)
            })
        #expect(
            labels == [
                "a.png": 281, "class-207/b.png": 207, "class-3-fox/c.png": 4, "07/d.png": nil, "class-x/e.png": nil,
            ])
    }
}
