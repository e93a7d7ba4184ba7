import Foundation
@testable import HeirloomRecipes
import HeirloomTensors
import TestSupport
import Testing

@Suite struct SoundDegradationTests {
    private static let rate = 16_000
    private static let bank: RoomBank.Options = {
        var options = RoomBank.Options()
        options.count = 4
        options.microphones = 3
        options.reverberation = 0.2...0.8
        return options
    }()

    private func noise(_ crops: Int, _ length: Int, seed: UInt64) -> Tensor {
        Tensor.normal([crops, length], using: Generator(seed: seed)) * 0.05
    }

    /// A recorder that changes nothing.
    private static let plain: SoundRecorder = {
        var recorder = SoundRecorder()
        recorder.highPass = 0.01
        recorder.ownNoise = -150
        return recorder
    }()

    private func scene(
        _ damages: [SoundDamage], clean: Tensor, noise: Tensor, rooms: RoomBank? = nil, seed: UInt64 = 1
    ) -> SoundScene {
        SceneMaker(sampleRate: Self.rate, rooms: rooms, damages: damages, generator: Generator(seed: seed))
            .scene(clean: clean, noise: noise)
    }

    @Test func theSameStateGivesTheSameScene() {
        let (clean, disturbance) = (noise(4, 4000, seed: 1), noise(4, 4000, seed: 2))
        let rooms = RoomBank(Self.bank)
        func make(_ seed: UInt64) -> SoundScene {
            SoundDegradation().scene(
                clean: clean, noise: disturbance, sampleRate: Self.rate, rooms: rooms, using: Generator(seed: seed))
        }
        let (one, same, other) = (make(5), make(5), make(6))
        #expect(one.damages == same.damages && one.damages != other.damages)
        expectEqual(one.degraded, same.degraded)
        expectEqual(one.target, same.target)
        expectEqual(one.auxiliary, same.auxiliary)
        #expect(!one.degraded.isEqual(to: other.degraded))
    }

    @Test func whatIsDrawnDependsOnKeyAndPlaceOnly() {
        let recipe = SoundDegradation()
        let few = recipe.damages(3, duration: 2, sampleRate: Self.rate, rooms: nil, key: 9)
        #expect(recipe.damages(8, duration: 2, sampleRate: Self.rate, rooms: nil, key: 9).prefix(3).elementsEqual(few))
        #expect(recipe.damages(3, duration: 2, sampleRate: Self.rate, rooms: nil, key: 10) != few)
    }

    @Test func trainingBeginsEasily() {
        let recipe = SoundDegradation()
        func drawn(_ progress: Double) -> [SoundDamage] {
            recipe.damages(300, duration: 2, sampleRate: Self.rate, rooms: nil, progress: progress, key: 1)
        }
        #expect(drawn(0).allSatisfy { $0.signalToNoise >= 10 && $0.reverberation <= 0.4 })
        let full = drawn(0.2)
        #expect(full.contains { $0.signalToNoise < 0 } && full.contains { $0.reverberation > 0.8 })
        #expect(full.allSatisfy { $0.signalToNoise >= -5 && $0.signalToNoise <= 30 && $0.reverberation <= 1 })
    }

    /// Shares are reached within four deviations of a count of 1,000.
    @Test func sharesAreAsAsked() {
        let damages = SoundDegradation().damages(1000, duration: 2, sampleRate: Self.rate, rooms: nil, key: 4)
        func share(_ isCounted: (SoundDamage) -> Bool) -> Double { Double(damages.count(where: isCounted)) / 1000 }
        #expect(abs(share(\.isIdentity) - 0.1) < 0.04)
        #expect(abs(share { $0.room == .none } - 0.2) < 0.05)
        #expect(abs(share { $0.recorders.count > 1 } - 0.5) < 0.065)
        #expect(abs(share { $0.noise != .given } - 0.4) < 0.065)
        #expect(abs(share { $0.recorders[0].gainControl != nil } - 0.3) < 0.06)
        #expect(abs(share { $0.recorders[0].codec != .none } - 0.38) < 0.065)
    }

    @Test(arguments: [-5.0, 8, 30], SoundDamage.Noise.allCases)
    func speechIsAsFarAboveTheNoiseAsAsked(ratio: Double, kind: SoundDamage.Noise) {
        var damage = SoundDamage()
        damage.noise = kind
        damage.signalToNoise = ratio
        damage.recorders = [Self.plain]
        let made = scene([damage], clean: noise(1, 16_000, seed: 1), noise: noise(1, 16_000, seed: 2))
        // The target's level is found by regression on the mixture, so the noise is what is orthogonal to the target.
        let target = made.target
        let factor = (made.degraded * target).sum().item() / target.squared().sum().item()
        let rest = made.degraded - target * factor
        let measured = 10 * log10((target * factor).squared().sum().item() / rest.squared().sum().item())
        #expect(abs(measured - ratio) < 1, "\(kind): \(measured) dB")
    }

    /// An impulse shows the room: the target keeps the direct sound and 50 ms, the recording goes on.
    @Test(arguments: [0.2, 0.5, 0.8])
    func theTargetIsTheDirectSoundAndWhatFollowsAtOnce(time: Double) {
        var damage = SoundDamage()
        damage.room = .simple(directToLate: 0)
        damage.reverberation = time
        damage.signalToNoise = 150
        damage.recorders = [Self.plain]
        let impulse = Tensor([Float(0.5)] + [Float](repeating: 0, count: 15_999), shape: [1, 16_000])
        let made = scene([damage], clean: impulse, noise: noise(1, 16_000, seed: 2))
        let (degraded, target) = (made.degraded[0], made.target[0])
        let direct = RoomBank.lead
        let (kept, end) = (direct + 800, direct + 865)
        expectClose(
            target.sliced(axis: 0, from: 0, to: kept), degraded.sliced(axis: 0, from: 0, to: kept), absolute: 2e-3)
        #expect(target.sliced(axis: 0, from: end).abs().max().item() < 1e-4)
        #expect(degraded.sliced(axis: 0, from: end).abs().max().item() > 1e-3)
    }

    @Test(arguments: [0.2, 0.4, 0.8], [false, true])
    func roomsRingAsLongAsAsked(time: Double, isSimulated: Bool) {
        var options = Self.bank
        (options.count, options.reverberation) = (1, time...time)
        let rooms = RoomBank(options, seed: 2)
        var damage = SoundDamage()
        damage.room = isSimulated ? .simulated(index: 0) : .simple(directToLate: 0)
        damage.reverberation = time
        damage.signalToNoise = 150
        damage.recorders = [Self.plain]
        let impulse = Tensor([Float(0.5)] + [Float](repeating: 0, count: 15_999), shape: [1, 16_000])
        let made = scene([damage], clean: impulse, noise: noise(1, 16_000, seed: 2), rooms: isSimulated ? rooms : nil)
        // Schroeder's curve, between 5 and 25 dB below its begin.
        let energy = made.degraded[0].to(dtype: .float64).squared().scalars(as: Double.self)
        var curve = [Double](repeating: 0, count: energy.count + 1)
        for place in energy.indices.reversed() { curve[place] = curve[place + 1] + energy[place] }
        let levels = curve.dropLast().map { 10 * log10(max($0 / curve[0], 1e-12)) }
        let start = levels.firstIndex { $0 < -5 } ?? 0
        let end = levels.firstIndex { $0 < -25 } ?? 0
        let measured = 3 * Double(end - start) / Double(Self.rate)
        #expect(abs(measured / time - 1) < 0.15, "\(measured) s instead of \(time) s")
    }

    @Test func anythingThatIsDrawnIsFiniteAndBounded() {
        let rooms = RoomBank(Self.bank)
        for seed in 0..<6 {
            // Speech with pauses, one crop silent all through.
            let pauses = Tensor((0..<8000).map { Float($0 / 1600 % 2) })
            let each = Tensor([Float](arrayLiteral: 1, 1, 1, 1, 1, 1, 1, 0), shape: [8, 1])
            let made = SoundDegradation().scene(
                clean: noise(8, 8000, seed: 3) * pauses * each, noise: noise(8, 8000, seed: 4),
                sampleRate: Self.rate, rooms: rooms, using: Generator(seed: UInt64(seed)))
            for (name, sound) in [
                ("degraded", made.degraded), ("target", made.target), ("auxiliary", made.auxiliary),
            ] {
                #expect(sound.shape == [8, 8000] && sound.dtype == .float32)
                #expect(sound.isFinite().all().item() == 1, "\(name) of seed \(seed)")
                #expect(sound.abs().max().item() < 10, "\(name) of seed \(seed)")
            }
            #expect(made.clarity.isFinite().all().item() == 1)
            for (place, damage) in made.damages.enumerated() {
                let isArray = damage.recorders.count > 1 && !damage.isIdentity
                #expect((made.auxiliary[place].abs().max().item() > 0) == isArray || place == 7)
                if damage.isIdentity { expectEqual(made.degraded[place], made.target[place]) }
                if !isArray { #expect(made.degraded[place].abs().max().item() <= 1) }
            }
        }
    }

    /// The recorder's polarity and phase are in the target too, its colour is not.
    @Test func theTargetFollowsPolarityAndPhase() {
        var damage = SoundDamage()
        damage.signalToNoise = 150
        var recorder = Self.plain
        (recorder.highPass, recorder.highPassOrder, recorder.isInverted) = (300, 2, true)
        damage.recorders = [recorder]
        let impulse = Tensor([Float(0.5)] + [Float](repeating: 0, count: 15_999), shape: [1, 16_000])
        let made = scene([damage], clean: impulse, noise: noise(1, 16_000, seed: 2))
        let (degraded, target) = (made.degraded.realFFT()[0], made.target.realFFT()[0])
        // From 20 Hz, a bin a Hz: the same angle, and a level that does not fall towards low frequencies.
        let angles = (degraded * target.conjugate()).angle().sliced(axis: 0, from: 20, to: 7900)
        #expect(angles.abs().max().item() < 0.01)
        let levels = target.abs().sliced(axis: 0, from: 20, to: 7900)
        #expect(levels.max().item() / levels.min().item() < 1.02)
        #expect(degraded.abs()[20].item() < 0.02 * degraded.abs()[4000].item())
        #expect(made.degraded.min().item() < -2 * made.degraded.max().item())
    }

    /// With noise from one place the beam is nearer to the target than its reference microphone.
    @Test func theBeamTakesNoiseAway() {
        let rooms = RoomBank(Self.bank)
        var damage = SoundDamage()
        damage.room = .simulated(index: 1)
        damage.reverberation = rooms.reverberation[1]
        damage.signalToNoise = 5
        damage.recorders = (0..<3).map { place in
            var recorder = Self.plain
            recorder.place = place
            return recorder
        }
        let syllables = Tensor((0..<16_000).map { Float(sin(Double($0) / 1500) > 0 ? 1 : 0.02) })
        let made = scene(
            [damage], clean: noise(1, 16_000, seed: 1) * syllables, noise: noise(1, 16_000, seed: 2), rooms: rooms)
        func error(_ x: Tensor) -> Double {
            let factor = (x * made.target).sum() / made.target.squared().sum()
            return ((x - made.target * factor).squared().sum() / factor.squared()).item()
        }
        #expect(error(made.degraded) < 0.6 * error(made.degraded + made.auxiliary))
        // The target is as loud as the speech in the beam, and not turned against it.
        let factor = ((made.degraded * made.target).sum() / made.target.squared().sum()).item()
        #expect(abs(factor - 1) < 0.2, "\(factor)")
    }
}
