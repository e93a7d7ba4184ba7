import HeirloomMedia
import Testing

/// Kinds of files that the writer does not make itself; see `Tests/Fixtures/stills/make.py`.
@Suite struct StillKindTests {
    @Test(arguments: ["palette.png", "palette.tif", "two-pages.tif", "two-frames.webp"])
    func palettesAndFirstPages(name: String) throws {
        let picture = try StillReader.read(stillFixture(name))
        #expect(picture.channels == .rgb && picture.depth == .eight)
        #expect(picture.pixels == stillFixturePixels)
        let pages = name.hasPrefix("two") ? 2 : 1
        #expect(try StillReader.probe(stillFixture(name)).pageCount == pages)
        #expect(picture.notes == (pages == 2 ? ["only the first of 2 pages was read"] : []))
    }

    @Test(arguments: ["one-bit.png", "one-bit.tif"])
    func singleBitsBecomeBlackAndWhite(name: String) throws {
        let picture = try StillReader.read(stillFixture(name))
        #expect(picture.channels == .grey && picture.depth == .eight)
        let expected = (0..<48).map { UInt8(30 * ($0 % 8) + 2 * ($0 / 8) > 120 ? 255 : 0) }
        #expect(picture.pixels == expected)
    }

    @Test(arguments: ["cmyk-64x64.jpg", "cmyk.tif", "lab.tif"])
    func cmykAndLabBecomeSRGB(name: String) throws {
        let picture = try StillReader.read(stillFixture(name))
        #expect(picture.channels == .rgb && picture.depth == .eight)
        #expect(picture.notes.count == 1 && picture.notes[0].contains("sRGB"))
        #expect(picture.metadata.profile == nil)
        // Pillow made CMYK as 255 − RGB, which is no press; only which channel is strong can be compared.
        let corner = picture.pixels[..<3].map { Int($0) }
        #expect(corner[2] > corner[0] + 60, "top left is blue")
        let right = picture.pixels[(picture.width * 3 - 3)..<picture.width * 3].map { Int($0) }
        #expect(right[0] > corner[0] + 60, "red grows to the right")
    }

    @Test(arguments: ["float.tif", "int32.tif"])
    func otherSamplesAreRefused(name: String) {
        for read in [{ try StillReader.read($0) }, { try StillReader.thumbnail($0, shortSide: 4) }]
            as [(String) throws -> StillImage]
        {
            let error = #expect(throws: MediaError.self) { _ = try read(stillFixture(name)) }
            #expect(error?.code == .unsupported)
            #expect(error?.reason.contains("32-bit") == true)
        }
    }

    @Test func progressiveJPEGIsReadAsAnyOther() throws {
        let picture = try StillReader.read(stillFixture("progressive-64x64.jpg"))
        #expect(picture.width == 64 && picture.channels == .rgb)
        #expect(abs(Int(picture.pixels[2]) - 255) < 10 && picture.pixels[0] < 10)
    }

    @Test func profilesAreApplied() throws {
        let swapped = StillMetadata(profile: try stillBytes(of: stillFixture("swapped.icc")))
        for depth in StillImage.Depth.allCases {
            let one = UInt16(depth.maximum)
            let samples = [one, 0, 0, 0, one, 0, 0, 0, one, one, one, one, one / 2, 0, 0]
            let picture =
                depth == .sixteen
                ? StillImage(width: 5, height: 1, channels: .rgb, samples: samples, metadata: swapped)
                : StillImage(
                    width: 5, height: 1, channels: .rgb, depth: .eight, pixels: samples.map(UInt8.init),
                    metadata: swapped)
            let converted = try picture.convertedToSRGB()
            #expect(converted.metadata.profile == nil && converted.depth == depth)
            let expected = [0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 0.5]
            let result =
                depth == .sixteen
                ? converted.with16BitSamples { $0.map { Double($0) / 65_535 } }
                : converted.pixels.map { Double($0) / 255 }
            // The profile's curve is 2.2 and sRGB's is not quite, and its numbers have four digits.
            for (got, wanted) in zip(result, expected) { #expect(abs(got - wanted) < 0.03, "\(result)") }
        }
    }

    @Test func greyProfilesAreAppliedAndGreyStaysGrey() throws {
        let linear = StillMetadata(profile: try stillBytes(of: stillFixture("linear-grey.icc")))
        let picture = StillImage(
            width: 3, height: 1, channels: .greyAlpha, depth: .eight, pixels: [0, 10, 55, 128, 255, 255],
            metadata: linear)
        let converted = try picture.convertedToSRGB()
        #expect(converted.channels == .greyAlpha && converted.metadata.profile == nil)
        // 55/255 of the light is 128 in sRGB.
        let wanted: [Int] = [0, 10, 128, 128, 255, 255]
        for (got, wanted) in zip(converted.pixels, wanted) { #expect(abs(Int(got) - wanted) <= 2) }
        // WebP stores no grey, so the profile has to be applied on the way.
        let (bytes, notes) = try StillWriter.encode(picture, as: .webp, options: .init(isLossless: true))
        #expect(notes.count == 1)
        let back = try StillReader.decode(bytes)
        #expect(back.channels == .rgba && back.metadata.profile == nil)
        #expect(abs(Int(back.pixels[4]) - 128) <= 2 && back.pixels[7] == 128)
    }

    @Test func aProfileForOtherSamplesIsLeftOutAndSaid() throws {
        for name in ["linear-grey.icc", "swapped.icc"] {
            let metadata = StillMetadata(profile: try stillBytes(of: stillFixture(name)))
            let picture = stillPicture(
                width: 4, height: 4, channels: name == "swapped.icc" ? .grey : .rgb, depth: .eight,
                metadata: metadata)
            let converted = try picture.convertedToSRGB()
            #expect(converted.pixels == picture.pixels)
            #expect(converted.notes.count == 1 && converted.metadata.profile == nil)
        }
    }
}
