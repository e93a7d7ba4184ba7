import HeirloomMedia
import Testing

@Suite struct StillOrientationTests {
    /// The samples of an upright RGB picture as a camera with this orientation tag stores them, by the EXIF
    /// specification's table of which side row 0 and column 0 are.
    private func stored(_ upright: [UInt8], width: Int, height: Int, orientation: Int) -> (StillImage, Bool) {
        let isTurned = orientation >= 5
        let (across, down) = isTurned ? (height, width) : (width, height)
        var pixels: [UInt8] = []
        for y in 0..<down {
            for x in 0..<across {
                let (column, row) =
                    switch orientation {
                    case 2: (width - 1 - x, y)  // row 0 top, column 0 right
                    case 3: (width - 1 - x, height - 1 - y)  // bottom, right
                    case 4: (x, height - 1 - y)  // bottom, left
                    case 5: (y, x)  // left, top
                    case 6: (width - 1 - y, x)  // right, top
                    case 7: (width - 1 - y, height - 1 - x)  // right, bottom
                    case 8: (y, height - 1 - x)  // left, bottom
                    default: (x, y)
                    }
                let at = (row * width + column) * 3
                pixels += upright[at..<at + 3]
            }
        }
        let metadata = StillMetadata(
            exif: cameraEXIF(orientation: orientation, littleEndian: orientation % 2 == 0),
            xmp: Array(#"<r tiff:Orientation="\#(orientation)"/>"#.utf8))
        return (
            StillImage(
                width: across, height: down, channels: .rgb, depth: .eight, pixels: pixels, metadata: metadata),
            isTurned
        )
    }

    @Test(arguments: 1...8)
    func picturesComeUpright(orientation: Int) throws {
        let upright = stillPicture(width: 5, height: 3, channels: .rgb, depth: .eight)
        let (camera, isTurned) = stored(upright.pixels, width: 5, height: 3, orientation: orientation)
        let folder = try StillFolder()
        for format in [StillFormat.png, .webp] {
            let path = folder.file("camera." + format.fileExtensions[0])
            _ = try StillWriter.write(camera, to: path, options: .init(isLossless: true))
            let info = try StillReader.probe(path)
            #expect(info.orientation == orientation)
            #expect(info.width == 5 && info.height == 3)
            let back = try StillReader.read(path)
            #expect(back.width == 5 && back.height == 3)
            #expect(back.pixels == upright.pixels, "\(format), turned \(isTurned)")

            // The tag says upright now, in EXIF and XMP, and nothing else has changed but the link to a thumbnail
            // that still lies on its side.
            var expected = try #require(camera.metadata.exif)
            if orientation != 1 {
                expected = cameraEXIF(orientation: 1, littleEndian: orientation % 2 == 0)
                expected = try #require(StillMetadata(exif: expected).removingThumbnail().exif)
            }
            #expect(back.metadata.exif == expected)
            #expect(back.metadata.xmp == Array(#"<r tiff:Orientation="1"/>"#.utf8))

            // Written and read again it stays as it is.
            let again = folder.file("again." + format.fileExtensions[0])
            _ = try StillWriter.write(back, to: again, options: .init(isLossless: true))
            #expect(try StillReader.probe(again).orientation == 1)
            #expect(try StillReader.read(again).pixels == upright.pixels)
        }
    }

    @Test(arguments: 1...8)
    func jpegsComeUpright(orientation: Int) throws {
        // Blocks of 16 pixels, each of one colour, so that compression does not blur which is where.
        let colors = [[250, 5, 5], [5, 250, 5], [5, 5, 250], [250, 250, 5], [5, 5, 5], [250, 250, 250]]
        let upright = stillPixels(width: 48, height: 32) { x, y in colors[y / 16 * 3 + x / 16] }
        let (camera, _) = stored(upright, width: 48, height: 32, orientation: orientation)
        let folder = try StillFolder()
        let path = folder.file("camera.jpg")
        _ = try StillWriter.write(camera, to: path)
        for back in [try StillReader.read(path), try StillReader.thumbnail(path, shortSide: 32)] {
            #expect(back.width == 48 && back.height == 32)
            #expect(worstStillDifference(upright, back.pixels) < 16)
        }
    }

    @Test(arguments: 1...8)
    func tiffsComeUpright(orientation: Int) throws {
        let path = stillFixture("orientation-\(orientation).tif")
        #expect(try StillReader.probe(path).orientation == orientation)
        let back = try StillReader.read(path)
        #expect(back.width == 8 && back.height == 6)
        #expect(back.pixels == stillFixturePixels)
        let small = try StillReader.thumbnail(path, shortSide: 6)
        #expect(small.pixels == stillFixturePixels)
    }
}
