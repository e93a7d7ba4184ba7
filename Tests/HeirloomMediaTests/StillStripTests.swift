import Foundation
@testable import HeirloomMedia
import Testing

/// What ``StillStripReader`` and ``StillStripWriter`` do is what the readers and writers of whole pictures do.
@Suite struct StillStripTests {
    static let formats = [StillFormat.png, .jpeg, .tiff, .webp]

    /// Writes a picture in strips of these heights, over and over.
    private func write(
        _ picture: StillImage, to path: String, strips: [Int], options: StillWriteOptions = .init()
    ) throws -> [String] {
        let writer = try StillStripWriter(path: path, layout: StillLayout(picture), options: options)
        var row = 0
        var turn = 0
        while row < picture.height {
            let rows = min(strips[turn % strips.count], picture.height - row)
            try writer.write(strip(of: picture, rows: row..<row + rows))
            row += rows
            turn += 1
        }
        return try writer.finish()
    }

    private func strip(of picture: StillImage, rows: Range<Int>) -> StillImage {
        let bytes = StillLayout(picture).bytesPerRow
        return StillImage(
            width: picture.width, height: rows.count, channels: picture.channels, depth: picture.depth,
            pixels: Array(picture.pixels[rows.lowerBound * bytes..<rows.upperBound * bytes]))
    }

    private func read(_ path: String, rows: Int) throws -> (pixels: [UInt8], reader: StillStripReader) {
        let reader = try StillStripReader(path: path)
        var pixels: [UInt8] = []
        while let strip = try reader.read(rows: rows) {
            #expect(strip.width == reader.layout.width && strip.height <= rows)
            #expect(strip.channels == reader.layout.channels && strip.depth == reader.layout.depth)
            pixels += strip.pixels
        }
        #expect(try reader.read(rows: rows) == nil)
        return (pixels, reader)
    }

    @Test(arguments: formats, StillImage.Channels.allCases)
    func theFileIsTheOneOfWholePictures(format: StillFormat, channels: StillImage.Channels) throws {
        let folder = try StillFolder()
        for depth in StillImage.Depth.allCases {
            for (width, height, strips) in [(1, 1, [1]), (37, 211, [1, 50, 3]), (300, 70, [64]), (5, 40, [1000])] {
                let picture = stillPicture(width: width, height: height, channels: channels, depth: depth)
                let ending = format.fileExtensions[0]
                let (whole, parts) = (folder.file("whole.\(ending)"), folder.file("parts.\(ending)"))
                let notes = try StillWriter.write(picture, to: whole, overwrite: true)
                try? FileManager.default.removeItem(atPath: parts)
                #expect(try write(picture, to: parts, strips: strips) == notes)
                #expect(try stillBytes(of: parts) == stillBytes(of: whole), "\(depth) \(width)×\(height)")
                let (pixels, reader) = try read(parts, rows: 17)
                let back = try StillReader.read(whole)
                #expect(pixels == back.pixels)
                #expect(reader.layout == StillLayout(back) && reader.notes == back.notes)
            }
        }
        #expect(try folder.names.count == 2)
    }

    @Test(arguments: formats, [true, false])
    func metadataGoesAlong(format: StillFormat, isGrey: Bool) throws {
        let folder = try StillFolder()
        let profile = try stillBytes(of: stillFixture(isGrey ? "linear-grey.icc" : "swapped.icc"))
        let metadata = StillMetadata(
            profile: profile, exif: cameraEXIF(orientation: 1, littleEndian: isGrey), xmp: StillMetadataTests.xmp,
            resolution: .init(horizontal: 300 / 25.4, vertical: 300 / 25.4))
        let picture = stillPicture(
            width: 61, height: 47, channels: isGrey ? .greyAlpha : .rgba, depth: .sixteen, metadata: metadata)
        let ending = format.fileExtensions[0]
        let (whole, parts) = (folder.file("whole.\(ending)"), folder.file("parts.\(ending)"))
        let notes = try StillWriter.write(picture, to: whole)
        #expect(try write(picture, to: parts, strips: [8]) == notes)
        #expect(try stillBytes(of: parts) == stillBytes(of: whole))
        let (pixels, reader) = try read(parts, rows: 5)
        let back = try StillReader.read(whole)
        #expect(pixels == back.pixels && reader.layout == StillLayout(back) && reader.notes == back.notes)
        #expect(reader.layout.metadata.exif != nil && reader.layout.metadata.xmp != nil)
    }

    @Test(arguments: 1...8)
    func everyOrientationIsMadeUpright(orientation: Int) throws {
        let folder = try StillFolder()
        let path = stillFixture("orientation-\(orientation).tif")
        #expect(try read(path, rows: 4).pixels == stillFixturePixels)
        let camera = stillPicture(
            width: 23, height: 31, channels: .rgb, depth: .eight,
            metadata: StillMetadata(exif: cameraEXIF(orientation: orientation, littleEndian: true)))
        for format in Self.formats {
            let path = folder.file("camera.\(format.fileExtensions[0])")
            _ = try StillWriter.write(camera, to: path)
            let whole = try StillReader.read(path)
            let (pixels, reader) = try read(path, rows: 3)
            #expect(pixels == whole.pixels && reader.layout == StillLayout(whole), "\(format)")
        }
    }

    static let kinds = [
        "palette.png", "palette.tif", "two-pages.tif", "two-frames.webp", "one-bit.png", "one-bit.tif",
        "cmyk-64x64.jpg", "cmyk.tif", "lab.tif", "progressive-64x64.jpg", "noise-64x64.jpg", "tagged.tif",
        "big.tif", "tiled.tif", "interlaced.png",
    ]

    @Test(arguments: kinds)
    func otherKindsAreReadAlike(name: String) throws {
        let whole = try StillReader.read(stillFixture(name))
        let (pixels, reader) = try read(stillFixture(name), rows: 7)
        #expect(pixels == whole.pixels && reader.layout == StillLayout(whole) && reader.notes == whole.notes)
    }

    @Test func whatIsRefusedWholeIsRefusedInStrips() throws {
        let folder = try StillFolder()
        for name in ["float.tif", "int32.tif", "animated.gif", "bomb.png"] {
            let whole = #expect(throws: MediaError.self) { _ = try StillReader.read(stillFixture(name)) }
            let strips = #expect(throws: MediaError.self) { _ = try StillStripReader(path: stillFixture(name)) }
            #expect(whole?.code == strips?.code, "\(name)")
        }
        #expect(throws: MediaError.self) { _ = try StillStripReader(path: folder.file("missing.png")) }
        let path = stillFixture("tagged.tif")
        let small = #expect(throws: MediaError.self) {
            _ = try StillStripReader(path: path, limits: StillLimits(maximumPixels: 47))
        }
        #expect(small?.code == .tooLarge)
        _ = try StillStripReader(path: path, limits: StillLimits(maximumPixels: 48))
    }

    /// Pictures that cannot be read row by row keep the limit of whole ones, before anything is decoded.
    @Test(arguments: ["progressive-64x64.jpg", "interlaced.png", "two-frames.webp", "orientation-6.tif"])
    func whatIsHeldWholeKeepsItsLimit(name: String) throws {
        let pixels = try StillReader.probe(stillFixture(name)).width * StillReader.probe(stillFixture(name)).height
        _ = try StillStripReader(path: stillFixture(name), wholeLimit: StillLimits(maximumPixels: pixels))
        let error = #expect(throws: MediaError.self) {
            _ = try StillStripReader(path: stillFixture(name), wholeLimit: StillLimits(maximumPixels: pixels - 1))
        }
        #expect(error?.code == .tooLarge)
        for name in ["tiled.tif", "noise-64x64.jpg", "palette.png", "orientation-2.tif"] {
            _ = try StillStripReader(path: stillFixture(name), wholeLimit: StillLimits(maximumPixels: 1))
        }
    }

    @Test(arguments: formats)
    func whatIsCutOffFailsAndStaysFailed(format: StillFormat) throws {
        let folder = try StillFolder()
        let picture = stillPicture(width: 120, height: 90, channels: .rgb, depth: .eight)
        let file = try StillWriter.encode(picture, as: format).bytes
        for share in [0.02, 0.3, 0.5, 0.8, 0.95] {
            let cut = Array(file[..<Int(Double(file.count) * share)])
            let path = try folder.write(cut, as: "cut.\(share).\(format.fileExtensions[0])")
            let error = #expect(throws: MediaError.self) { _ = try read(path, rows: 16) }
            #expect(error?.code == .corrupt && error?.path == path, "\(format) at \(share)")
            guard let reader = try? StillStripReader(path: path) else { continue }
            #expect(throws: MediaError.self) { while try reader.read(rows: 10) != nil {} }
            #expect(throws: MediaError.self) { _ = try reader.read(rows: 10) }
        }
    }

    @Test func wrongTargetsAreRefusedBeforeWork() throws {
        let folder = try StillFolder()
        let kept = try folder.write([1, 2, 3], as: "kept.png")
        func code(_ path: String, width: Int = 9, inputs: [String] = [], overwrite: Bool = false) -> MediaError.Code? {
            let layout = StillLayout(width: width, height: 5, channels: .rgb, depth: .eight)
            do {
                _ = try StillStripWriter(path: path, layout: layout, inputs: inputs, overwrite: overwrite)
                return nil
            } catch {
                #expect(error.description.contains("'\(path)'"))
                return error.code
            }
        }
        #expect(code(kept) == .exists)
        #expect(code(kept, inputs: [kept], overwrite: true) == .sameFile)
        #expect(code(folder.file("no/such/folder.png")) == .notWritable)
        #expect(code(folder.file("strange.xyz")) == .unsupported)
        #expect(code(folder.file("wide.jpg"), width: 65_501) == .unsupported)
        #expect(code(folder.file("wide.webp"), width: 16_384) == .unsupported)
        #expect(code(folder.file("wide.png"), width: 65_501) == nil)
        #expect(try folder.names == ["kept.png"], "what was begun and dropped is gone")
    }

    @Test(arguments: formats)
    func droppingRemovesWhatWasWritten(format: StillFormat) throws {
        let folder = try StillFolder()
        let picture = stillPicture(width: 200, height: 300, channels: .rgb, depth: .eight)
        for rows in [0, 1, 150, 300] {
            let writer = try StillStripWriter(
                path: folder.file("a.\(format.fileExtensions[0])"), layout: StillLayout(picture))
            if rows > 0 { try writer.write(strip(of: picture, rows: 0..<rows)) }
            #expect(try folder.names.count == 1)
        }
        #expect(try folder.names == [])
    }

    @Test func aFileThatAppearsMeanwhileIsKept() throws {
        let folder = try StillFolder()
        let picture = stillPicture(width: 8, height: 8, channels: .rgb, depth: .eight)
        let writer = try StillStripWriter(path: folder.file("a.png"), layout: StillLayout(picture))
        try writer.write(picture)
        _ = try folder.write([7], as: "a.png")
        let error = #expect(throws: MediaError.self) { _ = try writer.finish() }
        #expect(error?.code == .exists)
        #expect(try stillBytes(of: folder.file("a.png")) == [7])
    }

    /// A limit on the size of files stands in for a full disk.
    @Test func whatCannotBeStoredIsSaidAndLeavesNothing() async {
        await #expect(processExitsWith: .success) {
            let folder = try StillFolder()
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4096, rlim_max: .max)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let picture = stillPicture(width: 100, height: 900, channels: .rgb, depth: .eight)
            for format in StillStripTests.formats {
                let path = folder.file("a.\(format.fileExtensions[0])")
                do {
                    let writer = try StillStripWriter(path: path, layout: StillLayout(picture))
                    for row in 0..<9 {
                        let rows = picture.pixels[row * 30_000..<(row + 1) * 30_000]
                        try writer.write(
                            StillImage(
                                width: 100, height: 100, channels: .rgb, depth: .eight, pixels: Array(rows)))
                    }
                    _ = try writer.finish()
                    exit(2)
                } catch let error as MediaError {
                    guard error.code == .writeFailed, error.path == path, error.reason.contains("no file of this size")
                    else {
                        exit(3)
                    }
                }
                guard try folder.names == [] else { exit(4) }
            }
        }
    }

    @Test func misuseTraps() async {
        await #expect(processExitsWith: .failure) {
            let folder = try StillFolder()
            let layout = StillLayout(width: 4, height: 4, channels: .rgb, depth: .eight)
            _ = try StillStripWriter(path: folder.file("a.png"), layout: layout).finish()
        }
        await #expect(processExitsWith: .failure) {
            let folder = try StillFolder()
            let layout = StillLayout(width: 4, height: 4, channels: .rgb, depth: .eight)
            let strip = stillPicture(width: 4, height: 5, channels: .rgb, depth: .eight)
            try StillStripWriter(path: folder.file("a.png"), layout: layout).write(strip)
        }
    }

    /// A reader and a writer at work in one thread while others read sound and damaged files: nobody waits for ever.
    @Test(.timeLimit(.minutes(1)))
    func stripsGoOnBesideFailures() async throws {
        let folder = try StillFolder()
        let picture = stillPicture(width: 90, height: 400, channels: .rgb, depth: .eight)
        let file = try StillWriter.encode(picture, as: .png).bytes
        let sound = try folder.write(file, as: "sound.png")
        let cut = try folder.write(Array(file[..<(file.count / 2)]), as: "cut.png")
        let targets = (0..<6).map { folder.file("copy-\($0).png") }
        try await withThrowingTaskGroup { group in
            for target in targets {
                group.addTask {
                    let reader = try StillStripReader(path: sound)
                    let writer = try StillStripWriter(path: target, layout: reader.layout)
                    while let strip = try reader.read(rows: 9) {
                        #expect(throws: MediaError.self) { try StillReader.read(cut) }
                        try writer.write(strip)
                    }
                    #expect(try writer.finish() == [])
                    #expect(try stillBytes(of: target) == file)
                }
            }
            try await group.waitForAll()
        }
    }
}
