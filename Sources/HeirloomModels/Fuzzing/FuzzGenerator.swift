/// Random numbers that a seed and the number of a case reproduce (SplitMix64).
struct FuzzGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64, case index: Int) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: index) &* 0xD134_2543_DE82_EF95
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z &>> 31)
    }

    /// A number in 0 ..< count.
    mutating func below(_ count: Int) -> Int { count <= 1 ? 0 : Int.random(in: 0..<count, using: &self) }

    /// One of a list.
    mutating func one<T>(of list: [T]) -> T { list[below(list.count)] }
}

extension [UInt8] {
    /// Damages the bytes in one of the ways in which files get damaged, or in which they are made to harm.
    /// - Parameter other: Bytes of another file, for splices.
    mutating func damage(with other: [UInt8], using random: inout FuzzGenerator) {
        guard !isEmpty else { return append(UInt8(truncatingIfNeeded: random.next())) }
        let place = random.below(count)
        let length = Swift.min(count - place, 1 + random.below(random.below(4) == 0 ? 512 : 16))
        switch random.below(9) {
        case 0, 1:
            for _ in 0...random.below(4) { self[random.below(count)] ^= 1 << UInt8(random.below(8)) }
        case 2: self[place] = UInt8(truncatingIfNeeded: random.next())
        case 3: removeLast(count - place)
        case 4:
            // A length, a count or an offset that cannot be right.
            let width = random.one(of: [1, 2, 4, 8])
            let value: UInt64 = random.one(of: [
                0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, .max, .max >> 1, 1 << 40,
                UInt64(count), UInt64(count) + 1, random.next(),
            ])
            for byte in 0..<Swift.min(width, count - place) {
                self[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte)))
            }
        case 5: removeSubrange(place..<place + length)
        case 6: insert(contentsOf: Array(self[place..<place + length]), at: random.below(count))
        case 7:
            let source = other.isEmpty ? self : other
            let from = random.below(source.count)
            let part = source[from..<Swift.min(source.count, from + length)]
            replaceSubrange(place..<Swift.min(count, place + part.count), with: part)
        default: append(contentsOf: (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        }
    }

    /// Replaces one of the numbers in a text by another.
    mutating func damageNumber(using random: inout FuzzGenerator) {
        let starts = indices.filter { index in
            Self.isDigit(self[index]) && (index == 0 || !Self.isDigit(self[index - 1]))
        }
        guard !starts.isEmpty else { return }
        let start = random.one(of: starts)
        let end = self[start...].firstIndex { !Self.isDigit($0) } ?? count
        let texts = [
            "0", "1", "2", "3", "-1", "9", "64", "65536", "2147483647", "2147483648", "4294967296",
            "9223372036854775807",
            "9223372036854775808", "-9223372036854775808", "1e308", "1e999", "nan", "0.5", "999999999999999999999", "",
        ]
        replaceSubrange(start..<end, with: Array(random.one(of: texts).utf8))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
