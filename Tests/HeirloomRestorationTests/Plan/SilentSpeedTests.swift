import Foundation
import HeirloomMedia
import Testing

@testable import HeirloomRestoration

@Suite struct SilentSpeedTests {
    /// A film at a rate, whose frames repeat by a rule and whose brightness swings by another.
    private func frames(
        _ count: Int = 400, repeats: (Int) -> Bool = { _ in false }, swing: (Int) -> Double = { _ in 0 },
        motion: (Int) -> Double = { 0.02 + 0.01 * sin(Double($0) * 0.37) }
    ) -> [SurveyedFrame] {
        (0..<count).map { index in
            let noise = Double((index &* 7919 + 13) % 101) / 101 - 0.5
            return SurveyedFrame(
                time: MediaTime(Int64(index), Rational(1, 24)), mean: 0.4 * (1 + swing(index) + 0.004 * noise),
                contrast: 0.2, detail: 0.05, motion: repeats(index) ? 0.0003 : motion(index))
        }
    }

    private func estimate(
        _ frames: [SurveyedFrame], rate: Double? = 24, variable: Bool = false, sound: Bool = false
    ) -> SilentSpeedEstimate {
        SilentSpeedEstimate(frames: frames, rate: rate, isVariable: variable, hasSound: sound)
    }

    @Test("nothing is changed where nothing proves it, and the reason says so")
    func unproven() {
        let plain = estimate(frames())
        #expect(plain.speed == nil && plain.reason.contains("nothing in the picture proves"))
        #expect(estimate(frames(), sound: true).reason.contains("has sound"))
        #expect(estimate(frames(), rate: 18).reason.contains("18 pictures a second already"))
        #expect(estimate(frames(), variable: true).speed == nil && estimate(frames(), rate: nil).speed == nil)
        #expect(estimate([]).speed == nil)
    }

    @Test(
        "repeated frames tell that the speed was corrected",
        arguments: [(2, 12.0), (3, 16.0), (4, 18.0), (6, 20.0)])
    func repeated(every: Int, distinct: Double) {
        let found = RepeatedFrames.period(in: frames(repeats: { $0 % every == every - 1 }))
        #expect(found == RepeatedFrames.Period(frames: every, repeated: 1))
        let said = estimate(frames(repeats: { $0 % every == every - 1 }))
        #expect(said.speed == nil && said.reason.contains("so \(Int(distinct)) different pictures"))
        #expect(said.reason.contains("was corrected"))
    }

    @Test("16 in 25, spread as evenly as can be, is found as a pattern too")
    func sixteenInTwentyFive() {
        let said = estimate(frames(repeats: { $0 * 16 / 25 == ($0 - 1) * 16 / 25 && $0 > 0 }), rate: 25)
        #expect(said.speed == nil && said.reason.contains("was corrected"), "\(said.reason)")
    }

    @Test("now and then a still frame, or a scene that stands still, is no pattern")
    func stillScenes() {
        var state: UInt64 = 5
        let still = (0..<400).map { _ -> Bool in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % 9 == 0
        }
        #expect(RepeatedFrames.period(in: frames(repeats: { still[$0] })) == nil)
        #expect(RepeatedFrames.period(in: frames(motion: { _ in 0.0004 })) == nil)
    }

    @Test("the crank's swing in 8 frames is found, other swings and noise are not", arguments: [0.004, 0.02, 0.06])
    func crank(_ amplitude: Double) {
        let film = frames(swing: { amplitude * sin(2 * .pi * Double($0) / 8 + 0.7) })
        let said = estimate(film)
        #expect((said.speed == Rational(16, 1)) == (amplitude > 0.005), "\(said.reason)")
        for period in [5.0, 6.4, 11, 23] {
            let other = frames(swing: { amplitude * sin(2 * .pi * Double($0) / period) })
            #expect(!CrankFlicker.isPresent(in: other), "a period of \(period) frames")
        }
        #expect(!CrankFlicker.isPresent(in: frames(100, swing: { amplitude * sin(2 * .pi * Double($0) / 8) })))
    }

    @Test("exposure flicker without a period is not taken for a crank's")
    func randomFlicker() {
        var state: UInt64 = 88
        let jumps = (0..<400).map { _ -> Double in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (Double(state >> 40) / Double(1 << 24) - 0.5) * 0.1
        }
        #expect(!CrankFlicker.isPresent(in: frames(swing: { jumps[$0] })))
    }
}
