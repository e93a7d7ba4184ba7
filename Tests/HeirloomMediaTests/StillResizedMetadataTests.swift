import Testing

@testable import HeirloomMedia

@Suite struct StillResizedMetadataTests {
    /// A block with every place that states a size, and a preview's directory.
    private func block(littleEndian: Bool, width: Int, height: Int) -> [UInt8] {
        func number(_ tag: UInt16, _ type: UInt16, _ value: Int) -> TIFFDirectory.Entry {
            .init(
                tag: tag, type: type, count: 1,
                value: TIFFBytes.encode(value, bytes: type == 3 ? 2 : 4, littleEndian: littleEndian))
        }
        let maker = TIFFDirectory.Entry(tag: 0x010F, type: 2, count: 10, value: Array("Boxcamera\0".utf8))
        let camera = TIFFDirectory(
            entries: [number(0xA002, 3, width), number(0xA003, 4, height), number(0xA001, 3, 1)], children: [:])
        let directory = TIFFDirectory(
            entries: [number(0x0100, 3, width), number(0x0101, 3, height), maker], children: [0x8769: camera])
        let header: [UInt8] = littleEndian ? [0x49, 0x49, 0x2A, 0] : [0x4D, 0x4D, 0, 0x2A]
        // A preview's directory that lies nowhere: only the link to it matters.
        return header + TIFFBytes.encode(8, bytes: 4, littleEndian: littleEndian)
            + directory.serialized(at: 8, next: 4000, littleEndian: littleEndian)
    }

    private func values(_ block: [UInt8]?) throws -> [UInt16: Int] {
        let source = try #require(block.flatMap { TIFFBytes($0) })
        let directory = try #require(TIFFDirectory(source))
        let all = directory.entries + (directory.children[0x8769]?.entries ?? [])
        return Dictionary(
            uniqueKeysWithValues: all.filter { $0.type != 2 }.map {
                ($0.tag, TIFFBytes.decode($0.value[...], littleEndian: source.littleEndian))
            })
    }

    @Test(arguments: [true, false], [(400, 300), (80_000, 60_000)])
    func tagsOfSizeSayTheNewOne(littleEndian: Bool, size: (Int, Int)) throws {
        let before = StillMetadata(
            profile: [1], exif: block(littleEndian: littleEndian, width: 200, height: 150),
            resolution: .init(horizontal: 12, vertical: 12))
        let after = before.resized(width: size.0, height: size.1)
        #expect(
            try values(after.exif) == [
                0x0100: size.0, 0x0101: size.1, 0xA001: 1, 0xA002: size.0, 0xA003: size.1,
            ])
        let old = try #require(before.exif)
        let new = try #require(after.exif)
        #expect(new.count == old.count && new.firstRange(of: Array("Boxcamera\0".utf8)) != nil)
        #expect(after.profile == before.profile && after.resolution == before.resolution)
        // The preview shows the old picture: unlinked.
        let link = 8 + 2 + 4 * 12
        #expect(new[link..<link + 4].allSatisfy { $0 == 0 } && !old[link..<link + 4].allSatisfy { $0 == 0 })
        #expect(
            StillLayout(width: 200, height: 150, channels: .rgb, depth: .eight, metadata: before)
                .resized(width: size.0, height: size.1).metadata == after)
    }

    @Test func xmpSaysTheNewOneToo() {
        let packet =
            #"<r tiff:ImageWidth="200" exif:PixelXDimension='200'><tiff:ImageLength>150</tiff:ImageLength>"#
            + #"<exif:PixelYDimension>150</exif:PixelYDimension><a tiff:ImageWidths="200"/></r>"#
        let expected =
            #"<r tiff:ImageWidth="1600" exif:PixelXDimension='1600'><tiff:ImageLength>1200"#
            + #"</tiff:ImageLength><exif:PixelYDimension>1200</exif:PixelYDimension><a tiff:ImageWidths="200"/></r>"#
        let resized = StillMetadata(xmp: Array(packet.utf8)).resized(width: 1600, height: 1200)
        #expect(String(decoding: resized.xmp ?? [], as: UTF8.self) == expected)
        #expect(StillMetadata().resized(width: 5, height: 5) == StillMetadata())
    }

    @Test func damagedBlocksAreLeftAlone() {
        let sound = block(littleEndian: true, width: 20, height: 10)
        for cut in 0..<sound.count {
            let damaged = StillMetadata(exif: Array(sound[..<cut])).resized(width: 9_000_000, height: 1)
            #expect(damaged.exif?.count == cut)
        }
    }

    // MARK: BigTIFF

    @Test func aBigFilesTagsAreRead() throws {
        let picture = try StillReader.read(stillFixture("big.tif"))
        #expect(picture.pixels == stillFixturePixels)
        let block = try #require(picture.metadata.exif)
        for text in ["Boxcamera & sons\0", "1912:04:15 02:20:00\0"] {
            #expect(block.firstRange(of: Array(text.utf8)) != nil, "\(text)")
        }
        #expect(block.firstRange(of: [0xDE, 0xAD, 0xBE, 0xEF, 1]) != nil)
        #expect(try StillReader.probe(stillFixture("big.tif")).hasEXIF)
    }

    @Test(arguments: [true, false])
    func tagsAreAddedToABigFile(littleEndian: Bool) throws {
        let file = try stillBytes(of: stillFixture("big.tif"))
        let exif = cameraEXIF(orientation: 1, littleEndian: littleEndian)
        let added = try #require(TIFFTags.adding(exif, to: file))
        let picture = try StillReader.decode(added)
        #expect(picture.pixels == stillFixturePixels)
        let block = try #require(picture.metadata.exif)
        // The position is new; maker and date were there and stay.
        #expect(block.firstRange(of: Array("Boxcamera & sons\0".utf8)) != nil)
        let directory = try #require(TIFFBytes(block).flatMap { TIFFDirectory($0) })
        #expect(directory.children[0x8825]?.entries.map(\.tag) == [1])
        #expect(directory.children[0x8769]?.entries.count == 2)
    }

    @Test func damageInABigFileNeverCrashes() throws {
        let file = try stillBytes(of: stillFixture("big.tif"))
        let exif = cameraEXIF(orientation: 1, littleEndian: true)
        for index in file.indices {
            for value: UInt8 in [0, 0x7F, 0xFF] {
                var damaged = file
                damaged[index] = value
                _ = try? StillReader.decode(damaged, limits: StillLimits(maximumPixels: 1 << 16))
                _ = TIFFTags.adding(exif, to: damaged)
            }
            _ = TIFFTags.adding(exif, to: Array(file[..<index]))
        }
    }
}
