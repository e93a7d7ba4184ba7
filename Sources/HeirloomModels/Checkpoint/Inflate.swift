/// The decompression of PNG and gzip files (RFC 1951), for the pictures of parity kits and for archives of weights: the
/// engine has no media library.
struct Inflate {
    private let bytes: [UInt8]
    private let limit: Int
    private var position = 0
    private var bits = 0
    private var bitCount = 0
    private var output: [UInt8] = []

    /// Decompresses a stream.
    /// - Parameter limit: Most bytes of output.
    /// - Returns: Nil for a damaged stream, and for one that gives more.
    static func decompress(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        var stream = Inflate(bytes: bytes, limit: limit)
        return stream.run() ? stream.output : nil
    }

    private init(bytes: [UInt8], limit: Int) {
        self.bytes = bytes
        self.limit = limit
    }

    /// A canonical code: how many codes there are of each length, the symbols in order of their codes, and for codes of up
    /// to ten bits a table by the next bits: symbol · 16 + length, 0 where a code is longer.
    private struct Code {
        static let tableBits = 10

        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int] = []
        var table = [Int](repeating: 0, count: 1 << tableBits)

        init(_ lengths: [Int]) {
            var code = 0
            for length in 1...15 {
                let found = lengths.indices.filter { lengths[$0] == length }
                counts[length] = found.count
                symbols += found
                code <<= 1
                for symbol in found where length <= Self.tableBits && code < 1 << length {
                    // Codes come with their first bit lowest.
                    let reversed = (0..<length).reduce(0) { $0 << 1 | (code >> $1) & 1 }
                    for rest in 0..<(1 << (Self.tableBits - length)) {
                        table[rest << length | reversed] = symbol << 4 | length
                    }
                    code += 1
                }
            }
        }
    }

    private mutating func take(_ count: Int) -> Int? {
        while bitCount < count {
            guard position < bytes.count else { return nil }
            bits |= Int(bytes[position]) << bitCount
            position += 1
            bitCount += 8
        }
        defer {
            bits >>= count
            bitCount -= count
        }
        return bits & ((1 << count) - 1)
    }

    private mutating func symbol(_ code: Code) -> Int? {
        while bitCount < Code.tableBits, position < bytes.count {
            bits |= Int(bytes[position]) << bitCount
            position += 1
            bitCount += 8
        }
        let entry = code.table[bits & ((1 << Code.tableBits) - 1)]
        if entry != 0, entry & 15 <= bitCount {
            bits >>= entry & 15
            bitCount -= entry & 15
            return entry >> 4
        }
        return longSymbol(code)
    }

    /// A symbol bit by bit.
    private mutating func longSymbol(_ code: Code) -> Int? {
        var (value, first, index) = (0, 0, 0)
        for length in 1...15 {
            guard let bit = take(1) else { return nil }
            value |= bit
            let count = code.counts[length]
            if value - first < count { return value < first ? nil : code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        return nil
    }

    private mutating func run() -> Bool {
        while true {
            guard let isLast = take(1), let kind = take(2) else { return false }
            let isRight: Bool
            switch kind {
            case 0: isRight = stored()
            case 1:
                let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
                isRight = block(Code(lengths), Code([Int](repeating: 5, count: 30)))
            case 2: isRight = dynamic()
            default: isRight = false
            }
            guard isRight else { return false }
            if isLast == 1 { return true }
        }
    }

    private mutating func stored() -> Bool {
        // Whole bytes that were read ahead are given back.
        position -= bitCount / 8
        (bits, bitCount) = (0, 0)
        guard position + 4 <= bytes.count else { return false }
        let count = Int(bytes[position]) | Int(bytes[position + 1]) << 8
        position += 4
        guard count <= bytes.count - position, count <= limit - output.count else { return false }
        output += bytes[position..<position + count]
        position += count
        return true
    }

    private mutating func dynamic() -> Bool {
        guard let literals = take(5), let distances = take(5), let count = take(4) else { return false }
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        var lengths = [Int](repeating: 0, count: 19)
        for place in order.prefix(count + 4) {
            guard let length = take(3) else { return false }
            lengths[place] = length
        }
        let code = Code(lengths)
        let total = literals + 257 + distances + 1
        var all: [Int] = []
        while all.count < total {
            guard let symbol = symbol(code) else { return false }
            switch symbol {
            case ..<16: all.append(symbol)
            case 16:
                guard let last = all.last, let more = take(2) else { return false }
                all += [Int](repeating: last, count: more + 3)
            default:
                guard let more = take(symbol == 17 ? 3 : 7) else { return false }
                all += [Int](repeating: 0, count: more + (symbol == 17 ? 3 : 11))
            }
        }
        guard all.count == total else { return false }
        return block(Code(Array(all.prefix(literals + 257))), Code(Array(all.dropFirst(literals + 257))))
    }

    private mutating func block(_ literals: Code, _ distances: Code) -> Bool {
        while let symbol = symbol(literals) {
            if symbol == 256 { return true }
            guard output.count < limit else { return false }
            if symbol < 256 {
                output.append(UInt8(symbol))
                continue
            }
            guard let length = extended(symbol - 257, step: 4, last: 28, lastBase: 258, base: 3),
                let place = self.symbol(distances),
                let distance = extended(place, step: 2, last: 30, lastBase: 0, base: 1),
                distance <= output.count, length <= limit - output.count
            else { return false }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
        return false
    }

    /// A length or distance: groups of `step` symbols, of which each has one more bit than the group before.
    private mutating func extended(_ symbol: Int, step: Int, last: Int, lastBase: Int, base: Int) -> Int? {
        guard symbol < last else { return symbol == last && lastBase > 0 ? lastBase : nil }
        guard symbol >= 2 * step else { return symbol + base }
        let extra = symbol / step - 1
        guard let more = take(extra) else { return nil }
        return ((step + symbol % step) << extra) + base + more
    }
}
