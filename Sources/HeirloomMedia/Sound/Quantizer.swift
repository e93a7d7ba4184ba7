/// Rounds samples to whole numbers of some bits, with triangular dither at 16 bits.
struct Quantizer {
    private let bits: Int
    private let isDithered: Bool
    private var dice: PictureDice
    /// Samples beyond full scale so far.
    private(set) var clipped = 0

    /// - Parameters:
    ///   - bits: 16, 24 or 32.
    ///   - seed: equal seeds give equal noise.
    init(bits: Int, seed: UInt64) {
        self.bits = bits
        isDithered = bits <= 16
        dice = PictureDice(seed: seed)
    }

    /// Rounds interleaved samples; the whole numbers fill 32 bits from the top, as libsndfile wants them.
    mutating func quantize(_ samples: UnsafeBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Int32>) {
        let scale = Double(1 << (bits - 1))
        let shift = Int32(32 - bits)
        var index = 0
        while index < samples.count {
            let exact = Double(samples[index]) * scale
            var value = exact.rounded()
            // A sample that is one of the values already is kept: copies stay copies, silence stays silence.
            if isDithered && value != exact {
                let random = dice.next()
                let noise = Double(random >> 40) - Double(random & 0xFF_FFFF)
                value = (exact + noise / 16_777_216).rounded()
            }
            if value > scale - 1 {
                // Full scale itself has no positive value; that is no clipping anyone can hear.
                if exact > scale { clipped += 1 }
                value = scale - 1
            } else if value < -scale {
                if exact < -scale { clipped += 1 }
                value = -scale
            }
            result[index] = Int32(value) << shift
            index += 1
        }
    }
}
