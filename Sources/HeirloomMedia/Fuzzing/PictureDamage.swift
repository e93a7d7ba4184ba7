/// Random numbers that a seed reproduces (SplitMix64).
struct PictureDice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z &>> 31)
    }

    /// A number in 0 ..< count.
    mutating func below(_ count: Int) -> Int { count <= 1 ? 0 : Int.random(in: 0..<count, using: &self) }

    /// True once in `count`.
    mutating func once(in count: Int) -> Bool { below(count) == 0 }

    /// One of a list.
    mutating func one<T>(of list: [T]) -> T { list[below(list.count)] }
}

/// The ways in which picture files are damaged, by accident or by intent.
enum PictureDamage {
    /// Damages a file in one to four places.
    ///
    /// - Parameter other: bytes of another file, for splices.
    static func apply(to file: inout [UInt8], other: [UInt8], using dice: inout PictureDice) {
        for _ in 0...(dice.once(in: 2) ? 0 : dice.below(4)) where !file.isEmpty { damageOnce(&file, other, &dice) }
        // A wrong checksum would keep most damage of a PNG file away from the decoder.
        if file.starts(with: [0x89, 0x50]) && !dice.once(in: 4) { PNGChunks.repairChecksums(in: &file) }
    }

    private static func damageOnce(_ file: inout [UInt8], _ other: [UInt8], _ dice: inout PictureDice) {
        // Half of the damage goes to the head, where sizes, tables and directories are.
        let reach = dice.once(in: 2) ? min(file.count, 256) : file.count
        let place = dice.below(reach)
        let length = min(file.count - place, 1 + dice.below(dice.once(in: 4) ? 512 : 16))
        switch dice.below(10) {
        case 0, 1, 2:
            for _ in 0...dice.below(6) { file[dice.below(reach)] ^= 1 << UInt8(dice.below(8)) }
        case 3: file[place] = UInt8(truncatingIfNeeded: dice.next())
        case 4: file.removeLast(file.count - place)
        case 5, 6:
            let value: UInt64 = dice.one(of: [
                0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, .max,
                UInt64(file.count), UInt64(dice.below(file.count)), dice.next(),
            ])
            let width = dice.one(of: [1, 2, 4, 8])
            let isBig = dice.once(in: 2)
            for byte in 0..<min(width, file.count - place) {
                let shift = 8 * UInt64(isBig ? width - 1 - byte : byte)
                file[place + byte] = UInt8(truncatingIfNeeded: value >> shift)
            }
        case 7: file.removeSubrange(place..<place + length)
        case 8: file.insert(contentsOf: Array(file[place..<place + length]), at: dice.below(file.count))
        default:
            let source = other.isEmpty ? file : other
            let from = dice.below(source.count)
            let part = Array(source[from..<min(source.count, from + length)])
            file.replaceSubrange(place..<min(file.count, place + part.count), with: part)
        }
    }
}
