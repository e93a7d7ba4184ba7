import Foundation
import HeirloomSignals
import Testing

@Suite struct ClockMapTests {
    /// 83 ppm fast, started 13.25 s late, lost 128 ms at 30 s and put in 60 ms of silence at 50 s.
    private let map = ClockMap(pieces: [
        .init(start: -.infinity, end: 30, reference: 13.25, file: 0, rate: 1.000083),
        .init(start: 30.128, end: 50, reference: 30.128, file: 16.75 * 1.000083, rate: 1.000083),
        .init(
            start: 50, end: .infinity, reference: 50, file: 16.75 * 1.000083 + 19.872 * 1.000083 + 0.06, rate: 1.000083),
    ])

    @Test func whatTheFileHoldsIsFoundBothWays() throws {
        #expect(abs(map.offset - 13.25) < 1e-9)
        #expect(abs(map.driftPPM - 83) < 1e-6)
        for time in [-5, 0, 13.25, 29.9, 30.2, 49, 51, 4000] {
            let file = try #require(map.fileTime(at: time))
            let back = try #require(map.referenceTime(at: file))
            let inverted = try #require(map.inverse.fileTime(at: file))
            #expect(abs(back - time) < 1e-9 && abs(inverted - time) < 1e-9)
        }
    }

    @Test func nothingIsThereInGaps() throws {
        #expect(map.fileTime(at: 30.05) == nil)
        let inserted = try #require(map.fileTime(at: 49.999)) + 0.03
        #expect(map.referenceTime(at: inserted) == nil)
        #expect(map.inverse.fileTime(at: inserted) == nil)
    }

    @Test func jumpsAreToldWithTheirSign() {
        #expect(map.jumps.count == 2)
        #expect(abs(map.jumps[0].seconds - 0.128) < 1e-6)
        #expect(abs(map.jumps[0].reference - 30) < 1e-9)
        #expect(abs(map.jumps[1].seconds + 0.06) < 1e-5)
    }

    @Test func aMapAfterItsInverseIsTheIdentity() throws {
        let identity = map.composed(with: map.inverse)
        for time in [0.0, 20, 40, 60] {
            let found = try #require(identity.fileTime(at: time))
            #expect(abs(found - time) < 1e-9)
        }
        #expect(identity.fileTime(at: 30.05) == nil)
        let other = ClockMap(offset: -3, driftPPM: -40)
        let both = map.composed(with: other)
        let between = try #require(map.fileTime(at: 42))
        let expected = try #require(other.fileTime(at: between))
        let found = try #require(both.fileTime(at: 42))
        #expect(abs(found - expected) < 1e-9)
    }

    @Test func mapsSurviveJSON() throws {
        let data = try JSONEncoder().encode(map)
        #expect(try JSONDecoder().decode(ClockMap.self, from: data) == map)
        let broken = #"{"driftError":0,"pieces":[{"start":3,"reference":0,"file":0,"rate":1}]}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(ClockMap.self, from: Data(broken.utf8)) }
        let standing = #"{"driftError":0,"pieces":[{"reference":0,"file":0,"rate":0}]}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(ClockMap.self, from: Data(standing.utf8)) }
    }
}
