import Foundation
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

@Suite struct PNGSheetTests {
    /// Reads a PNG of stored blocks back, checking every length, sum and order on the way.
    private func decode(_ bytes: [UInt8]) throws -> (width: Int, height: Int, rgb: [UInt8]) {
        struct Damaged: Error { let what: String }
        func demand(_ condition: Bool, _ what: String) throws { if !condition { throw Damaged(what: what) } }
        func number(_ at: Int) -> Int { bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) } }
        func crc(_ part: ArraySlice<UInt8>) -> UInt32 {
            // Bit by bit, unlike what wrote it.
            var value: UInt32 = .max
            for byte in part {
                for bit in 0..<8 {
                    let isSet = (value ^ UInt32(byte >> bit)) & 1 == 1
                    value = isSet ? value >> 1 ^ 0xEDB8_8320 : value >> 1
                }
            }
            return ~value
        }
        try demand(Array(bytes.prefix(8)) == [137, 80, 78, 71, 13, 10, 26, 10], "signature")
        var (at, names, stream, header): (Int, [String], [UInt8], Int) = (8, [], [], 0)
        while at < bytes.count {
            let length = number(at)
            let name = String(decoding: bytes[(at + 4)..<(at + 8)], as: UTF8.self)
            if name == "IHDR" { header = at + 8 }
            if name == "IDAT" { stream += bytes[(at + 8)..<(at + 8 + length)] }
            try demand(crc(bytes[(at + 4)..<(at + 8 + length)]) == UInt32(number(at + 8 + length)), "sum of \(name)")
            names.append(name)
            at += 12 + length
        }
        try demand(names == ["IHDR", "sRGB", "IDAT", "IEND"] && at == bytes.count, "chunks \(names)")
        try demand(Array(bytes[(header + 8)..<(header + 13)]) == [8, 2, 0, 0, 0], "8-bit RGB")
        try demand((Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0 && stream[0] & 15 == 8, "zlib header")
        var (raw, place, isLast): ([UInt8], Int, Bool) = ([], 2, false)
        while !isLast {
            isLast = stream[place] == 1
            let length = Int(stream[place + 1]) | Int(stream[place + 2]) << 8
            try demand(length ^ 0xFFFF == Int(stream[place + 3]) | Int(stream[place + 4]) << 8, "block length")
            raw += stream[(place + 5)..<(place + 5 + length)]
            place += 5 + length
        }
        let a = raw.reduce(1) { ($0 + Int($1)) % 65521 }
        let b = raw.reduce((1, 0)) { sums, byte in
            let first = (sums.0 + Int(byte)) % 65521
            return (first, (sums.1 + first) % 65521)
        }.1
        try demand(Array(stream[place...]) == [b >> 8, b & 255, a >> 8, a & 255].map { UInt8($0) }, "Adler sum")
        let (width, height) = (number(header), number(header + 4))
        try demand(raw.count == height * (1 + 3 * width), "size")
        var rgb: [UInt8] = []
        for row in 0..<height {
            let start = row * (1 + 3 * width)
            try demand(raw[start] == 0, "filter")
            rgb += raw[(start + 1)..<(start + 1 + 3 * width)]
        }
        return (width, height, rgb)
    }

    @Test(arguments: [(1, 1), (2, 3), (181, 130)])  // the last needs more than one block
    func pixelsComeBack(width: Int, height: Int) throws {
        let pixels = Tensor.integers([3, height, width], from: 0, to: 256, dtype: .uint8, using: Generator(seed: 4))
        let read = try decode(PNGSheet(pixels).encoded())
        #expect(read.width == width && read.height == height)
        #expect(read.rgb == pixels.transposed([1, 2, 0]).contiguous().scalars(as: UInt8.self))
    }

    @Test func picturesStandInRows() throws {
        let red = Tensor.zeros([3, 2, 3])
        red.selected(axis: 0, index: 0).fill(1)
        let gray = Tensor.full([3, 1, 2], 0.5)
        let loud = Tensor.full([3, 4, 1], 7)
        let sheet = PNGSheet(rows: [[red, gray], [loud]], gap: 1)
        #expect(sheet.pixels.shape == [3, 9, 8])
        func pixel(_ x: Int, _ y: Int) -> [UInt8] {
            sheet.pixels.selected(axis: 2, index: x).selected(axis: 1, index: y).contiguous().scalars(as: UInt8.self)
        }
        #expect(pixel(0, 0) == [255, 255, 255] && pixel(1, 1) == [255, 0, 0] && pixel(3, 2) == [255, 0, 0])
        #expect(pixel(5, 1) == [128, 128, 128] && pixel(5, 2) == [255, 255, 255] && pixel(1, 4) == [255, 255, 255])
        let folder = try TemporaryFolder()
        try sheet.write(to: folder.file("sheet.png"))
        #expect(try [UInt8](Data(contentsOf: URL(filePath: folder.file("sheet.png")))) == sheet.encoded())
        #expect(throws: TrainingError.self) { try sheet.write(to: folder.file("gone/sheet.png")) }
    }

    @Test func otherTensorsTrap() async {
        await #expect(processExitsWith: .failure) { _ = PNGSheet(Tensor.zeros([3, 4, 4])) }
        await #expect(processExitsWith: .failure) { _ = PNGSheet(rows: [[], []]) }
    }
}
