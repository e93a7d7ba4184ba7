import HeirloomMedia
import HeirloomMediaTensors
import HeirloomRestoration
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@Suite struct ProfileTests {
    /// A display profile of three primaries (XYZ adapted to D50) and one gamma: ICC.1:2001, version 2.1.
    private func profile(_ primaries: [[Double]], gamma: Double) -> [UInt8] {
        func number(_ value: UInt32) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) }
        }
        func fixed(_ value: Double) -> [UInt8] { number(UInt32(bitPattern: Int32((value * 65536).rounded()))) }
        func xyz(_ values: [Double]) -> [UInt8] { Array("XYZ ".utf8) + number(0) + values.flatMap(fixed) }
        let curve =
            Array("curv".utf8) + number(0) + number(1) + [
                UInt8(Int(gamma * 256) >> 8), UInt8(Int(gamma * 256) & 255), 0, 0,
            ]
        let white = [0.9642, 1, 0.8249]
        let text = Array("text".utf8) + number(0) + Array("none".utf8) + [0, 0, 0, 0]
        let title = Array("desc".utf8) + number(0) + number(5) + Array("test".utf8) + [UInt8](repeating: 0, count: 79)
        let tags: [(String, [UInt8])] = [
            ("desc", title), ("cprt", text), ("wtpt", xyz(white)), ("rXYZ", xyz(primaries[0])),
            ("gXYZ", xyz(primaries[1])),
            ("bXYZ", xyz(primaries[2])), ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
        ]
        var table = number(UInt32(tags.count))
        var data: [UInt8] = []
        for (name, bytes) in tags {
            let padded = bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
            table +=
                Array(name.utf8) + number(UInt32(128 + 4 + 12 * tags.count + data.count)) + number(UInt32(bytes.count))
            data += padded
        }
        var header = number(UInt32(128 + table.count + data.count)) + number(0) + number(0x0210_0000)
        header += Array("mntrRGB XYZ ".utf8) + [UInt8](repeating: 0, count: 12) + Array("acsp".utf8)
        header += [UInt8](repeating: 0, count: 28) + white.flatMap(fixed)
        header += [UInt8](repeating: 0, count: 128 - header.count)
        return header + table + data
    }

    private let sRGB = [[0.43607, 0.22249, 0.01392], [0.38515, 0.71687, 0.09708], [0.14307, 0.06061, 0.71410]]
    private let adobe = [[0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [0.14919, 0.06322, 0.74457]]
    private let proPhoto = [[0.79767, 0.28804, 0], [0.13519, 0.71188, 0], [0.03134, 0.00009, 0.82491]]

    @Test(arguments: ["sRGB", "adobe", "proPhoto"])
    func coloursAreThoseOfSRGBWhateverTheProfile(name: String) throws {
        let (primaries, gamma) = name == "sRGB" ? (sRGB, 2.2) : name == "adobe" ? (adobe, 2.199) : (proPhoto, 1.8)
        let bytes = profile(primaries, gamma: gamma)
        let image = StillImage(
            width: 64, height: 64, channels: .rgb, samples: [UInt16](repeating: 32768, count: 64 * 64 * 3),
            metadata: StillMetadata(profile: bytes))
        let predictor = FakePredictor { luma, _ in
            Tensor([0.04, -0.06] as [Float], shape: [1, 2, 1, 1]).expanded([1, 2, luma.shape[2], luma.shape[3]])
                .copied(.contiguous)
        }
        var settings = quickSettings()
        settings.strength = 1 / ColorSettings.standardGain
        let colored = try StillColorizer(predictor, settings: settings)(image)
        #expect(colored.metadata.profile == bytes, "values and profile stay together")
        #expect((Tensor(luma: colored) - Tensor(luma: image)).abs().max().item() * 65535 <= 1)
        let chroma = YCbCrMatrix.bt601.split(Tensor(rgb: try colored.convertedToSRGB())).chroma
        let (cb, cr) = (chroma[0, 0, 32, 32].item(), chroma[0, 1, 32, 32].item())
        // The matrix is taken near grey; three hundredths further the curves bend a little.
        #expect(abs(cb - 0.04) < 0.006 && abs(cr + 0.06) < 0.008, "\(name): \(cb), \(cr)")
        // Without the correction the same differences would mean stronger colours.
        let red = Tensor(rgb: colored)[0, 0, 32, 32].item()
        if name == "proPhoto" { #expect(red > 0.5 - 1.402 * 0.06 * 0.8, "\(red)") }
    }

    @Test func aProfileThatIsNoneIsLeftAlone() throws {
        let image = StillImage(
            width: 32, height: 32, channels: .rgb, depth: .eight, pixels: [UInt8](repeating: 128, count: 3072),
            metadata: StillMetadata(profile: [1, 2, 3]))
        let colored = try StillColorizer(FakePredictor(), settings: quickSettings())(image)
        #expect(colored.metadata.profile == [1, 2, 3])
    }
}
