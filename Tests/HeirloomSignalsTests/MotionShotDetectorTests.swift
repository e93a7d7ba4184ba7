import Foundation
import HeirloomSignals
import Testing

@Suite struct MotionShotDetectorTests {
    /// A scene: waves of its own, moving, with grain.
    private func scene(_ number: Int, _ time: Int, speed: Double = 0.5, gain: Double = 1, offset: Double = 0) -> [Float]
    {
        let phase = Double(number) * 1.7
        var noise = UInt32(truncatingIfNeeded: number &* 7919 &+ time &* 104_729 &+ 1)
        return (0..<36 * 64).map { index in
            let x = Double(index % 64) + Double(time) * speed
            let y = Double(index / 64)
            noise = noise &* 1_664_525 &+ 1_013_904_223
            let grain = (Double(noise >> 16) / 65535 - 0.5) * 0.04
            let value =
                0.45 + 0.2 * sin(x * (0.1 + 0.05 * Double(number % 5)) + phase) * cos(y * 0.2 + phase * 2)
                + 0.15 * cos(y * (0.12 + 0.03 * Double(number % 3)) - x * 0.07 + phase)
            return Float(min(max((value + grain) * gain + offset, 0), 1))
        }
    }

    private func cuts(_ film: [[Float]]) -> [Int] {
        var detector = ShotDetector()
        var decisions = film.compactMap { detector.push($0) }
        if let last = detector.finish() { decisions.append(last) }
        #expect(decisions.count == film.count)
        return decisions.indices.filter { decisions[$0] }
    }

    @Test func cutsAreFoundAndNothingElse() {
        let film = (0..<8).flatMap { shot in (0..<15).map { scene(shot, $0) } }
        #expect(cuts(film) == (0..<8).map { $0 * 15 })
    }

    @Test func aFlashIsNoCut() {
        var film = (0..<40).map { scene(2, $0) }
        film[12] = [Float](repeating: 0.98, count: 36 * 64)
        film[25] = scene(2, 25, gain: 0.3, offset: 0.7)
        #expect(cuts(film) == [0])
    }

    @Test func flickerAndPansAreNoCuts() {
        let flicker = (0..<40).map {
            scene(3, $0, gain: 1 + 0.25 * sin(Double($0) * 2.1), offset: 0.05 * cos(Double($0) * 1.3))
        }
        #expect(cuts(flicker) == [0])
        let pan = (0..<40).map { scene(4, $0, speed: 3) }
        #expect(cuts(pan) == [0])
    }

    @Test func fadesToBlackAreNoCuts() {
        let film = (0..<60).map { index in
            scene(1, index, gain: max(0, 1 - Double(index) / 40))
        }
        #expect(cuts(film) == [0])
    }

    @Test func cutsBetweenFlickeringShotsAreFound() {
        let film = (0..<5).flatMap { shot in
            (0..<20).map { scene(shot, $0, gain: 1 + 0.2 * sin(Double($0) * 2.4)) }
        }
        #expect(cuts(film) == [0, 20, 40, 60, 80])
    }

    @Test func shortFilms() {
        #expect(cuts([]) == [])
        #expect(cuts([scene(0, 0)]) == [0])
        #expect(cuts([scene(0, 0), scene(0, 1)]) == [0])
        #expect(cuts([scene(0, 0), scene(3, 1)]) == [0, 1])
    }
}
