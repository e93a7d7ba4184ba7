import Foundation
import HeirloomDatasets
import HeirloomIntake
import HeirloomMedia
import HeirloomTensors
import Testing

@Suite struct ContactSheetTests {
    private func plain(_ width: Int, _ height: Int, _ color: SIMD3<Double>) -> StillImage {
        picture(width: width, height: height) { _, _ in color }
    }

    private func pixel(_ image: StillImage, _ x: Int, _ y: Int) -> [UInt8] {
        let start = 3 * (y * image.width + x)
        return Array(image.pixels[start..<start + 3])
    }

    @Test("pictures lie in their cells, keep their shape, and are centred")
    func layout() throws {
        let sheet = ContactSheet(cellWidth: 20, cellHeight: 10, gap: 2, background: 7)
        let image = try sheet.grid(
            [plain(40, 20, [1, 0, 0]), plain(5, 5, [0, 1, 0]), plain(20, 40, [0, 0, 1])], columns: 2)
        #expect(image.width == 2 + 2 * 22 && image.height == 2 + 2 * 12)
        #expect(pixel(image, 0, 0) == [7, 7, 7])
        #expect(pixel(image, 2, 2) == [255, 0, 0] && pixel(image, 21, 11) == [255, 0, 0])
        // The square one is enlarged to 10 × 10 and lies 5 pixels from its cell's left edge.
        #expect(pixel(image, 28, 2) == [7, 7, 7] && pixel(image, 29, 2) == [0, 255, 0])
        #expect(pixel(image, 38, 11) == [0, 255, 0] && pixel(image, 39, 11) == [7, 7, 7])
        // The tall one is 5 × 10, 7 pixels from its cell's left edge in the second row.
        #expect(pixel(image, 8, 14) == [7, 7, 7] && pixel(image, 9, 14) == [0, 0, 255])
        #expect(pixel(image, 30, 20) == [7, 7, 7])
    }

    @Test("rows may have different lengths")
    func rows() throws {
        let sheet = ContactSheet(cellWidth: 4, cellHeight: 4, gap: 0)
        let (red, blue) = (plain(4, 4, [1, 0, 0]), plain(4, 4, [0, 0, 1]))
        let image = try sheet.rows([[red], [blue, red, blue]])
        #expect(image.width == 12 && image.height == 8)
        #expect(pixel(image, 0, 0) == [255, 0, 0] && pixel(image, 4, 0) == [32, 32, 32])
        #expect(pixel(image, 0, 4) == [0, 0, 255] && pixel(image, 8, 7) == [0, 0, 255])
    }

    @Test("a picture at its own size passes unchanged; shrinking takes the mean")
    func scaling() throws {
        let scene = blotches(3, width: 31, height: 17)
        let same = try ContactSheet(cellWidth: 31, cellHeight: 17, gap: 0).grid([scene])
        #expect(same.pixels == scene.pixels)
        let stripes = picture(width: 64, height: 64) { x, _ in SIMD3(repeating: Int(x * 64) % 2 == 0 ? 1 : 0) }
        let shrunk = try ContactSheet(cellWidth: 8, cellHeight: 8, gap: 0).grid([stripes])
        #expect(shrunk.pixels.allSatisfy { abs(Int($0) - 127) <= 8 }, "no stripes are left: \(shrunk.pixels.prefix(9))")
    }

    @Test("grey, 16-bit and half-transparent pictures are shown")
    func kinds() throws {
        let sheet = ContactSheet(cellWidth: 1, cellHeight: 1, gap: 0, background: 100)
        let grey = StillImage(width: 1, height: 1, channels: .grey, samples: [257 * 50])
        let clear = StillImage(width: 1, height: 1, channels: .rgba, depth: .eight, pixels: [200, 100, 0, 128])
        #expect(try sheet.grid([grey]).pixels == [50, 50, 50])
        #expect(try sheet.grid([clear]).pixels == [150, 100, 50])
    }

    @Test("pictures of a store and of tensors")
    func fromElsewhere() async throws {
        let folder = try IntakeFolder()
        for seed in 0..<3 { try folder.add(blotches(seed, width: 64, height: 64), "\(seed).png") }
        let options = IntakeOptions(shortSide: 64, smallestSide: 32)
        _ = try await Packer([folder.path], options: options).run(to: folder.file("x.pack"))
        let store = try PackedStore(contentsOf: folder.file("x.pack"))
        let sheet = ContactSheet(cellWidth: 64, cellHeight: 64, gap: 0)
        let image = try sheet.grid(of: store, pictures: [2, 0])
        let other = try sheet.grid([blotches(2, width: 64, height: 64), blotches(0, width: 64, height: 64)])
        #expect(image.pixels == other.pixels)
        let tensor = ContactSheet.picture(rgb: Tensor([0, 1, 0.5, 1, 2, -1] as [Float], shape: [1, 3, 1, 2]))
        #expect(tensor.pixels == [0, 128, 255, 255, 255, 0])
        #expect(tensor.width == 2 && tensor.height == 1)
        _ = try StillWriter.write(image, to: folder.file("sheet.jpg"))
        #expect(try StillReader.probe(folder.file("sheet.jpg")).width == 128)
    }

    @Test("captions stand below their pictures, frames around them, and captions that are too wide lose their middle")
    func captions() throws {
        var sheet = ContactSheet(cellWidth: 30, cellHeight: 10, gap: 2, background: 0)
        sheet.letterSize = 1
        let red: SIMD3<UInt8> = [200, 0, 0]
        let image = try sheet.tiles([
            [.init(plain(30, 10, [0, 0, 1]), caption: ["L"]), .init(plain(10, 10, [0, 0, 1]), frame: red)],
            [.init(plain(30, 10, [0, 1, 0]), caption: ["a", "1234567"])],
        ])
        // A cell, two lines of 9 points with 2 to spare, and the gap.
        let step = 10 + 2 * 9 + 2 + 2
        #expect(image.width == 2 + 2 * 32 && image.height == 2 + 2 * step)
        // The letter L: its stem and its foot, and nothing beside it.
        let (left, top) = (2, 2 + 10 + 1)
        for y in 0..<7 { #expect(pixel(image, left, top + y) == [225, 225, 225]) }
        for x in 0..<5 { #expect(pixel(image, left + x, top + 6) == [225, 225, 225]) }
        #expect(pixel(image, left + 1, top + 3) == [0, 0, 0] && pixel(image, left + 5, top + 6) == [0, 0, 0])
        // The frame follows the picture, which is 10 wide in the middle of its cell.
        let inner = 2 + 32 + 10
        #expect(pixel(image, inner, 2) == [200, 0, 0] && pixel(image, inner + 9, 11) == [200, 0, 0])
        #expect(pixel(image, inner + 4, 6) == [0, 0, 255] && pixel(image, inner - 1, 2) == [0, 0, 0])
        #expect(pixel(image, 2, 2) == [0, 0, 255], "no frame where none was asked for")
        // The second row's picture lies a step below; five letters fit, so "1234567" becomes "12..7".
        #expect(pixel(image, 2, 2 + step) == [0, 255, 0])
        let shortened = try sheet.tiles([
            [.init(plain(30, 10, [0, 1, 0]), caption: ["a", "12..7"])]
        ])
        let bottom = image.pixels.suffix(3 * image.width * (step - 10))
        let rows = (0..<20).map { row in
            Array(bottom.dropFirst(3 * image.width * row).prefix(3 * 32))
        }
        let others = (0..<20).map { row in
            Array(shortened.pixels.dropFirst(3 * shortened.width * (12 + row)).prefix(3 * 32))
        }
        #expect(rows == others)
    }

    @Test("letters with accents are drawn without them, other alphabets as frames, and all that is drawn differs")
    func letters() throws {
        func drawn(_ text: String) throws -> [UInt8] {
            try ContactSheet(cellWidth: 12, cellHeight: 1, gap: 0, background: 0)
                .tiles([[.init(plain(1, 1, [0, 0, 0]), caption: [text])]]).pixels
        }
        #expect(try drawn("é") == drawn("e") && drawn("Å") == drawn("A"))
        #expect(try drawn("ж") == drawn("日") && drawn("ж") != drawn(" "))
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;-_/%+()[]='!?#&*@~<> "
        let shapes = try alphabet.map { try drawn(String($0)) }
        #expect(Set(shapes).count == alphabet.count)
    }

    @Test("a sheet beyond reason is refused")
    func tooLarge() throws {
        let one = plain(1, 1, [1, 1, 1])
        let error = #expect(throws: MediaError.self) {
            _ = try ContactSheet(cellWidth: 4000, cellHeight: 4000).grid(Array(repeating: one, count: 30))
        }
        #expect(error?.code == .tooLarge)
    }
}
