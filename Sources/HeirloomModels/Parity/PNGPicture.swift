import HeirloomTensors

/// An 8-bit PNG picture of a parity kit: grey, RGB or RGBA, not interlaced.
enum PNGPicture {
    /// Reads a picture.
    /// - Returns: int32 `[C, H, W]`, 0...255.
    /// - Throws: ``CheckpointError`` for anything else, `TensorFileError` when it cannot be read.
    static func read(_ path: String) throws -> Tensor {
        let file = try MappedFile(path: path)
        func refuse(_ reason: String) -> CheckpointError {
            CheckpointError(.unsupported, path: path, reason: "is not a PNG picture that a kit can hold: \(reason)")
        }
        let bytes = Array(file.bytes)
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { throw refuse("its start") }
        func big(_ position: Int) -> Int { bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) } }
        var (header, data, position) = ([UInt8](), [UInt8](), 8)
        while position + 12 <= bytes.count {
            let (length, kind) = (big(position), Array(bytes[position + 4..<position + 8]))
            guard length <= bytes.count - position - 12 else { throw refuse("it was cut off") }
            let content = bytes[position + 8..<position + 8 + length]
            if kind == Array("IHDR".utf8) { header = Array(content) }
            if kind == Array("IDAT".utf8) { data += content }
            position += 12 + length
        }
        guard header.count == 13, header[8] == 8, header[12] == 0, let channels = [0: 1, 2: 3, 6: 4][header[9]] else {
            throw refuse("8 bits of grey, RGB or RGBA, not interlaced, are read")
        }
        let (width, height) = (
            header[..<4].reduce(0) { $0 << 8 | Int($1) }, header[4..<8].reduce(0) { $0 << 8 | Int($1) }
        )
        guard (1...8192).contains(width), (1...8192).contains(height) else { throw refuse("its size") }
        let row = width * channels
        guard data.count > 2, let plain = Inflate.decompress(Array(data.dropFirst(2)), limit: (row + 1) * height),
            plain.count == (row + 1) * height, let samples = unfiltered(plain, row: row, step: channels)
        else { throw refuse("its data are damaged") }
        return Tensor(samples.map { Int32($0) }, shape: [height, width, channels]).transposed([2, 0, 1]).contiguous()
    }

    /// The samples of rows that each begin with the number of a prediction.
    private static func unfiltered(_ plain: [UInt8], row: Int, step: Int) -> [UInt8]? {
        var samples: [UInt8] = []
        samples.reserveCapacity(plain.count)
        for start in stride(from: 0, to: plain.count, by: row + 1) {
            let above = samples.count - row
            for index in 0..<row {
                let left = index >= step ? Int(samples[samples.count - step]) : 0
                let up = above >= 0 ? Int(samples[above + index]) : 0
                let corner = index >= step && above >= 0 ? Int(samples[above + index - step]) : 0
                let guess: Int
                switch plain[start] {
                case 0: guess = 0
                case 1: guess = left
                case 2: guess = up
                case 3: guess = (left + up) / 2
                case 4:
                    let (a, b, c) = (abs(up - corner), abs(left - corner), abs(left + up - 2 * corner))
                    guess = a <= b && a <= c ? left : b <= c ? up : corner
                default: return nil
                }
                samples.append(plain[start + 1 + index] &+ UInt8(truncatingIfNeeded: guess))
            }
        }
        return samples
    }
}
