import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@Suite struct SpatialIntervalsTests {
    @Test(arguments: [1, 999, 6000, 8999, 9001, 30000])
    func coresFillTheRecording(_ samples: Int) {
        let intervals = SpatialIntervals(sampleCount: samples, sampleRate: 100).intervals
        #expect(intervals.first?.core.lowerBound == 0 && intervals.last?.core.upperBound == samples)
        for (a, b) in zip(intervals, intervals.dropFirst()) { #expect(a.core.upperBound == b.core.lowerBound) }
        for interval in intervals {
            #expect(interval.core.count <= 9000 && interval.core.clamped(to: interval.samples) == interval.core)
        }
        #expect(SpatialIntervals(sampleCount: 0, sampleRate: 100).intervals.isEmpty)
    }

    @Test func piecesJoinWithoutATrace() {
        let x = Tensor.normal([2, 1000], using: Generator(seed: 1))
        let intervals = SpatialIntervals(sampleCount: 1000, sampleRate: 100, seconds: 3, margin: 0.5).intervals
        var joiner = SpatialJoiner(sampleRate: 100)
        var pieces: [Tensor] = []
        for (index, interval) in intervals.enumerated() {
            let part = x.sliced(axis: 1, from: interval.samples.lowerBound, to: interval.samples.upperBound)
            // The second interval is louder: the joint must fade, not jump.
            pieces.append(joiner.join(part * (index == 1 ? 2 : 1), of: interval, isLast: index + 1 == intervals.count))
        }
        let joined = concatenated(pieces, axis: 1)
        #expect(intervals.count == 3 && joined.shape == [2, 1000])
        let gain = (joined / x).selected(axis: 0, index: 0).floats
        for place in [0, 280, 650, 999] { #expect(abs(gain[place] - 1) < 1e-5) }
        #expect(abs(gain[450] - 2) < 1e-5)
        for (a, b) in zip(gain, gain.dropFirst()) { #expect(abs(a - b) < 0.05) }
    }
}
