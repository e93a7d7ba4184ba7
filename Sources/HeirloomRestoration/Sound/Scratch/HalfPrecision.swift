/// Numbers of eleven bits and their storage, by shifts and a multiplication.
///
/// The language's own conversions call a function for every number where the processor may be old, which took longer than
/// reading the file; these become vector instructions on any processor. Infinities and what is no number do not occur in
/// sound that was read.
enum HalfPrecision {
    /// The storage (IEEE 754 binary16) of a number, rounded to the nearest; magnitudes above 65504 become that.
    static func bits(of value: Float) -> UInt16 {
        let magnitude = min(value.magnitude, 65504)
        // Scaled so that the exponent has the smaller type's offset; numbers too small for it become subnormal.
        let scaled = (magnitude * 0x1p-112).bitPattern
        let rounded = scaled &+ 0x0FFF &+ (scaled >> 13 & 1)
        return UInt16(truncatingIfNeeded: rounded >> 13) | (value.sign == .minus ? 0x8000 : 0)
    }

    /// The number that is stored.
    static func value(of bits: UInt16) -> Float {
        let magnitude = Float(bitPattern: UInt32(bits & 0x7FFF) << 13) * 0x1p112
        return Float(bitPattern: magnitude.bitPattern | UInt32(bits & 0x8000) << 16)
    }
}
