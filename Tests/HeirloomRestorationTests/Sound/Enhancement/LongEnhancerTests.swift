import Foundation
import HeirloomLayers
import HeirloomModels
import HeirloomSignals
import HeirloomTensors
import Testing

@testable import HeirloomRestoration

/// A stand-in for a network: multiplies by a half, or by what the test says, and remembers how it was called.
private final class HalvingNetwork: Module, AudioEnhancer {
    struct Configuration: Codable, Sendable {
        var sampleRate = 16_000
        var gain = 0.5
        var sendsHiss = false
    }

    let configuration: Configuration
    var levels: [Double] = []
    var auxiliaries: [Double] = []

    init(_ configuration: Configuration, using generator: Generator?) { self.configuration = configuration }

    var architecture: String { "halving" }
    var description: ModelDescription { ModelDescription(task: "clean", inputChannels: 1, outputChannels: 1) }
    var sampleRate: Int { configuration.sampleRate }

    func enhanced(_ x: Tensor, auxiliary: Tensor?) -> Tensor {
        levels.append(x.abs().max().item())
        if let auxiliary { auxiliaries.append(auxiliary.abs().max().item()) }
        let hiss = Tensor.normal(x.shape, standardDeviation: 0.01, using: Generator(seed: 1))
        return x * configuration.gain + (configuration.sendsHiss ? hiss : hiss * 0)
    }
}

/// Long recordings through a network.
@Suite struct LongEnhancerTests {
    private let pieces = NetworkStream.Pieces(core: 2, context: 1, level: 4)

    private func tones(_ count: Int, rate: Int, _ frequencies: [Double], amplitude: Double = 0.2) -> [Float] {
        let time = Tensor.range(from: 0, to: Double(count), dtype: .float64) * (2 * Double.pi / Double(rate))
        return frequencies.map { (time * $0).sin() }.reduce(Tensor.zeros([count], dtype: .float64), +)
            .to(dtype: .float32).scalars(as: Float.self).map { $0 * Float(amplitude) }
    }

    private func noise(_ count: Int, seed: UInt64) -> [Float] {
        Tensor.normal([count], standardDeviation: 0.1, using: Generator(seed: seed)).scalars(as: Float.self)
    }

    private func run(
        _ network: some AudioEnhancer, _ sound: [[Float]], rate: Int = 16_000, strength: Double = 1,
        limit: Double? = nil,
        auxiliary: [Float]? = nil, blocks: [Int] = [.max]
    ) throws -> [[Float]] {
        let enhancer = LongEnhancer(
            network, sampleRate: rate, channelCount: sound.count, auxiliary: auxiliary != nil,
            settings: EnhancementSettings(strength: strength, limit: limit), pieces: pieces)
        var result = [[Float]](repeating: [], count: sound.count)
        var (start, turn) = (0, 0)
        while start < sound[0].count {
            let end = min(sound[0].count, start + min(blocks[turn % blocks.count], sound[0].count))
            let part = try enhancer.process(
                sound.map { Array($0[start..<end]) }, auxiliary: auxiliary.map { Array($0[start..<end]) })
            for channel in result.indices { result[channel] += part[channel] }
            (start, turn) = (end, turn + 1)
        }
        let rest = try enhancer.finish()
        for channel in result.indices { result[channel] += rest[channel] }
        return result
    }

    private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
        guard a.count == b.count else { return .infinity }
        return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    @Test(arguments: [0, 1, 100, 16_000, 31_999, 32_000, 32_001, 32_399, 32_401, 100_000])
    func lengthsStayAndNothingIsDelayed(count: Int) throws {
        let sound = noise(count, seed: 1)
        let output = try run(HalvingNetwork(.init(), using: nil), [sound])[0]
        #expect(output.count == count)
        #expect(largestDifference(output, sound.map { $0 / 2 }) < 1e-4)
    }

    @Test func blocksMakeNoDifference() throws {
        let sound = [noise(100_000, seed: 2), noise(100_000, seed: 3)]
        let network = DeepFilterNet3(.init(channels: 4, hidden: 16), using: Generator(seed: 1))
        let whole = try run(network, sound, strength: 0.8, limit: 12)
        for blocks in [[4801], [1, 50_000, 333], [31_999, 2, 40_000]] {
            let cut = try run(network, sound, strength: 0.8, limit: 12, blocks: blocks)
            // The same operations on the same numbers.
            #expect(cut == whole, "\(blocks)")
        }
    }

    @Test func strengthAndLimitAreKept() throws {
        let sound = noise(50_000, seed: 4)
        let mute = HalvingNetwork(.init(gain: 0), using: nil)
        #expect(try run(mute, [sound], strength: 0)[0] == sound)
        for (strength, limit, gain) in [
            (1.0, nil, 0), (0.6, nil, 0.4), (1.0, 12, 0.2512), (0.5, 12, 0.5), (0.9, 20, 0.1), (1.0, 0, 1),
        ] as [(Double, Double?, Float)] {
            let output = try run(mute, [sound], strength: strength, limit: limit)[0]
            #expect(largestDifference(output, sound.map { $0 * gain }) < 1e-3, "\(strength) \(limit ?? .nan)")
        }
    }

    @Test func silenceStaysSilence() throws {
        let output = try run(HalvingNetwork(.init(), using: nil), [[Float](repeating: 0, count: 70_000)], limit: 12)[0]
        #expect(output == [Float](repeating: 0, count: 70_000))
    }

    /// The network is shown every piece near its level, and the output has no steps where the level changes.
    @Test func levelsAreBroughtNearTheNetworks() throws {
        let quiet = noise(160_000, seed: 5).map { $0 * 0.001 }
        let network = HalvingNetwork(.init(), using: nil)
        let output = try run(network, [quiet])[0]
        // The 99th percentile is at a quarter: the peaks of noise are below twice that.
        #expect(network.levels.allSatisfy { (0.25...0.6).contains($0) }, "\(network.levels)")
        #expect(network.levels.count == 5)
        #expect(largestDifference(output, quiet.map { $0 / 2 }) < 1e-7)
    }

    @Test func auxiliaryGetsTheSameGain() throws {
        let sound = noise(40_000, seed: 6).map { $0 * 0.01 }
        let network = HalvingNetwork(.init(), using: nil)
        _ = try run(network, [sound], auxiliary: sound.map { $0 * 0.5 }, blocks: [7000])
        #expect(network.auxiliaries.count == network.levels.count)
        for (a, b) in zip(network.auxiliaries, network.levels) { #expect(abs(a - b / 2) < 1e-4) }
    }

    @Test func placesBetweenLeftAndRightStay() throws {
        let network = DeepFilterNet3(.init(channels: 4, hidden: 16), using: Generator(seed: 1))
        let sound = noise(60_000, seed: 7)
        let same = try run(network, [sound, sound], rate: 48_000)
        #expect(same[0] == same[1])
        let halving = HalvingNetwork(.init(), using: nil)
        #expect(largestDifference(try run(halving, [sound, sound])[1], try run(halving, [sound])[0]) < 1e-4)
        let panned = try run(network, [sound, sound.map { $0 * 0.25 }], rate: 48_000)
        #expect(largestDifference(panned[0].map { $0 * 0.25 }, panned[1]) < 1e-4)
    }

    /// Channels that cancel each other in the mean are left alone, not muted.
    @Test func oppositeChannelsAreNotLost() throws {
        let sound = noise(60_000, seed: 8)
        let output = try run(HalvingNetwork(.init(gain: 0.9), using: nil), [sound, sound.map { -$0 }])
        #expect(largestDifference(output[0], sound) < 0.02)
        #expect(largestDifference(output[1], sound.map { -$0 }) < 0.02)
    }

    /// A tone that the network hears and one above its band: both are halved, neither moves in time.
    @Test(arguments: [
        (48_000, [1000.0, 15_000]), (44_100, [1000, 12_000]), (8_000, [1000, 2000]), (16_000, [1000, 6000]),
    ])
    func otherRatesAreKept(rate: Int, frequencies: [Double]) throws {
        let count = 3 * rate + 17
        // Energy in the highest octave that the network has says what becomes of what lies above it.
        let sound = tones(count, rate: rate, frequencies + [rate > 16_000 ? 5000 : 500])
        let output = try run(HalvingNetwork(.init(), using: nil), [sound], rate: rate)[0]
        #expect(output.count == count)
        // Beside the ends, where tones begin out of nothing.
        let inner = 2000..<count - 2000
        let error = largestDifference(Array(output[inner]), sound[inner].map { $0 / 2 })
        #expect(error < 4e-3, "\(error)")
    }

    /// Nothing is added where a recording of a narrow band has nothing.
    @Test func noHissAboveTheBand() throws {
        let sound = tones(60_000, rate: 16_000, [500, 1200, 2100])
        let output = try run(HalvingNetwork(.init(sendsHiss: true), using: nil), [sound])[0]
        let spectrum = Tensor(Array(output[10_000..<42_768])).realFFT().abs()
        let (inside, above) = (spectrum.sliced(axis: 0, from: 900, to: 4400), spectrum.sliced(axis: 0, from: 6000))
        #expect(above.max().item() < 1e-4 * inside.max().item())
    }

    @Test func masksSayWhatIsSpeech() {
        let sound = Tensor.normal([2, 40_000], standardDeviation: 0.1, using: Generator(seed: 9))
        let spectra = SpatialChain.transform(sampleRate: 16_000).forward(sound)
        for (gain, wanted) in [(1.0, 1.0), (0.5, 0.5), (0.1, 0.01 / 0.82)] {
            let mask = SpeechMask(HalvingNetwork(.init(gain: gain), using: nil), sampleRate: 16_000)
            let found = mask(spectra)
            #expect(found.shape == spectra.shape && mask.failure == nil)
            #expect((found - wanted).abs().median(axis: 2).max().item() < 1e-2, "\(gain)")
        }
        let one = SpeechMask(HalvingNetwork(.init(), using: nil), sampleRate: 16_000, channels: [1])
        #expect(one(spectra).shape[0] == 1)
    }
}
