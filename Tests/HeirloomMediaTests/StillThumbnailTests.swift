import HeirloomMedia
import Testing

@Suite struct StillThumbnailTests {
    @Test(arguments: [(400, 300), (300, 400), (333, 77), (128, 128)], [StillFormat.jpeg, .png, .tiff, .webp])
    func theShortSideIsAsAsked(size: (Int, Int), format: StillFormat) throws {
        let folder = try StillFolder()
        let path = folder.file("a." + format.fileExtensions[0])
        let (width, height) = size
        let picture = stillPicture(width: width, height: height, channels: .rgb, depth: .eight)
        _ = try StillWriter.write(picture, to: path)
        let small = try StillReader.thumbnail(path, shortSide: 64)
        #expect(min(small.width, small.height) == 64)
        let wanted = Double(max(width, height)) * 64 / Double(min(width, height))
        #expect(abs(Double(max(small.width, small.height)) - wanted) <= 1)
        #expect((small.width < small.height) == (width < height))
        #expect(small.channels == .rgb && small.depth == .eight)
    }

    @Test func nothingIsEnlarged() throws {
        let folder = try StillFolder()
        let path = folder.file("a.png")
        let picture = stillPicture(width: 9, height: 5, channels: .rgb, depth: .eight)
        _ = try StillWriter.write(picture, to: path)
        let small = try StillReader.thumbnail(path, shortSide: 64)
        #expect(small.width == 9 && small.height == 5)
        #expect(small.pixels == picture.pixels)
    }

    @Test(arguments: StillImage.Channels.allCases, StillImage.Depth.allCases)
    func everyKindBecomes8BitRGB(channels: StillImage.Channels, depth: StillImage.Depth) throws {
        let folder = try StillFolder()
        let path = folder.file("a.png")
        // One flat, opaque colour: what it must come out as is known.
        let sample: [UInt16] = channels.isGrey ? [180] : [180, 90, 30]
        let pixel = sample + (channels.hasAlpha ? [255] : [])
        let samples = (0..<40 * 30).flatMap { _ in pixel }
        let picture =
            depth == .eight
            ? StillImage(
                width: 40, height: 30, channels: channels, depth: .eight, pixels: samples.map(UInt8.init))
            : StillImage(width: 40, height: 30, channels: channels, samples: samples.map { $0 * 257 })
        _ = try StillWriter.write(picture, to: path)
        let small = try StillReader.thumbnail(path, shortSide: 10)
        #expect(small.channels == .rgb && small.depth == .eight)
        let wanted = channels.isGrey ? [180, 180, 180] : [180, 90, 30]
        for (index, value) in small.pixels.enumerated() { #expect(abs(Int(value) - wanted[index % 3]) <= 1) }
    }

    @Test func theEmbeddedProfileIsApplied() throws {
        let folder = try StillFolder()
        let path = folder.file("a.jpg")
        let metadata = StillMetadata(profile: try stillBytes(of: stillFixture("swapped.icc")))
        let red = stillPixels(width: 64, height: 64) { _, _ in [255, 0, 0] }
        _ = try StillWriter.write(
            StillImage(width: 64, height: 64, channels: .rgb, depth: .eight, pixels: red, metadata: metadata), to: path)
        let small = try StillReader.thumbnail(path, shortSide: 8)
        #expect(small.metadata.profile == nil)
        for index in stride(from: 0, to: small.pixels.count, by: 3) {
            #expect(small.pixels[index] < 12 && small.pixels[index + 1] < 12 && small.pixels[index + 2] > 243)
        }
    }
}
