import Foundation
@testable import HeirloomRecipes
import HeirloomTensors
import TestSupport
import Testing

/// The parts of a recorder, each alone.
@Suite struct RecorderTests {
    private let length = 8000

    private func gains(_ recorder: SoundRecorder, at frequencies: [Int]) -> [Double] {
        // One bin is 2 Hz.
        let spectrum = MicrophoneResponse([recorder], sampleRate: 16_000, length: length, device: .cpu).spectrum[0]
        let levels = spectrum.abs().scalars(as: Float.self)
        return frequencies.map { 20 * log10(Double(levels[$0 / 2])) }
    }

    @Test(arguments: [1, 2])
    func theBandBeginsAtItsCorner(order: Int) {
        var recorder = SoundRecorder()
        (recorder.highPass, recorder.highPassOrder) = (200, order)
        let found = gains(recorder, at: [20, 200, 4000])
        #expect(abs(found[1] + 3.01) < 0.05, "half of the power at the corner")
        #expect(abs(found[0] + 20 * Double(order)) < 0.2, "20 dB a decade and order")
        #expect(abs(found[2]) < 0.05)
    }

    @Test func theBandEndsAtItsCorner() {
        var recorder = SoundRecorder()
        (recorder.highPass, recorder.lowPass, recorder.lowPassOrder) = (1, 2000, 4)
        let found = gains(recorder, at: [500, 2000, 4000])
        #expect(abs(found[0]) < 0.05 && abs(found[1] + 3.01) < 0.05 && abs(found[2] + 24.1) < 0.1)
    }

    @Test func peaksAreAsHighAsAsked() {
        var recorder = SoundRecorder()
        recorder.highPass = 1
        recorder.peaks = [.init(frequency: 1000, gain: 6, quality: 2)]
        let found = gains(recorder, at: [100, 1000, 7000])
        #expect(abs(found[0]) < 0.2 && abs(found[1] - 6) < 0.05 && abs(found[2]) < 0.2)
    }

    private func recorded(
        _ sound: Tensor, _ change: (inout SoundRecorder) -> Void
    ) -> (files: Tensor, gains: Tensor) {
        var recorder = SoundRecorder()
        change(&recorder)
        var damage = SoundDamage()
        damage.peak = -6
        damage.recorders = [recorder]
        let electronics = RecorderElectronics(
            sampleRate: 16_000, rows: [(damage, recorder)], generator: Generator(seed: 1))
        return electronics(sound, speech: sound.realFFT().power)
    }

    private var tone: Tensor {
        (Tensor.range(to: Double(length)) * (2 * .pi * 440 / 16_000)).sin().unsqueezed(0) * 0.1
    }

    @Test func nothingButTheLevelChanges() {
        let (file, gain) = recorded(tone) { _ in }
        #expect(abs(file.abs().max().item() - pow(10, -6.0 / 20)) < 1e-4)
        expectClose(file, tone * gain.item(), absolute: 1e-5)
    }

    @Test func clippingCutsTheShareAsked() {
        let sound = Tensor.normal([1, length], using: Generator(seed: 2)) * 0.1
        let (file, _) = recorded(sound) { $0.clipShare = 0.05 }
        let largest = file.abs().max().item()
        let share = (file.abs() .> (largest * 0.9999)).to(dtype: .float32).mean().item()
        #expect(abs(share - 0.05) < 0.01)
    }

    @Test func automaticGainEvensLevelsOut() {
        let loudness = Tensor((0..<length).map { Float($0 < 4000 ? 1 : 0.05) })
        func ratio(_ x: Tensor) -> Double {
            let halves = x.reshaped([2, 4000]).sliced(axis: 1, from: 2000).squared().mean(axes: [1]).scalars(
                as: Float.self)
            return 10 * log10(Double(halves[0] / halves[1]))
        }
        let control = SoundRecorder.GainControl(attack: 0.005, release: 0.05, ratio: 4, largestGain: 18)
        let (file, _) = recorded(tone * loudness) { $0.gainControl = control }
        #expect(ratio(tone * loudness) > 25 && ratio(file) < 15 && ratio(file) > 2)
    }

    @Test func eightBitsHaveFewLevels() {
        let (file, _) = recorded(tone) { $0.bits = 8 }
        #expect(Set(file.scalars(as: Float.self)).count <= 129)
    }

    @Test func telephonesHave255Levels() {
        let (file, _) = recorded(Tensor.normal([1, length], using: Generator(seed: 2))) { $0.codec = .telephone }
        #expect(Set(file.scalars(as: Float.self)).count <= 255)
    }

    @Test func suppressionQuietensPauses() {
        let speech = tone * Tensor((0..<length).map { Float($0 < 4000 ? 1 : 0) })
        let sound = speech + Tensor.normal([1, length], using: Generator(seed: 2)) * 0.005
        func pause(_ x: Tensor) -> Double { x.sliced(axis: 1, from: 5000, to: 7500).squared().mean().item() }
        let (plain, _) = recorded(sound) { _ in }
        let (file, _) = recorded(sound) { $0.codec = .suppression }
        #expect(pause(file) < 0.25 * pause(plain))
        #expect(file.isFinite().all().item() == 1)
    }

    @Test func muteIsSilent() {
        let (file, _) = recorded(tone) { $0.mute = .init(start: 0.1, length: 0.05) }
        #expect(file.sliced(axis: 1, from: 1602, to: 2398).abs().max().item() == 0)
        #expect(file.sliced(axis: 1, from: 2402).abs().max().item() > 0.4)
    }
}
