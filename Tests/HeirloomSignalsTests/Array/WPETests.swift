import Foundation
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@Suite struct WPETests {
    private func options(taps: Int?, limit: Double = 8000) -> WPE.Options {
        var options = WPE.Options()
        options.taps = taps
        options.limit = limit
        return options
    }

    /// Innovations of changing power and what becomes of them when each frame repeats those three and more before it.
    private func reverberant(frames: Int, channels: Int) -> (dry: Tensor, wet: Tensor) {
        let random = Generator(seed: 4)
        let level = Tensor.normal([1, frames, 1], using: random).exp()
        let dry = Tensor.normal([channels, frames, 2], using: random) * level
        var wet = (0..<frames).map { dry.sliced(axis: 1, from: $0, to: $0 + 1) }
        for frame in 3..<frames {
            wet[frame] = wet[frame] + wet[frame - 3].flipped([0]) * 0.5
            if frame >= 5 { wet[frame] = wet[frame] - wet[frame - 5] * 0.3 }
        }
        func complex(_ x: Tensor) -> Tensor { x.contiguous().viewedAsComplex().unsqueezed(1) }
        return (complex(dry), complex(concatenated(wet, axis: 1)))
    }

    private func level(_ error: Tensor, _ signal: Tensor) -> Double {
        10 * log10(error.abs().squared().mean().item() / signal.abs().squared().mean().item())
    }

    @Test func theInnovationComesBack() {
        let (dry, wet) = reverberant(frames: 600, channels: 2)
        let before = level(wet - dry, dry)
        let after = level(WPE(options(taps: 4))(wet) - dry, dry)
        // 16 unknowns from 600 frames: the rest is the error of the estimate.
        #expect(before > -6 && after < -14, "\(before) → \(after) dB")
    }

    /// A recorder that is muted for a moment: frames of next to no power must not outweigh all others.
    @Test func aSilentMomentDoesNotOutweighTheRest() {
        let (dry, wet) = reverberant(frames: 600, channels: 1)
        let gain = Tensor((0..<600).map { 250..<280 ~= $0 ? Float(1e-6) : 1 }, shape: [1, 1, 600])
        func rest(_ x: Tensor) -> Tensor { x.sliced(axis: 2, from: 300) }
        let before = level(rest(wet - dry), rest(dry))
        let whole = level(rest(WPE(options(taps: 4))(wet) - dry), rest(dry))
        let muted = level(rest(WPE(options(taps: 4))(wet * gain) - dry), rest(dry))
        // The few frames after the moment, whose past is missing, cost a little; counted, the moment would cost all gain.
        #expect(whole < before - 6 && muted < whole + 3, "\(before) → \(whole), muted \(muted) dB")
    }

    @Test func itAgreesWithThePublishedProgram() throws {
        let golden = try Fixture.tensors("array/array.safetensors")
        let wet = try #require(golden["wpe.wet"]).to(dtype: .float64).viewedAsComplex()
        let expected = try #require(golden["wpe.expected"]).to(dtype: .float64)
        // The program takes every frame, however quiet.
        var every = options(taps: 4)
        every.quietest = 0
        let dry = WPE(every)(wet.swappingAxes(0, 1)).swappingAxes(0, 1).contiguous().viewedAsReal()
        // The program adds nothing to the diagonal, we a millionth: on values of about 1.
        expectClose(dry, expected, absolute: 2e-4)
        let single = WPE(every)(wet.to(dtype: .complex64).swappingAxes(0, 1)).swappingAxes(0, 1)
        expectClose(single.contiguous().viewedAsReal().to(dtype: .float64), expected, absolute: 2e-3)
    }

    @Test func missingFramesHaveNoPart() {
        let (dry, wet) = reverberant(frames: 600, channels: 2)
        var valid = [Float](repeating: 1, count: 1200)
        for frame in 200..<260 { valid[600 + frame] = 0 }
        let flags = Tensor(valid, shape: [2, 600])
        // What stands in missing frames must not matter, be it as loud as it may.
        let garbage = `where`(flags.unsqueezed(1) .> 0.5, wet, wet * 0)
        let loud = `where`(flags.unsqueezed(1) .> 0.5, wet, wet * 1000)
        let kept = 300..<600
        let first = WPE(options(taps: 4))(garbage, valid: flags).sliced(axis: 2, from: kept.lowerBound)
        let second = WPE(options(taps: 4))(loud, valid: flags).sliced(axis: 2, from: kept.lowerBound)
        expectClose(first.viewedAsReal(), second.viewedAsReal(), absolute: 1e-5)
        #expect(level(first - dry.sliced(axis: 2, from: 300), dry) < -12)
    }

    @Test func aboveTheLimitNothingChanges() {
        let y = Tensor.normal([2, 6, 100, 2], using: Generator(seed: 1)).viewedAsComplex()
        let dry = WPE(options(taps: 2, limit: 40))(y, binWidth: 20)
        expectEqual(dry.sliced(axis: 1, from: 3).viewedAsReal(), y.sliced(axis: 1, from: 3).viewedAsReal())
        #expect((dry - y).sliced(axis: 1, from: 0, to: 3).abs().sum().item() > 0.1)
    }

    @Test(arguments: [1, 3, 9])
    func silenceAndShortSoundPass(_ channels: Int) {
        let silence = Tensor.zeros([channels, 4, 60], dtype: .complex64)
        expectEqual(WPE()(silence).viewedAsReal(), silence.viewedAsReal())
        let short = Tensor.normal([channels, 4, 5, 2], using: Generator(seed: 2)).viewedAsComplex()
        #expect(WPE()(short).viewedAsReal().isFinite().all().item() == 1)
    }
}
