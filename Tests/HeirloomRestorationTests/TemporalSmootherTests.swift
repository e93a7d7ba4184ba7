import Foundation
import HeirloomRestoration
import HeirloomTensors
import TestSupport
import Testing

@Suite struct TemporalSmootherTests {
    private let height = 64
    private let width = 96

    /// A textured ground and a bright disc that moves: luma, and the chroma that belongs to it.
    private func scene(_ time: Int, speed: Double = 1.5) -> (luma: Tensor, chroma: Tensor) {
        let center = 20 + Double(time) * speed
        var luma: [Float] = []
        var blue: [Float] = []
        for y in 0..<height {
            for x in 0..<width {
                let inside = pow(Double(x) - center, 2) + pow(Double(y) - 32, 2) < 150
                let texture = 0.06 * sin(Double(x) * 0.7) * cos(Double(y) * 0.6)
                luma.append(Float((inside ? 0.75 : 0.35) + texture))
                blue.append(inside ? -0.2 : 0.1)
            }
        }
        let one = Tensor(blue, shape: [1, 1, height, width])
        return (Tensor(luma, shape: [1, 1, height, width]), concatenated([one, one * -0.5], axis: 1))
    }

    private func smooth(_ film: [(luma: Tensor, chroma: Tensor)], shots: Set<Int> = [0]) -> [Tensor] {
        var smoother = TemporalSmoother(factor: 1)
        var out: [Tensor] = []
        for (index, frame) in film.enumerated() {
            out += smoother.push(
                .init(
                    index: index, chroma: frame.chroma, luma: frame.luma, seconds: 1.0 / 24,
                    startsShot: shots.contains(index)))
        }
        return out + smoother.finish()
    }

    @Test(arguments: [1, 7, 8, 9, 16, 17, 30])
    func everyFrameComesOut(count: Int) {
        let film = (0..<count).map { scene($0) }
        #expect(smooth(film).count == count)
        #expect(smooth(film, shots: [0, 3, 4, 20]).count == count)
    }

    @Test func stillColoursAreUntouched() {
        let film = (0..<20).map { _ in scene(0) }
        for frame in smooth(film) { expectClose(frame, film[0].chroma, absolute: 1e-4) }
    }

    @Test func flickerIsReducedAndMotionLeavesNoGhosts() {
        let generator = Generator(seed: 5)
        let truth = (0..<40).map { scene($0) }
        // Every frame's colours are off by their own amount, everywhere and in patches.
        let film = truth.map { frame in
            let all = Tensor.normal([1, 2, 1, 1], standardDeviation: 0.04, using: generator)
            let patches = Tensor.normal([1, 2, 8, 12], standardDeviation: 0.04, using: generator)
                .resized(height: height, width: width)
            return (luma: frame.luma, chroma: frame.chroma + all + patches)
        }
        let out = smooth(film)
        func errors(_ colours: [Tensor]) -> Double {
            (10..<30).map { (colours[$0] - truth[$0].chroma).squared().mean().item() }.reduce(0, +) / 20
        }
        let (before, after) = (errors(film.map(\.chroma)).squareRoot(), errors(out).squareRoot())
        #expect(after < 0.5 * before, "error \(before) before, \(after) after")
        // Flicker: the change from frame to frame at places of the ground that the disc never touches.
        func flicker(_ colours: [Tensor]) -> Double {
            (11..<30).map {
                (colours[$0] - colours[$0 - 1])[TensorIndex.all, TensorIndex.all, 0..<16].abs().mean().item()
            }.reduce(0, +) / 19
        }
        #expect(flicker(out) < 0.25 * flicker(film.map(\.chroma)))
        // Ghosts: where the disc has just been, the ground has its own colour again.
        let behind = (12..<28).map { time in
            let x = Int(20 + Double(time) * 1.5 - 12.5) - 4
            return (out[time] - truth[time].chroma)[TensorIndex.all, TensorIndex.all, 28..<36, x..<x + 4].mean(axes: [
                2, 3,
            ]).abs().max().item()
        }
        #expect(behind.reduce(0, +) / Double(behind.count) < 0.06, "\(behind)")
    }

    @Test func withoutFlickerMotionStaysSharp() {
        let film = (0..<32).map { scene($0) }
        let out = smooth(film)
        for time in 8..<24 {
            // The disc's colour inside and the ground's outside, but for the rim.
            let error = (out[time] - film[time].chroma).abs().mean().item()
            #expect(error < 0.012, "frame \(time): \(error)")
        }
    }

    @Test func nothingPassesACut() {
        let red = (0..<12).map { (luma: scene($0).luma, chroma: Tensor.full([1, 2, height, width], 0.2)) }
        // The same luma, so that only the cut can tell.
        let blue = (12..<24).map { (luma: scene($0).luma, chroma: Tensor.full([1, 2, height, width], -0.2)) }
        let out = smooth(red + blue, shots: [0, 12])
        for frame in out[..<12] { expectClose(frame, red[0].chroma, absolute: 1e-4) }
        for frame in out[12...] { expectClose(frame, blue[0].chroma, absolute: 1e-4) }
    }

    @Test func aWrongColourDiesWithinASecond() {
        let still = scene(0)
        let film = (0..<60).map {
            (luma: still.luma, chroma: Tensor.full([1, 2, height, width], $0 < 24 ? 0.2 : -0.2))
        }
        let out = smooth(film)
        let values = out.map { $0[0, 0, 20, 20].item() }
        // Centred on the change: neither early nor late by more than a frame or two.
        let crossing = values.firstIndex { $0 < 0 } ?? 0
        #expect((22...26).contains(crossing), "\(crossing)")
        // One second after (and before) less than a twelfth of the wrong colour is left.
        #expect(values[47] < -0.167 && values[0] > 0.167, "\(values[47]), \(values[0])")
        #expect(zip(values, values.dropFirst()).allSatisfy { $1 <= $0 + 1e-4 }, "no overshoot")
    }

    @Test func aSmallerFilterOnlyCorrects() {
        let film = (0..<12).map { _ in scene(0) }
        var smoother = TemporalSmoother(factor: 2)
        var out: [Tensor] = []
        for (index, frame) in film.enumerated() {
            out += smoother.push(
                .init(
                    index: index, chroma: frame.chroma, luma: frame.luma.meanPooled(kernel: 2, stride: 2),
                    seconds: 0.04, startsShot: index == 0))
        }
        out += smoother.finish()
        #expect(out.count == 12)
        // What does not flicker keeps its full resolution, to a quarter of a code value.
        for frame in out { expectClose(frame, film[0].chroma, absolute: 1e-3) }
    }
}
