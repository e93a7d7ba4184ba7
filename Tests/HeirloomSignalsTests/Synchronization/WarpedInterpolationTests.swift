import Foundation
import HeirloomSignals
import Testing

@Suite struct WarpedInterpolationTests {
    /// A sine is read at 48 kHz, 16 kHz and 44.1 kHz along a drifting clock.
    @Test(arguments: [(48000, 48000, 5000.0), (44100, 48000, 17000), (48000, 16000, 6000), (16000, 44100, 3000)])
    func aSineStaysOne(fileRate: Int, outputRate: Int, frequency: Double) {
        let count = fileRate / 4
        let step = 2 * Double.pi * frequency / Double(fileRate)
        let file = (0..<count).map { Float(sin(step * Double($0))) }
        let map = ClockMap(offset: -0.05, driftPPM: 140)
        let reader = WarpedInterpolation(
            map: map, fileRate: fileRate, fileSampleCount: count, outputRate: outputRate)
        let first = outputRate / 100
        let found = reader.samples(first..<first + 2000, of: file, startingAt: 0)
        var error = 0.0
        for (index, value) in found.enumerated() {
            let position = map.fileTime(at: Double(first + index) / Double(outputRate))! * Double(fileRate)
            error = max(error, abs(Double(value) - sin(step * position)))
        }
        // −100 dB of full scale.
        #expect(error < 1e-5, "\(20 * log10(error)) dB")
    }

    @Test func whatWouldAliasIsTakenOut() {
        let file = (0..<12000).map { Float(sin(2 * Double.pi * 11000 / 48000 * Double($0))) }
        let reader = WarpedInterpolation(map: ClockMap(), fileRate: 48000, fileSampleCount: 12000, outputRate: 16000)
        let found = reader.samples(1000..<3000, of: file, startingAt: 0)
        #expect(found.allSatisfy { abs($0) < 1e-4 })
    }

    @Test func blocksGiveTheSameBits() {
        let event = SyntheticRecording(seconds: 1, seed: 4).event
        let map = ClockMap(pieces: [
            .init(start: -.infinity, end: 0.4, reference: 0.1, file: 0, rate: 1.0002),
            .init(start: 0.44, end: .infinity, reference: 0.44, file: 0.30006, rate: 1.0002),
        ])
        let reader = WarpedInterpolation(map: map, fileRate: 16000, fileSampleCount: event.count, outputRate: 48000)
        let whole = reader.samples(-500..<30000, of: event, startingAt: 0)
        var parts: [Float] = []
        var start = -500
        for count in [1, 777, 10000, 9222, 500, 10000] {
            let range = start..<start + count
            let needed = reader.fileRange(for: range)
            parts += reader.samples(range, of: Array(event[needed]), startingAt: needed.lowerBound)
            start += count
        }
        let isSame = parts == whole
        #expect(isSame)
        // Nothing before the file began, and nothing in the gap.
        let valid = reader.validRanges(in: -500..<30000)
        #expect(valid == [4800..<19200, 21120..<30000])
        #expect(whole[19200 + 500..<21120 + 500].allSatisfy { $0 == 0 })
        #expect(whole[0..<5300].allSatisfy { $0 == 0 })
    }

    @Test func theIdentityChangesNothing() {
        let event = SyntheticRecording(seconds: 0.2, seed: 5).event
        let reader = WarpedInterpolation(
            map: ClockMap(), fileRate: 16000, fileSampleCount: event.count, outputRate: 16000)
        let found = reader.samples(100..<3000, of: event, startingAt: 0)
        // Only the highest twentieth of the band is missing.
        let error = zip(found, event[100...]).map { abs($0 - $1) }.max() ?? 1
        #expect(error < 0.02)
    }
}
