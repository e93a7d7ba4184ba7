import Foundation
@testable import HeirloomDatasets
import HeirloomTensors
import TestSupport
import Testing

/// A clip for tests: a ramp that starts at a number of its own.
struct TestClip {
    var count: Int
    var start = 0
    var rate = 16_000
    var family = "ada"
    var source = PackedMetadata.Source(name: "spoken", licence: "CC0")

    var samples: [Int16] { (0..<count).map { Int16((start + $0) % 30_000) } }
}

extension TemporaryFolder {
    /// A store of such clips in the folder.
    func soundStore(_ clips: [TestClip], name: String = "test.sound") throws -> SoundStore {
        let writer = try SoundStoreWriter(path: file(name))
        for (index, clip) in clips.enumerated() {
            try writer.append(
                clip.samples, sampleRate: clip.rate, name: "clip-\(index).wav", family: clip.family, source: clip.source
            )
        }
        try writer.finish()
        return try SoundStore(contentsOf: file(name))
    }
}

@Suite struct SoundStoreTests {
    private let clips = [
        TestClip(count: 5, start: 7), TestClip(count: 100, start: 1000, rate: 48_000, family: "bob"),
        TestClip(count: 1, source: .init(name: "other", licence: "GPL-2")), TestClip(count: 33, family: "bob"),
    ]

    @Test func whatIsWrittenIsRead() throws {
        let folder = try TemporaryFolder()
        let store = try folder.soundStore(clips)
        #expect(store.count == 4)
        for (index, clip) in clips.enumerated() {
            #expect(store.withSamples(of: index) { Array($0) } == clip.samples)
            #expect(store.entries[index].sampleRate == clip.rate)
            #expect(store.familyName(of: index) == clip.family)
            #expect(store.metadata.sources[store.entries[index].source].name == clip.source.name)
        }
        #expect(store.metadata.sources.map(\.count) == [3, 1])
        #expect(store.metadata.names == (0..<4).map { "clip-\($0).wav" })
        expectClose(store.clip(0), Tensor((7..<12).map { Float($0) / 32768 }), absolute: 1e-7)
        #expect(abs(store.duration - (39.0 / 16_000 + 100.0 / 48_000)) < 1e-12)
        #expect(folder.names == ["test.sound"])
    }

    @Test func storesOfPicturesAndOfSoundAreNotConfused() throws {
        let folder = try TemporaryFolder()
        _ = try folder.store([TestPicture(width: 8, height: 8)], name: "pictures.pack")
        _ = try folder.soundStore(clips, name: "sound.store")
        let error = #expect(throws: DatasetError.self) { try SoundStore(contentsOf: folder.file("pictures.pack")) }
        #expect(error?.reason.contains("does not hold recordings") == true)
        #expect(throws: DatasetError.self) { try PackedStore(contentsOf: folder.file("sound.store")) }
    }

    @Test func nothingToPackLeavesNothing() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: DatasetError.self) { _ = try folder.soundStore([]) }
        #expect(error?.code == .tooSmall)
        #expect(folder.names.isEmpty)
    }

    /// Every byte of header, index and metadata, in turn, made 255: an error or a store that can be read to its last
    /// sample, never a crash.
    @Test func noSingleByteCrashes() throws {
        let folder = try TemporaryFolder()
        _ = try folder.soundStore(clips)
        let whole = [UInt8](try Data(contentsOf: URL(filePath: folder.file("test.sound"))))
        let index = whole[24..<32].reversed().reduce(0) { $0 << 8 | Int($1) }
        var refused = 0
        for place in Array(0..<64) + Array(index..<index + 128) {
            var bytes = whole
            bytes[place] = 255
            let path = try folder.write(bytes, to: "byte.sound")
            do {
                let store = try SoundStore(contentsOf: path)
                for index in 0..<store.count { _ = store.withSamples(of: index) { $0.last } }
            } catch is DatasetError {
                refused += 1
            }
        }
        #expect(refused > 80)
    }

    @Test func aCutFileIsRefused() throws {
        let folder = try TemporaryFolder()
        _ = try folder.soundStore(clips)
        let whole = [UInt8](try Data(contentsOf: URL(filePath: folder.file("test.sound"))))
        for length in [0, 5, 63, 64, 80, whole.count / 2, whole.count - 1] {
            let path = try folder.write(Array(whole.prefix(length)), to: "cut.sound")
            let error = #expect(throws: DatasetError.self) { try SoundStore(contentsOf: path) }
            #expect(error?.code == .invalidStore, "\(length) bytes")
        }
    }

    @Test func overlappingClipsAreRefused() throws {
        let folder = try TemporaryFolder()
        _ = try folder.soundStore(clips)
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: folder.file("test.sound"))))
        let index = bytes[24..<32].reversed().reduce(0) { $0 << 8 | Int($1) }
        bytes.replaceSubrange(index + 32..<index + 40, with: bytes[index..<index + 8])
        let path = try folder.write(bytes, to: "overlap.sound")
        let error = #expect(throws: DatasetError.self) { try SoundStore(contentsOf: path) }
        #expect(error?.reason.contains("overlap") == true)
    }
}
