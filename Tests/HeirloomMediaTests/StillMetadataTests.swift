import HeirloomMedia
import Testing

@Suite struct StillMetadataTests {
    static let xmp = Array(
        #"<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><r tiff:Orientation="1"/></x:xmpmeta>"#.utf8)

    @Test(arguments: [StillFormat.jpeg, .png, .webp], [true, false])
    func blocksSurviveByteForByte(format: StillFormat, littleEndian: Bool) throws {
        let metadata = StillMetadata(
            profile: try stillBytes(of: stillFixture("swapped.icc")),
            exif: cameraEXIF(orientation: 1, littleEndian: littleEndian), xmp: Self.xmp,
            resolution: .init(horizontal: 300 / 25.4, vertical: 300 / 25.4))
        let picture = stillPicture(width: 30, height: 20, channels: .rgb, depth: .eight, metadata: metadata)
        let (file, notes) = try StillWriter.encode(picture, as: format)
        let back = try StillReader.decode(file)
        #expect(notes == [])
        #expect(back.metadata.exif == metadata.exif)
        #expect(back.metadata.profile == metadata.profile)
        #expect(back.metadata.xmp == metadata.xmp)
        if format != .webp {
            // PNG counts whole pixels per metre.
            #expect(abs((back.metadata.resolution?.horizontal ?? 0) - 300 / 25.4) < 0.001)
        }
        // Once more, so that what was read is also what can be written.
        #expect(try StillReader.decode(try StillWriter.encode(back, as: format).bytes).metadata == back.metadata)
    }

    @Test func withoutMetadataNoneIsInvented() throws {
        let picture = stillPicture(width: 30, height: 20, channels: .rgb, depth: .eight)
        for format in [StillFormat.jpeg, .png, .webp, .tiff] {
            let back = try StillReader.decode(try StillWriter.encode(picture, as: format).bytes)
            #expect(back.metadata.exif == nil && back.metadata.profile == nil, "\(format)")
            #expect(back.metadata.xmp == nil && back.metadata.iptc == nil, "\(format)")
        }
    }

    @Test(arguments: [true, false])
    func tiffKeepsTheTags(littleEndian: Bool) throws {
        let metadata = StillMetadata(
            profile: try stillBytes(of: stillFixture("swapped.icc")),
            exif: cameraEXIF(orientation: 1, littleEndian: littleEndian), xmp: Self.xmp)
        let picture = stillPicture(width: 30, height: 20, channels: .rgb, depth: .sixteen, metadata: metadata)
        let (file, notes) = try StillWriter.encode(picture, as: .tiff)
        #expect(notes == [])
        let back = try StillReader.decode(file)
        #expect(back.pixels == picture.pixels)
        #expect(back.metadata.profile == metadata.profile && back.metadata.xmp == metadata.xmp)
        // TIFF has its own directories, so the block is made anew; the values are the same, order of bytes aside.
        let block = try #require(back.metadata.exif)
        for text in ["Boxcamera & sons\0", "1912:04:15 02:20:00\0"] {
            #expect(block.firstRange(of: Array(text.utf8)) != nil, "\(text)")
        }
        #expect(block.firstRange(of: [0xDE, 0xAD, 0xBE, 0xEF, 0, 1, 2, 3, 0xFF, 0xFF]) != nil)
        // From TIFF on, every format keeps this block byte for byte.
        let jpeg = try StillReader.decode(try StillWriter.encode(back.reduced, as: .jpeg).bytes)
        #expect(jpeg.metadata.exif == block)
        #expect(try StillReader.decode(try StillWriter.encode(back, as: .tiff).bytes).metadata.exif == block)
    }

    @Test func aScannersTagsAreRead() throws {
        let picture = try StillReader.read(stillFixture("tagged.tif"))
        #expect(picture.pixels == stillFixturePixels)
        let block = try #require(picture.metadata.exif)
        for text in ["a drawer of photographs\0", "Scanner works\0", "1999:12:31 23:59:59\0", "nobody\0"] {
            #expect(block.firstRange(of: Array(text.utf8)) != nil, "\(text)")
        }
        #expect(abs((picture.metadata.resolution?.horizontal ?? 0) * 25.4 - 300) < 0.01)
        #expect(try StillReader.probe(stillFixture("tagged.tif")).hasEXIF)
    }

    @Test func aGreyProfileOnColourIsLeftOutAndSaid() throws {
        let profile = try stillBytes(of: stillFixture("linear-grey.icc"))
        let metadata = StillMetadata(profile: profile)
        #expect(metadata.profileColorSpace == "GRAY")
        let grey = stillPicture(width: 4, height: 4, channels: .grey, depth: .eight, metadata: metadata)
        for format in [StillFormat.jpeg, .png, .tiff] {
            let (file, notes) = try StillWriter.encode(grey, as: format)
            #expect(notes == [])
            #expect(try StillReader.decode(file).metadata.profile == profile, "\(format)")
            let colored = grey.replacingPixels(
                channels: .rgb, depth: .eight, pixels: grey.pixels.flatMap { [$0, $0, $0] })
            let (other, said) = try StillWriter.encode(colored, as: format)
            #expect(said.count == 1 && said[0].contains("GRAY"))
            #expect(try StillReader.decode(other).metadata.profile == nil)
        }
    }

    @Test func aDamagedProfileIsLeftOutAndSaid() throws {
        let metadata = StillMetadata(profile: [1, 2, 3])
        let picture = stillPicture(width: 4, height: 4, channels: .rgb, depth: .eight, metadata: metadata)
        let (file, notes) = try StillWriter.encode(picture, as: .png)
        #expect(notes.count == 1 && notes[0].contains("damaged"))
        #expect(try StillReader.decode(file).metadata.profile == nil)
    }

    @Test func longBlocksAreLeftOutOfJPEGAndSaid() throws {
        var exif = cameraEXIF(orientation: 1, littleEndian: true)
        exif += [UInt8](repeating: 7, count: 70_000)
        let picture = stillPicture(
            width: 4, height: 4, channels: .rgb, depth: .eight,
            metadata: StillMetadata(exif: exif, xmp: Self.xmp + [UInt8](repeating: 0x20, count: 70_000)))
        let (file, notes) = try StillWriter.encode(picture, as: .jpeg)
        #expect(notes.count == 2)
        #expect(try StillReader.decode(file).metadata.exif == nil)
        let png = try StillWriter.encode(picture, as: .png)
        #expect(png.notes == [])
        #expect(try StillReader.decode(png.bytes).metadata.exif == exif)
    }

    @Test func removingTheThumbnailUnlinksItsDirectory() throws {
        for littleEndian in [true, false] {
            let exif = cameraEXIF(orientation: 1, littleEndian: littleEndian)
            let without = try #require(StillMetadata(exif: exif).removingThumbnail().exif)
            let link = 8 + 2 + 4 * 12
            #expect(without.count == exif.count)
            #expect(without[link..<link + 4].allSatisfy { $0 == 0 })
            #expect(without[..<link] == exif[..<link] && without[(link + 4)...] == exif[(link + 4)...])
        }
    }

    @Test func damagedEXIFDoesNotCostThePicture() throws {
        let sound = cameraEXIF(orientation: 6, littleEndian: true)
        for cut in stride(from: 8, to: sound.count, by: 5) {
            let picture = stillPicture(
                width: 9, height: 5, channels: .rgb, depth: .eight,
                metadata: StillMetadata(exif: Array(sound[..<cut])))
            for format in [StillFormat.jpeg, .png, .webp, .tiff] {
                let back = try StillReader.decode(try StillWriter.encode(picture, as: format).bytes)
                #expect(back.width * back.height == 45)
            }
        }
    }
}

extension StillImage {
    /// The high bytes alone: enough where only metadata is looked at.
    fileprivate var reduced: StillImage {
        let high = with16BitSamples { $0.map { UInt8($0 >> 8) } }
        return replacingPixels(channels: channels, depth: .eight, pixels: high)
    }
}
