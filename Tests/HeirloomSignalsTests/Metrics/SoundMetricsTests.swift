import Foundation
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomSignals

/// Measures of sound against pystoi and their definitions (`Fixtures/sound-metrics/make_sound_metrics.py`).
@Suite struct SoundMetricsTests {
    struct Case: Decodable {
        let rate: Int
        let seconds: Double
        let kind: String
        let siSDR, sdrF, stoi, estoi, segmentalSNR, lsd: Double
    }

    private struct Golden: Decodable {
        let cases: [Case]
        let resampled: [String: [Double]]
    }

    private static func golden() throws -> Golden {
        try JSONDecoder().decode(
            Golden.self, from: Data(try Fixture.bytes("sound-metrics/sound-metrics.json")))
    }

    /// The two signals of a case.
    private func signals(_ item: Case) -> (Tensor, Tensor) {
        let r = Tensor(SyntheticVoice.voice(rate: item.rate, seconds: item.seconds))
        let count = r.count
        switch item.kind {
        case "noisy": return (r, r * 0.5 + Tensor(SyntheticVoice.noise(11, count)) * 0.03)
        case "clipped": return (r, r.clamped(to: -0.05...0.05))
        default:
            let delay = item.rate / 200
            func late(_ by: Int) -> Tensor { r.padded([by, 0])[0..<count] }
            return (r, r - late(delay) * 0.4 + late(20 * delay) * 0.3)
        }
    }

    @Test("every measure equals the published implementation", arguments: try Self.golden().cases)
    func parity(_ item: Case) {
        let (r, e) = signals(item)
        func expect(_ value: Double, _ expected: Double, _ tolerance: Double, _ name: String) {
            #expect(abs(value - expected) < tolerance, "\(name) \(value), not \(expected) (\(item.kind) \(item.rate))")
        }
        // Both sides compute in float64; what is left is the order of sums and, in estoi, noise of 1e-16.
        expect(SoundMetrics.siSDR(reference: r, estimate: e), item.siSDR, 1e-6, "SI-SDR")
        expect(SoundMetrics.sdrF(reference: r, estimate: e), item.sdrF, 1e-4, "SDR-F")
        expect(SoundMetrics.stoi(reference: r, estimate: e, sampleRate: item.rate), item.stoi, 1e-6, "STOI")
        expect(SoundMetrics.estoi(reference: r, estimate: e, sampleRate: item.rate), item.estoi, 1e-6, "ESTOI")
        expect(
            SoundMetrics.segmentalSNR(reference: r, estimate: e, sampleRate: item.rate), item.segmentalSNR, 1e-6,
            "segmental SNR")
        let lsd = SoundMetrics.logSpectralDistance(reference: r, estimate: e, sampleRate: item.rate)
        expect(lsd, item.lsd, 1e-6, "LSD")
    }

    @Test func conversionOfRatesEqualsSciPy() throws {
        let r = Tensor(SyntheticVoice.voice(rate: 16_000, seconds: 0.5))
        for (target, expected) in try Self.golden().resampled {
            let made = RationalResampling.kaiser(from: 16_000, to: try #require(Int(target))).resampled(r)
            expectClose(made[1000..<1008], Tensor(expected), absolute: 1e-12, "to \(target) Hz")
        }
    }

    @Test func filteringCostsNothingInSDRFAndEverythingInSISDR() {
        let r = Tensor(SyntheticVoice.voice(rate: 16_000, seconds: 1)).padded([0, 100])
        let late = r.padded([40, 0])[0..<r.count]
        #expect(SoundMetrics.sdrF(reference: r, estimate: late) > 40)
        #expect(SoundMetrics.siSDR(reference: r, estimate: late) < 5)
    }

    @Test func silenceAndShortSignalsGiveNumbers() {
        let (nothing, r) = (Tensor.zeros([8000]), Tensor(SyntheticVoice.voice(rate: 8000, seconds: 1)))
        #expect(SoundMetrics.siSDR(reference: r, estimate: nothing.to(dtype: .float64)).isFinite)
        #expect(SoundMetrics.sdrF(reference: nothing, estimate: nothing).isFinite)
        #expect(SoundMetrics.stoi(reference: nothing, estimate: nothing, sampleRate: 8000).isFinite)
        #expect(SoundMetrics.stoi(reference: r[0..<1], estimate: r[0..<1], sampleRate: 8000) == 1e-5)
        #expect(SoundMetrics.segmentalSNR(reference: r[0..<10], estimate: r[0..<10], sampleRate: 8000).isNaN)
    }
}
