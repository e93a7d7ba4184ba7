import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

/// Colour conversions against their definitions in float64 (`Fixtures/signals/generate_signals.py`) and closed forms.
@Suite struct ColorConversionTests {
    private let golden: [String: Tensor]
    private let rgb: Tensor

    init() throws {
        golden = try Fixture.tensors("signals/signals.safetensors")
        rgb = try #require(golden["rgb"])
    }

    private static func matrix(_ name: String) -> YCbCrMatrix {
        switch name {
        case "bt601": .bt601
        case "bt709": .bt709
        default: .bt2020
        }
    }

    @Test(arguments: ["bt601", "bt709", "bt2020"])
    func splittingEqualsTheDefinition(name: String) throws {
        let (luma, chroma) = Self.matrix(name).split(rgb)
        // three float32 products and sums of numbers below 1
        expectClose(concatenated([luma, chroma], axis: 1), try #require(golden[name]), absolute: 3e-7)
        expectEqual(Self.matrix(name).luma(of: rgb), luma)
    }

    @Test(arguments: ["bt601", "bt709", "bt2020"])
    func combiningUndoesSplitting(name: String) {
        let (luma, chroma) = Self.matrix(name).split(rgb)
        // divided by the weight of blue, 0.06 at least: rounding grows by up to 20
        expectClose(Self.matrix(name).combined(luma: luma, chroma: chroma), rgb, absolute: 2e-6)
    }

    @Test(arguments: ["bt601", "bt709", "bt2020"])
    func pureColoursHaveTheirClosedForm(name: String) {
        let matrix = Self.matrix(name)
        let colours = Tensor([Float(1), 0, 0, 0, 0, 1, 0.4, 0.4, 0.4], shape: [3, 3, 1, 1])
        let (luma, chroma) = matrix.split(colours)
        let (r, b) = (matrix.red, matrix.blue)
        let expected = [r, -r / (2 * (1 - b)), 0.5, b, 0.5, -b / (2 * (1 - r)), 0.4, 0, 0].map { Float($0) }
        expectClose(
            concatenated([luma, chroma], axis: 1), Tensor(expected, shape: [3, 3, 1, 1]), absolute: 1e-7)
    }

    @Test func aSinglePictureNeedsNoBatch() {
        let one = rgb[0]
        let (luma, chroma) = YCbCrMatrix.bt601.split(one)
        #expect(luma.shape == [1, 14, 17] && chroma.shape == [2, 14, 17])
        expectEqual(luma, YCbCrMatrix.bt601.luma(of: rgb)[0])
    }

    @Test func transferFunctionsEqualTheirDefinition() throws {
        // the power functions of libtorch are good to a few units in the last place of 1
        expectClose(SRGB.linear(rgb), try #require(golden["linear"]), absolute: 5e-7)
        expectClose(SRGB.encoded(rgb), try #require(golden["encoded"]), absolute: 5e-7)
        expectClose(SRGB.encoded(SRGB.linear(rgb)), rgb, absolute: 1e-6)
        #expect(abs(SRGB.linear(Tensor([Float(0.5)])).item() - 0.21404114) < 1e-6)
    }

    @Test func labEqualsItsDefinition() throws {
        // values up to 100, differences of cube roots times 500
        expectClose(Lab.fromSRGB(rgb), try #require(golden["lab"]), absolute: 5e-4)
    }

    @Test func labKnowsWhiteBlackAndRed() {
        let colours = Tensor([Float(1), 1, 1, 0, 0, 0, 1, 0, 0], shape: [3, 3, 1, 1])
        // red as tables of the colour list it for D65
        let expected = Tensor([Float(100), 0, 0, 0, 0, 0, 53.2408, 80.0925, 67.2032], shape: [3, 3, 1, 1])
        expectClose(Lab.fromSRGB(colours), expected, absolute: 2e-3)
    }

    @Test func labRoundTrips() {
        // 12.92 times the rounding of the matrices at the dark end
        expectClose(Lab.toSRGB(Lab.fromSRGB(rgb)), rgb, absolute: 1e-5)
    }

    @Test func gradientsOfLabAreFiniteAtBlackAndWhite() {
        let picture = Tensor([Float(0), 0, 0, 1, 1, 1], shape: [2, 3, 1, 1]).requireGradient()
        Lab.fromSRGB(picture).sum().backward()
        #expect(picture.gradient?.isFinite().all().item() == 1)
    }

    @Test(arguments: QuantizationRange.allCases, [8, 10, 16])
    func everyCodeSurvives(range: QuantizationRange, bits: Int) {
        let unit = 1 << (bits - 8)
        let largest = (1 << bits) - 1
        // every code in 8 and 10 bits, every 37th in 16
        let step = bits == 16 ? 37 : 1
        let codes = Tensor.range(from: 0, to: Double(largest + 1), by: Double(step), dtype: .float32)
        expectEqual(range.codes(luma: range.luma(codes: codes, bits: bits), bits: bits), codes)
        expectEqual(range.codes(chroma: range.chroma(codes: codes, bits: bits), bits: bits), codes)
        let middle = Tensor([Float(128 * unit)])
        #expect(range.chroma(codes: middle, bits: bits).item() == 0)
    }

    @Test func rangesEndWhereTheStandardsSay() {
        let ends = Tensor([Float(0), 1])
        let sides = Tensor([Float(-0.5), 0.5])
        #expect(QuantizationRange.full.codes(luma: ends).floats == [0, 255])
        #expect(QuantizationRange.limited.codes(luma: ends).floats == [16, 235])
        #expect(QuantizationRange.limited.codes(luma: ends, bits: 10).floats == [64, 940])
        #expect(QuantizationRange.limited.codes(chroma: sides).floats == [16, 240])
        #expect(QuantizationRange.limited.codes(chroma: sides, bits: 10).floats == [64, 960])
        // Nothing beyond the codes that exist.
        #expect(QuantizationRange.full.codes(chroma: sides).floats == [0, 255])
        #expect(QuantizationRange.limited.codes(luma: Tensor([Float(-9), 9])).floats == [0, 255])
    }
}
