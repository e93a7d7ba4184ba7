import Foundation
import HeirloomDatasets
import HeirloomTensors
import TestSupport
import Testing

@Suite struct PackedStoreTests {
    private let folder: TemporaryFolder
    private let film = PackedMetadata.Source(name: "film \"scans\"", licence: "CC-BY 4.0 / überall")

    init() throws { folder = try TemporaryFolder() }

    private var pictures: [TestPicture] {
        [
            TestPicture(width: 5, height: 3, group: "people", label: 7), TestPicture(width: 1, height: 1),
            TestPicture(width: 64, height: 2, group: "street", source: film),
            TestPicture(width: 2, height: 70, group: "people", label: 0, source: film),
        ]
    }

    @Test func whatIsWrittenIsRead() throws {
        let store = try folder.store(pictures)
        #expect(store.count == 4)
        for (index, picture) in pictures.enumerated() {
            let entry = store.entries[index]
            #expect(entry.width == picture.width && entry.height == picture.height && entry.label == picture.label)
            #expect(store.groupName(of: index) == picture.group)
            let bytes = store.withPixels(of: index) { Array($0) }
            #expect(bytes == picture.pixels(blue: index))
            let expected = Tensor(bytes, shape: [picture.height, picture.width, 3]).transposed([2, 0, 1])
            expectEqual(store.picture(index), expected)
        }
    }

    @Test func originsAndGroupsAreCounted() throws {
        let metadata = try folder.store(pictures).metadata
        #expect(metadata.groups == ["people", "street"])
        #expect(metadata.sources.map(\.name) == ["painted", film.name])
        #expect(metadata.sources.map(\.licence) == ["public domain", film.licence])
        #expect(metadata.sources.map(\.count) == [2, 2])
        #expect(metadata.pictures.map(\.name) == (0..<4).map { "picture-\($0).png" })
        #expect(metadata.pictures.map(\.source) == [0, 0, 1, 1])
    }

    @Test func theSamePicturesGiveTheSameBytes() throws {
        try writeStore(pictures, to: folder.file("a"))
        try writeStore(pictures, to: folder.file("b"))
        let contents = try ["a", "b"].map { [UInt8](try Data(contentsOf: URL(filePath: folder.file($0)))) }
        #expect(contents[0] == contents[1])
        // Pictures lie at multiples of 64 bytes, and the file ends with the metadata.
        #expect(contents[0].starts(with: Array("HEIRPACK".utf8)) && contents[0].last == UInt8(ascii: "}"))
    }

    @Test func anUnfinishedStoreLeavesNothing() throws {
        do {
            let writer = try PackedStoreWriter(path: folder.file("half.pack"))
            try [UInt8](repeating: 1, count: 3).withUnsafeBytes {
                try writer.append(pixels: $0, width: 1, height: 1, name: "one", source: film)
            }
            #expect(writer.count == 1 && folder.names.count == 1 && !folder.names.contains("half.pack"))
        }
        #expect(folder.names == [])
    }

    @Test func aStoreWithoutPicturesIsRefused() throws {
        let writer = try PackedStoreWriter(path: folder.file("none.pack"))
        let error = #expect(throws: DatasetError.self) { try writer.finish() }
        #expect(error?.code == .tooSmall && error?.path == folder.file("none.pack"))
    }

    @Test func aFolderThatDoesNotExistIsNamed() {
        let path = folder.file("nowhere/x.pack")
        let writing = #expect(throws: DatasetError.self) { _ = try PackedStoreWriter(path: path) }
        #expect(writing?.code == .inaccessible && writing?.description.contains(path) == true)
        let reading = #expect(throws: DatasetError.self) { _ = try PackedStore(contentsOf: path) }
        #expect(reading?.code == .inaccessible && reading?.description.contains(path) == true)
        let aFolder = #expect(throws: DatasetError.self) { _ = try PackedStore(contentsOf: folder.path) }
        #expect(aFolder?.code == .inaccessible)
    }

    @Test func tooFewBytesTrap() async {
        await #expect(processExitsWith: .failure) {
            let writer = try PackedStoreWriter(path: TemporaryFolder().file("x"))
            try [UInt8](repeating: 0, count: 11).withUnsafeBytes {
                try writer.append(pixels: $0, width: 2, height: 2, name: "", source: .init(name: "", licence: ""))
            }
        }
    }

    @Test(arguments: [0.0, 0.1, 0.25, 0.9])
    func aSplitIsDisjointAndWhole(fraction: Double) throws {
        let store = try folder.store(Array(repeating: TestPicture(width: 1, height: 1), count: 20))
        let split = try store.split(validation: fraction, seed: 3)
        #expect(split.validation.count == Int((20 * fraction).rounded()))
        #expect(Set(split.training).isDisjoint(with: split.validation))
        #expect((split.training + split.validation).sorted() == Array(0..<20))
        let again = try store.split(validation: fraction, seed: 3)
        #expect(again.validation == split.validation)
        let others = try (4..<9).map { try store.split(validation: fraction, seed: $0).validation }
        #expect(fraction == 0 || others.contains { $0 != split.validation })
    }

    @Test func aSplitThatLeavesNothingIsRefused() throws {
        let store = try folder.store([TestPicture(width: 1, height: 1)])
        let error = #expect(throws: DatasetError.self) { _ = try store.split(validation: 0.9) }
        #expect(error?.code == .tooSmall && error?.path == folder.file("test.pack"))
    }
}
