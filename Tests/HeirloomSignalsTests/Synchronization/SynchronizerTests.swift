import Foundation
import HeirloomSignals
import HeirloomTensors
import Testing

@Suite struct SynchronizerTests {
    private func error(_ found: ClockMap, _ truth: ClockMap, at times: [Double]) -> Double {
        times.map { abs((found.fileTime(at: $0) ?? -1) - (truth.fileTime(at: $0) ?? 1)) }.max() ?? 1
    }

    @Test func offsetDriftAndPolarityAreFound() throws {
        let event = SyntheticRecording(seconds: 24, seed: 1)
        let truth = ClockMap(offset: 6.25, driftPPM: 83)
        let first = event.recorded(ClockMap(), seconds: 20, seed: 2)
        let second = event.recorded(truth, seconds: 16, polarity: -1, seed: 3)
        var fractions: [Double] = []
        let found = try Synchronizer().synchronize([AnalysisSamples(first), AnalysisSamples(second)], reference: 0) {
            fractions.append($0.fraction)
        }
        let file = found.files[1]
        #expect(file.isPlaced && file.confidence > 0.8)
        #expect(file.polarity == -1)
        #expect(abs(file.map.driftPPM - 83) < 2, "\(file.map.driftPPM) ppm")
        // Well below one sample.
        #expect(error(file.map, truth, at: [7, 13, 19]) < 2e-5)
        #expect(file.map.jumps.isEmpty)
        #expect(fractions == fractions.sorted() && fractions.allSatisfy { (0...1).contains($0) })
        // The same seen from the other one.
        let turned = found.relative(to: 1)
        #expect(turned.files[0].polarity == -1 && turned.files[1].map == ClockMap())
        #expect(error(turned.files[0].map, truth.inverse, at: [1, 10]) < 2e-5)
    }

    @Test(arguments: [0.04, -0.06])
    func aJumpIsFound(seconds: Double) throws {
        let event = SyntheticRecording(seconds: 32, seed: 6)
        let rate = 1 - 120e-6
        let truth = ClockMap(pieces: [
            .init(start: -.infinity, end: 16, reference: 2, file: 0, rate: rate),
            .init(
                start: 16 + max(seconds, 0), end: .infinity, reference: 16 + max(seconds, 0),
                file: 14 * rate + max(-seconds, 0), rate: rate),
        ])
        let first = event.recorded(ClockMap(), seconds: 32, noise: 0.0002, seed: 7)
        let second = event.recorded(truth, seconds: 28, noise: seconds < 0 ? 0 : 0.0002, seed: 8)
        let found = try Synchronizer().synchronize([AnalysisSamples(first), AnalysisSamples(second)], reference: 0)
        let map = found.files[1].map
        let jump = try #require(map.jumps.first)
        #expect(map.jumps.count == 1)
        #expect(abs(jump.reference - 16) < 0.010, "at \(jump.reference)")
        #expect(abs(jump.seconds - seconds) < 0.0005, "\(jump.seconds) s")
        #expect(error(map, truth, at: [3, 15, 17, 28]) < 5e-5)
    }

    @Test func theUnrelatedTheSilentAndTheEmptyAreNamed() throws {
        let event = SyntheticRecording(seconds: 12, seed: 9)
        let sources: [[Float]] = [
            event.recorded(ClockMap(), seconds: 12, seed: 10),
            event.recorded(ClockMap(offset: 2), seconds: 9, seed: 11),
            SyntheticRecording(seconds: 12, seed: 12).event,
            [Float](repeating: 0, count: 100_000), [], [Float](repeating: .nan, count: 50_000),
        ]
        let found = try Synchronizer().synchronize(sources.map { AnalysisSamples($0) })
        #expect(found.files.map(\.isPlaced) == [true, true, false, false, false, false])
        let reasons = found.files.map { file in
            if case .unrelated(let reason) = file.status { reason } else { "" }
        }
        #expect(reasons[2].contains("no place was found") && reasons[3].contains("silent"))
        #expect(reasons[4].contains("shorter") && reasons[5].contains("silent"))
    }

    @Test func aFileGivenTwiceIsRecognised() throws {
        let event = SyntheticRecording(seconds: 10, seed: 13)
        let first = event.recorded(ClockMap(), seconds: 10, seed: 14)
        let other = event.recorded(ClockMap(), seconds: 10, noise: 0.15, seed: 15)
        let cut = Array(first[16000...])
        let found = try Synchronizer().synchronize([first, other, cut].map { AnalysisSamples($0) }, reference: 0)
        #expect(found.files.map(\.duplicateOf) == [nil, nil, 0])
        #expect(abs(found.files[2].map.offset - 1) < 1e-5)
    }

    @Test func filesThatOverlapOnlyThroughAThirdArePlaced() throws {
        let event = SyntheticRecording(seconds: 34, seed: 16)
        let early = event.recorded(ClockMap(), seconds: 14, seed: 17)
        let bridge = event.recorded(ClockMap(offset: 4, driftPPM: 30), seconds: 27, seed: 18)
        let late = event.recorded(ClockMap(offset: 19, driftPPM: -50), seconds: 14, seed: 19)
        let found = try Synchronizer().synchronize([early, bridge, late].map { AnalysisSamples($0) }, reference: 0)
        #expect(found.files.map(\.isPlaced) == [true, true, true])
        #expect(found.files[2].placedThrough == 1)
        // The early file's ten seconds in common say where the line of the late one goes on.
        #expect(abs(found.files[2].map.offset - 19) < 0.001)
    }

    @Test func aSecondIsFoundInAMinute() throws {
        let event = SyntheticRecording(seconds: 60, seed: 20)
        let long = event.recorded(ClockMap(), seconds: 60, seed: 21)
        let short = event.recorded(ClockMap(offset: 41.5), seconds: 1, seed: 22)
        let found = try Synchronizer().synchronize([short, long].map { AnalysisSamples($0) }, reference: 1)
        #expect(found.files[0].isPlaced)
        #expect(abs(found.files[0].map.offset - 41.5) < 1e-4)
    }

    @Test func cancellingEndsTheWork() {
        let event = SyntheticRecording(seconds: 4, seed: 23).event
        #expect(throws: CancellationError.self) {
            try Synchronizer().synchronize([AnalysisSamples(event), AnalysisSamples(event)]) { step in
                if step.fraction > 0.05 { throw CancellationError() }
            }
        }
    }
}
