import Foundation
import HeirloomMedia
import Testing

@Suite struct StillWriterTests {
    private let picture = stillPicture(width: 6, height: 5, channels: .rgb, depth: .eight)

    private func code(_ path: String, inputs: [String] = [], overwrite: Bool = false) -> MediaError.Code? {
        do {
            _ = try StillWriter.write(picture, to: path, inputs: inputs, overwrite: overwrite)
            return nil
        } catch {
            #expect(error.description.contains("'\(path)'"))
            return error.code
        }
    }

    @Test func wrongTargetsAreRefusedAndLeaveNothing() throws {
        let folder = try StillFolder()
        let kept = try folder.write([1, 2, 3], as: "kept.png")
        #expect(code(kept) == .exists)
        #expect(code(kept, inputs: [kept], overwrite: true) == .sameFile)
        try FileManager.default.createSymbolicLink(atPath: folder.file("link.png"), withDestinationPath: kept)
        #expect(code(folder.file("link.png"), inputs: [kept], overwrite: true) == .sameFile)
        #expect(code(folder.path) == .exists || code(folder.path) == .isDirectory)
        #expect(code(folder.file("no/such/folder.png")) == .notWritable)
        #expect(code(folder.file("kept.png/below.png")) == .notWritable)
        #expect(code(folder.file("strange.xyz")) == .unsupported)
        #expect(code(folder.file("no ending")) == .unsupported)
        #expect(try stillBytes(of: kept) == [1, 2, 3])
        #expect(try folder.names == ["kept.png", "link.png"])
    }

    @Test(.disabled(if: geteuid() == 0, "permissions do not bind the superuser"))
    func aReadOnlyFolderIsRefused() throws {
        let folder = try StillFolder()
        chmod(folder.path, 0o555)
        defer { chmod(folder.path, 0o755) }
        #expect(code(folder.file("a.png")) == .notWritable)
    }

    @Test func overwritingReplacesTheWholeFile() throws {
        let folder = try StillFolder()
        let path = try folder.write([UInt8](repeating: 9, count: 100_000), as: "a.png")
        #expect(code(path, overwrite: true) == nil)
        #expect(try StillReader.read(path).pixels == picture.pixels)
        #expect(try folder.names == ["a.png"])
    }

    @Test func namesTellTheFormat() {
        #expect(StillFormat(path: "a/b.JPG") == .jpeg)
        #expect(StillFormat(path: "photo.scan.tiff") == .tiff)
        #expect(StillFormat(path: "folder.png/photo") == nil)
        #expect(StillFormat(path: "photo") == nil)
        #expect(StillFormat(path: "photo.gif") == nil)
        for format in StillFormat.allCases {
            for ending in format.fileExtensions { #expect(StillFormat(path: "x." + ending) == format) }
        }
    }

    @Test func misuseTraps() async {
        await #expect(processExitsWith: .failure) { _ = StillWriteOptions(quality: 0) }
        await #expect(processExitsWith: .failure) {
            _ = StillImage(width: 2, height: 2, channels: .rgb, depth: .eight, pixels: [1, 2, 3])
        }
        await #expect(processExitsWith: .failure) {
            stillPicture(width: 1, height: 1, channels: .grey, depth: .eight).with16BitSamples { _ in }
        }
    }
}
