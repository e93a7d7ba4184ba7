import HeirloomMedia
import Testing

@Suite struct StillRoundTripTests {
    static let sizes = [(1, 1), (3, 7), (7, 3), (64, 48), (1, 300)]

    @Test(arguments: [StillFormat.png, .tiff], StillImage.Channels.allCases)
    func losslessFormatsKeepEverySample(format: StillFormat, channels: StillImage.Channels) throws {
        let folder = try StillFolder()
        for depth in StillImage.Depth.allCases {
            for (width, height) in Self.sizes {
                let picture = stillPicture(width: width, height: height, channels: channels, depth: depth)
                let path = folder.file("a-\(depth)-\(width)x\(height).\(format.fileExtensions[0])")
                #expect(try StillWriter.write(picture, to: path) == [])
                let back = try StillReader.read(path)
                #expect(back.width == width && back.height == height)
                #expect(back.channels == channels && back.depth == depth && back.format == format)
                #expect(back.pixels == picture.pixels)
                #expect(back.notes == [])
            }
        }
    }

    @Test(arguments: [StillImage.Channels.rgb, .rgba])
    func losslessWebPKeepsEverySample(channels: StillImage.Channels) throws {
        for (width, height) in Self.sizes {
            let picture = stillPicture(width: width, height: height, channels: channels, depth: .eight)
            let (bytes, notes) = try StillWriter.encode(picture, as: .webp, options: .init(isLossless: true))
            let back = try StillReader.decode(bytes)
            #expect(notes == [])
            #expect(back.channels == channels && back.depth == .eight && back.format == .webp)
            #expect(back.pixels == picture.pixels)
        }
    }

    @Test(arguments: [StillImage.Channels.grey, .rgb])
    func jpegIsCloseAndKeepsItsChannels(channels: StillImage.Channels) throws {
        // A smooth picture: quality 95 keeps it within a few values; noise would say nothing.
        let (width, height) = (61, 43)
        let pixels = stillPixels(width: width, height: height) { x, y in
            (0..<channels.count).map { 3 * x + (1 + $0) * y / 2 }
        }
        let picture = StillImage(width: width, height: height, channels: channels, depth: .eight, pixels: pixels)
        let (bytes, notes) = try StillWriter.encode(picture, as: .jpeg)
        let back = try StillReader.decode(bytes)
        #expect(notes == [])
        #expect(back.channels == channels && back.width == width && back.height == height)
        // Quantisation at this quality moves a smooth sample by a few values.
        #expect(worstStillDifference(pixels, back.pixels) <= 6)
    }

    @Test(arguments: [(1, 1), (3, 7), (7, 3), (1, 300)])
    func smallJPEGsKeepTheirSize(width: Int, height: Int) throws {
        for channels in [StillImage.Channels.grey, .rgb] {
            let picture = stillPicture(width: width, height: height, channels: channels, depth: .eight)
            let back = try StillReader.decode(try StillWriter.encode(picture, as: .jpeg).bytes)
            #expect(back.width == width && back.height == height && back.channels == channels)
        }
    }

    @Test func chromaKeepsItsResolutionFromQuality90() throws {
        // Single red and blue columns: subsampled chroma would smear them into purple.
        let pixels = stillPixels(width: 16, height: 16) { x, _ in x % 2 == 0 ? [255, 0, 0] : [0, 0, 255] }
        let picture = StillImage(width: 16, height: 16, channels: .rgb, depth: .eight, pixels: pixels)
        func error(_ quality: Int) throws -> Int {
            let bytes = try StillWriter.encode(picture, as: .jpeg, options: .init(quality: quality)).bytes
            let back = try StillReader.decode(bytes).pixels
            var sum = 0
            for (one, other) in zip(pixels, back) { sum += abs(Int(one) - Int(other)) }
            return sum / pixels.count
        }
        #expect(try error(90) < 8)
        #expect(try error(89) > 40)
    }

    @Test func whatAFormatCannotHoldIsSaid() throws {
        let deep = stillPicture(width: 20, height: 10, channels: .rgb, depth: .sixteen)
        for format in [StillFormat.jpeg, .webp] {
            let (bytes, notes) = try StillWriter.encode(deep, as: format)
            #expect(notes.count == 1 && notes[0].contains("8 bit"))
            #expect(try StillReader.decode(bytes).depth == .eight)
        }
        let clear = StillImage(
            width: 2, height: 1, channels: .rgba, depth: .eight, pixels: [200, 0, 0, 255, 200, 0, 0, 0])
        let (bytes, notes) = try StillWriter.encode(clear, as: .jpeg, options: .init(quality: 100))
        #expect(notes.count == 1 && notes[0].contains("white"))
        let back = try StillReader.decode(bytes)
        #expect(back.channels == .rgb)
        #expect(abs(Int(back.pixels[0]) - 200) < 8 && back.pixels[1] < 8)
        #expect(back.pixels[3...].allSatisfy { $0 > 247 })
    }

    @Test func sixteenBitIsRoundedToTheNearest() throws {
        // 16-bit codes around every 8-bit code; WebP without loss shows what the reduction gave.
        let middle: UInt16 = 257 * 77
        let samples: [UInt16] = [
            0, 128, 129, 385, 386, 65_534, 65_535, 32_767, 32_768, middle, middle + 128, middle + 129,
        ]
        let picture = StillImage(width: 4, height: 1, channels: .rgb, samples: samples)
        let back = try StillReader.decode(
            try StillWriter.encode(picture, as: .webp, options: .init(isLossless: true)).bytes)
        #expect(back.pixels == samples.map { UInt8((Double($0) / 257).rounded()) })
    }

    @Test(arguments: [StillFormat.heic, .avif])
    func heifFormatsWorkOrSayWhyNot(format: StillFormat) throws {
        let pixels = stillPixels(width: 64, height: 48) { x, y in [3 * x, 4 * y, 100] }
        let picture = StillImage(width: 64, height: 48, channels: .rgb, depth: .eight, pixels: pixels)
        do {
            let bytes = try StillWriter.encode(picture, as: format).bytes
            let back = try StillReader.decode(bytes)
            #expect(back.format == format && back.width == 64 && back.height == 48)
            #expect(worstStillDifference(pixels, back.pixels) < 24)
        } catch {
            #expect(error.code == .unsupported, "\(error)")
        }
    }

    @Test func sidesBeyondTheFormatAreRefused() throws {
        let wide = StillImage(
            width: 16_384, height: 1, channels: .grey, depth: .eight, pixels: [UInt8](repeating: 9, count: 16_384))
        let error = #expect(throws: MediaError.self) { try StillWriter.encode(wide, as: .webp) }
        #expect(error?.code == .unsupported)
        #expect(error?.reason.contains("16383") == true)
        #expect(try StillReader.decode(try StillWriter.encode(wide, as: .png).bytes).width == 16_384)
    }
}
