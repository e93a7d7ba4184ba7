import HeirloomMedia
import Testing

@Suite("Times and ratios")
struct MediaTimeTests {
    @Test("times compare by value across time bases")
    func comparison() {
        #expect(MediaTime(1, Rational(1, 25)) == MediaTime(512, Rational(1, 12800)))
        #expect(MediaTime(1, Rational(1001, 30000)) < MediaTime(34, Rational(1, 1000)))
        #expect(MediaTime(1, Rational(1001, 30000)) > MediaTime(33, Rational(1, 1000)))
        #expect(MediaTime(1, Rational(1, 25)).hashValue == MediaTime(512, Rational(1, 12800)).hashValue)
        // 64-bit products would overflow here.
        #expect(MediaTime(.max, Rational(1, 90000)) > MediaTime(.max - 1, Rational(1, 90000)))
    }

    @Test(
        "rescaling rounds as asked",
        arguments: [
            (5, MediaTime.Rounding.nearest, 3), (4, .nearest, 2), (-5, .nearest, -3), (5, .down, 2), (-5, .down, -3),
            (5, .up, 3), (-5, .up, -2), (4, .up, 2),
        ] as [(Int64, MediaTime.Rounding, Int64)])
    func rounding(value: Int64, rounding: MediaTime.Rounding, expected: Int64) {
        let time = MediaTime(value, Rational(1, 50)).rescaled(to: Rational(1, 25), rounding: rounding)
        #expect(time.value == expected)
        #expect(time.timeBase == Rational(1, 25))
    }

    @Test("sums are exact where a common tick exists")
    func sums() {
        let sum = MediaTime(1, Rational(1, 24)) + MediaTime(1, Rational(1, 25))
        #expect(sum == MediaTime(49, Rational(1, 600)))
        #expect(sum - MediaTime(1, Rational(1, 25)) == MediaTime(1, Rational(1, 24)))
        #expect(MediaTime(seconds: 1.5) == MediaTime(3, Rational(1, 2)))
    }

    @Test("exactness in another time base")
    func exactness() {
        #expect(MediaTime(512, Rational(1, 12800)).isExact(in: Rational(1, 1000)))
        #expect(!MediaTime(3750, Rational(1, 90000)).isExact(in: Rational(1, 1000)))
    }

    @Test("times print as seconds")
    func description() {
        #expect(MediaTime(-1, Rational(1, 25)).description == "-0.040 s")
        #expect(MediaTime(90001, Rational(1, 90000)).description == "1.000 s")
    }

    @Test("ratios are equal by value")
    func ratios() {
        #expect(Rational(2, 4) == Rational(1, 2))
        #expect(Rational(2, 4).hashValue == Rational(1, 2).hashValue)
        #expect(Rational(64, 45).inverted == Rational(45, 64))
    }
}

@Suite("Colour without tags")
struct ColorResolutionTests {
    @Test("standard definition is BT.601, larger pictures are BT.709")
    func definitions() {
        let pal = ColorInfo().resolved(width: 720, height: 576)
        #expect(pal.color.matrix == .bt601Lines625)
        #expect(pal.color.primaries == .bt601Lines625)
        #expect(pal.color.range == .limited)
        #expect(pal.note?.contains("BT.601") == true)
        #expect(ColorInfo().resolved(width: 720, height: 480).color.matrix == .bt601Lines525)
        #expect(ColorInfo().resolved(width: 1280, height: 720).color.matrix == .bt709)
        #expect(ColorInfo().resolved(height: 1080).color.matrix == .bt709)
        #expect(ColorInfo().resolved(width: 640, height: 480, isGrey: true).color.range == .full)
    }

    @Test("what is stated wins")
    func stated() {
        let color = ColorInfo(matrix: .bt709).resolved(width: 640, height: 480)
        #expect(color.color.primaries == .bt709)
        #expect(ColorInfo(primaries: .bt2020).resolved(width: 640, height: 480).color.matrix == .bt2020)
        let whole = ColorInfo(primaries: .bt709, transfer: .bt709, matrix: .bt709, range: .full, chromaLocation: .left)
        #expect(whole.resolved(width: 640, height: 480).color == whole)
        #expect(whole.resolved(width: 640, height: 480).note == nil)
    }

    @Test("odd sizes round chroma up")
    func planes() {
        #expect(PixelFormat(.s420).planeSize(1, width: 3, height: 7) == (2, 4))
        #expect(PixelFormat(.s422).planeSize(2, width: 3, height: 7) == (2, 7))
        #expect(PixelFormat(.s444, bitDepth: 10).planeSize(1, width: 3, height: 7) == (3, 7))
        #expect(PixelFormat(.s420, bitDepth: 10).description == "yuv420p10le")
    }
}
