import HeirloomMedia
import Testing

@testable import HeirloomRestoration

@Suite struct TellingFrameTests {
    private func frame(
        _ seconds: Double, mean: Double, busyness: Double = 0.05, shot: Int, contrast: Double = 0.2,
        damaged: Bool = false
    ) -> SurveyedFrame {
        SurveyedFrame(
            time: MediaTime(seconds: seconds), mean: mean, contrast: contrast, detail: busyness, motion: 0, shot: shot,
            isDamaged: damaged)
    }

    private func picks(_ frames: [SurveyedFrame]) -> [TellingFrame.Reason: Double] {
        var result: [TellingFrame.Reason: Double] = [:]
        for one in TellingFrame.pick(from: frames) {
            for reason in one.reasons { result[reason] = one.frame.time.seconds }
        }
        return result
    }

    @Test("the extremes and the middle are found, each in a shot of its own, in the order of time")
    func extremes() {
        var frames = (0..<40).map { frame(Double($0), mean: 0.4 + 0.002 * Double($0 % 5), shot: $0 / 4) }
        frames[21] = frame(21, mean: 0.1, shot: 5)
        frames[33] = frame(33, mean: 0.9, shot: 8)
        frames[2] = frame(2, mean: 0.4, busyness: 0.3, shot: 0)
        let picked = TellingFrame.pick(from: frames)
        #expect(picked.map(\.frame.time) == picked.map(\.frame.time).sorted() && picked.count == 4)
        let places = picks(frames)
        #expect(places[.darkest] == 21 && places[.brightest] == 33 && places[.busiest] == 2)
        let median = places[.median].map(Int.init) ?? 0
        #expect(![0, 5, 8].contains(median / 4) && frames[median].mean == 0.404)
    }

    @Test("blank and damaged frames are passed over while there are others")
    func blanks() {
        let frames = [
            frame(0, mean: 0, shot: 0, contrast: 0.001), frame(2, mean: 0.05, shot: 1, damaged: true),
            frame(4, mean: 0.3, shot: 2), frame(6, mean: 0.5, shot: 3), frame(8, mean: 1, shot: 4, contrast: 0.005),
        ]
        let places = picks(frames)
        #expect(places[.darkest] == 4 && places[.brightest] == 6)
        #expect(picks([frames[0]])[.darkest] == 0, "a film of black frames has only those")
    }

    @Test("a film of one frame has one telling frame for all reasons; a film of none has none")
    func fewFrames() {
        let one = TellingFrame.pick(from: [frame(0, mean: 0.5, shot: 0)])
        #expect(one.count == 1 && Set(one[0].reasons) == Set(TellingFrame.Reason.allCases).subtracting([.face]))
        #expect(one[0].reason == "darkest and brightest and busiest and median")
        #expect(TellingFrame.pick(from: []).isEmpty)
        let three = TellingFrame.pick(
            from: (0..<3).map { frame(Double($0) * 0.04, mean: 0.2 + 0.1 * Double($0), shot: 0) })
        #expect(three.count == 3 && three.flatMap(\.reasons).count == 4)
    }

    @Test("in one shot, the picks lie a second apart")
    func oneShot() {
        let frames = (0..<100).map { frame(Double($0) / 10, mean: 0.2 + 0.005 * Double($0), shot: 0) }
        let times = TellingFrame.pick(from: frames).map(\.frame.time.seconds)
        #expect(times.count == 4 && zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 1 })
    }
}
