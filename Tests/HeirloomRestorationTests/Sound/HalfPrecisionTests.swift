import Testing

@testable import HeirloomRestoration

@Suite("Half precision")
struct HalfPrecisionTests {
    @Test("every stored number is the language's own")
    func allValues() {
        for bits in UInt16.min...UInt16.max where Float16(bitPattern: bits).isFinite {
            let value = HalfPrecision.value(of: bits)
            #expect(value.bitPattern == Float(Float16(bitPattern: bits)).bitPattern)
            #expect(HalfPrecision.bits(of: value) == bits)
        }
    }

    @Test("numbers in between are rounded as the language rounds them")
    func rounding() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let value = Float.random(in: -2...2, using: &generator) * Float.random(in: 0...1, using: &generator)
            #expect(HalfPrecision.bits(of: value) == Float16(value).bitPattern, "\(value)")
        }
        #expect(HalfPrecision.value(of: HalfPrecision.bits(of: 1e9)) == 65504)
        #expect(HalfPrecision.value(of: HalfPrecision.bits(of: 1e-12)) == 0)
    }
}
