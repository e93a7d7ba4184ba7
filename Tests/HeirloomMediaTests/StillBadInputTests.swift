import Foundation
import HeirloomMedia
import Testing

@Suite struct StillBadInputTests {
    private func code(_ path: String, limits: StillLimits = .standard) -> MediaError.Code? {
        do {
            _ = try StillReader.read(path, limits: limits)
            return nil
        } catch {
            // One sentence that names the file and ends once.
            #expect(error.path == path)
            #expect(error.description.contains("'\(path)'"))
            #expect(error.description.hasSuffix(".") && !error.description.contains("\n"))
            return error.code
        }
    }

    @Test func whatIsNoPicture() throws {
        let folder = try StillFolder()
        #expect(code(folder.file("missing.jpg")) == .notFound)
        #expect(code(folder.path) == .isDirectory)
        #expect(code(try folder.write([], as: "empty.jpg")) == .empty)
        #expect(code(try folder.write(Array("dear diary".utf8), as: "text.jpg")) == .noPicture)
        #expect(code(try folder.write([0, 1, 2, 3, 4, 5, 6, 7, 8], as: "bytes.png")) == .noPicture)
        let film = Array("\0\0\0\u{18}ftypisom\0\0\0\0isommp41".utf8)
        #expect(code(try folder.write(film, as: "film.jpg")) == .noPicture)
        #expect(code(stillFixture("animated.gif")) == .noPicture)
        #expect(code(stillFixture("windows.bmp")) == .noPicture)
        let error = #expect(throws: MediaError.self) { try StillReader.read(folder.file("text.jpg")) }
        #expect(error?.reason.contains("a text") == true)
        let none = #expect(throws: MediaError.self) { try StillReader.decode([]) }
        #expect(none?.code == .empty)
    }

    @Test(arguments: [StillFormat.jpeg, .png, .tiff, .webp])
    func whatIsCutOffFailsWherever(format: StillFormat) throws {
        let folder = try StillFolder()
        let picture = stillPicture(
            width: 120, height: 90, channels: .rgb, depth: .eight,
            metadata: StillMetadata(exif: cameraEXIF(orientation: 1, littleEndian: true)))
        let file = try StillWriter.encode(picture, as: format).bytes
        for share in [0.02, 0.1, 0.3, 0.5, 0.8, 0.95] {
            let cut = Array(file[..<Int(Double(file.count) * share)])
            let path = try folder.write(cut, as: "cut.\(share).\(format.fileExtensions[0])")
            #expect(code(path) == .corrupt, "\(format) at \(share)")
            let error = #expect(throws: MediaError.self) { try StillReader.decode(cut) }
            #expect(error?.code == .corrupt)
            #expect(throws: MediaError.self) { try StillReader.thumbnail(path, shortSide: 80) }
        }
    }

    /// No prefix of a file and no flipped byte may crash; what decodes must have the right shape.
    @Test(arguments: [StillFormat.jpeg, .png, .tiff, .webp])
    func damageNeverCrashes(format: StillFormat) throws {
        let picture = stillPicture(
            width: 24, height: 18, channels: .rgb, depth: .eight,
            metadata: StillMetadata(exif: cameraEXIF(orientation: 6, littleEndian: true), xmp: Array("<x/>".utf8)))
        let file = try StillWriter.encode(picture, as: format).bytes
        var failures = 0
        for index in stride(from: 0, to: file.count, by: max(1, file.count / 150)) {
            var damaged = file
            damaged[index] ^= 0xA5
            do {
                let image = try StillReader.decode(damaged, limits: StillLimits(maximumPixels: 1 << 20))
                #expect(image.pixels.count == image.width * image.height * image.channels.count * image.depth.bytes)
            } catch {
                failures += 1
                #expect([.corrupt, .noPicture, .tooLarge, .unsupported].contains(error.code), "\(error)")
            }
        }
        #expect(failures > 0)
    }

    /// JPEG can be decoded past damage, and is; but not silently.
    @Test func damageInTheMiddleIsSaid() throws {
        let sound = try stillBytes(of: stillFixture("noise-64x64.jpg"))
        #expect(try StillReader.decode(sound).notes == [])
        for index in stride(from: 1000, to: sound.count - 2, by: 500) {
            var damaged = sound
            damaged.replaceSubrange(index..<index + 2, with: [0xFF, 0xD3])  // a marker that has no business here
            let picture = try StillReader.decode(damaged)
            #expect(picture.width == 64)
            #expect(picture.notes.count == 1 && picture.notes[0].contains("Corrupt JPEG data"))
        }
    }

    @Test func aBombIsRefusedByItsHeader() throws {
        #expect(code(stillFixture("bomb.png")) == .tooLarge)
        #expect(try StillReader.probe(stillFixture("bomb.png")).width == 60_000)
        let error = #expect(throws: MediaError.self) {
            try StillReader.thumbnail(stillFixture("bomb.png"), shortSide: 100)
        }
        #expect(error?.code == .tooLarge)
        let path = stillFixture("tagged.tif")
        #expect(code(path, limits: StillLimits(maximumPixels: 47)) == .tooLarge)
        #expect(code(path, limits: StillLimits(maximumPixels: 48)) == nil)
    }

    /// 1 GB in a chunk of text is refused before libpng makes room for it.
    @Test func aChunkLongerThanTheFileIsRefused() throws {
        let sound = try StillWriter.encode(stillPicture(width: 6, height: 5, channels: .rgb, depth: .eight), as: .png)
        let pixels = try #require(sound.bytes.firstRange(of: Array("IDAT".utf8))).lowerBound - 4
        for place in [33, pixels, sound.bytes.count - 12] {
            var file = sound.bytes
            file.insert(contentsOf: [0x40, 0, 0, 0] + Array("zTXt".utf8), at: place)
            let error = #expect(throws: MediaError.self) { try StillReader.decode(file) }
            #expect(error?.code == .corrupt && error?.reason.contains("1073741824 bytes") == true)
        }
        // A file that is cut off amid its pixels still has a header to show.
        let folder = try StillFolder()
        let cut = try folder.write(Array(sound.bytes[..<(pixels + 20)]), as: "cut.png")
        #expect(try StillReader.probe(cut).width == 6)
    }

    /// A failure in the last rows is a failure every time: libvips' threads lose one now and then.
    @Test func damageAtTheEndIsNeverMissed() throws {
        let picture = stillPicture(width: 58, height: 3, channels: .rgb, depth: .eight)
        let file = try StillWriter.encode(picture, as: .png).bytes
        let cut = Array(file[..<(file.count - 40)])
        for _ in 0..<300 {
            #expect(throws: MediaError.self) { try StillReader.decode(cut) }
        }
    }

    static let names = [
        "with spaces.png", "Grüße aus Köln.png", "фото 写真 🎞️.png", "-rf.png", "brackets[page=1].png",
        "ends in [1]", "percent%20s%n.png", "quote'\".png", "semi;colon$HOME.png", ".hidden.png", "UPPER.PNG",
    ]

    @Test(arguments: names)
    func namesAreTakenLiterally(name: String) throws {
        let folder = try StillFolder()
        let picture = stillPicture(width: 6, height: 5, channels: .rgb, depth: .eight)
        let path = folder.file(name)
        if name.lowercased().hasSuffix(".png") {
            _ = try StillWriter.write(picture, to: path)
        } else {
            _ = try folder.write(try StillWriter.encode(picture, as: .png).bytes, as: name)
        }
        #expect(try folder.names == [name])
        #expect(try StillReader.read(path).pixels == picture.pixels)
        #expect(try StillReader.probe(path).width == 6)
        #expect(try StillReader.thumbnail(path, shortSide: 64).pixels == picture.pixels)
    }

    @Test func theContentDecidesNotTheName() throws {
        let folder = try StillFolder()
        let picture = stillPicture(width: 6, height: 5, channels: .rgb, depth: .eight)
        let path = try folder.write(try StillWriter.encode(picture, as: .png).bytes, as: "really a png.jpg")
        #expect(try StillReader.read(path).format == .png)
    }

    /// Sound and damaged files side by side: each error must speak of its own file.
    @Test func errorsDoNotMixBetweenThreads() async throws {
        let folder = try StillFolder()
        let picture = stillPicture(width: 60, height: 40, channels: .rgb, depth: .eight)
        var paths: [(String, StillFormat?)] = []
        for format in [StillFormat.jpeg, .png, .tiff, .webp] {
            let file = try StillWriter.encode(picture, as: format).bytes
            let half = Array(file[..<(file.count / 2)])
            paths.append((try folder.write(file, as: "sound.\(format)"), nil))
            paths.append((try folder.write(half, as: "cut.\(format)"), format))
        }
        await withTaskGroup { group in
            for index in 0..<160 {
                let (path, broken) = paths[index % paths.count]
                group.addTask {
                    do throws(MediaError) {
                        _ = try StillReader.read(path)
                        #expect(broken == nil)
                    } catch {
                        #expect(broken != nil && error.path == path)
                        #expect(!error.reason.contains("no reason was given"), "\(error)")
                        for other in ["JPEG", "png", "tiff", "WebP"] where other.lowercased() != broken?.rawValue {
                            #expect(!error.reason.contains(other), "\(error)")
                        }
                    }
                }
            }
        }
    }
}
