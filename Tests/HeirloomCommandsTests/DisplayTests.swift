import Foundation
import HeirloomMedia
import HeirloomRestoration
import Testing

@testable import HeirloomCommands

@Suite struct DisplayTests {
    private func state(total: Int?, completed: Int = 120) -> ProgressState {
        ProgressState(
            item: "film.mp4", unit: "frames", completed: completed, total: total, rate: 8.1, elapsed: .seconds(15),
            remaining: total == nil ? nil : .seconds(3725), residentBytes: 812 << 20)
    }

    @Test("a bar shows place, speed, time left and memory")
    func bar() {
        #expect(
            state(total: 240).line(bar: true)
                == "film.mp4  [██████████··········]  50 %  120/240 frames  8.1/s  1:02:05 left  812 MB")
        #expect(state(total: 240).line(bar: false) == "film.mp4  50 %  120/240 frames  8.1/s  1:02:05 left  812 MB")
    }

    @Test("an unknown length shows no share; more frames than estimated never exceed 100 %")
    func unknownLength() {
        #expect(state(total: nil).line(bar: true) == "film.mp4  120 frames  8.1/s  812 MB")
        #expect(state(total: 100, completed: 120).line(bar: false).contains("100 %"))
    }

    @Test("JSON is one object in one line")
    func json() throws {
        let line = state(total: 240).json(state: "running")
        #expect(line.hasSuffix("}\n") && line.dropLast().allSatisfy { !$0.isNewline })
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["state"] as? String == "running" && object["file"] as? String == "film.mp4")
        #expect(object["completed"] as? Int == 120 && object["total"] as? Int == 240)
        #expect(object["remaining"] as? Double == 3725)
        let unknown = try JSONSerialization.jsonObject(with: Data(state(total: nil).json(state: "done").utf8))
        #expect((unknown as? [String: Any])?["total"] == nil)
    }

    @Test("times as clocks show them", arguments: [(0, "0:00"), (59, "0:59"), (61, "1:01"), (3600, "1:00:00")])
    func clock(seconds: Int, text: String) {
        #expect(Duration.seconds(seconds).clock == text)
    }

    @Test("slow work shows how long a piece takes, not a rate of nothing")
    func slowness() {
        var state = state(total: 30, completed: 2)
        state.unit = "tiles"
        state.rate = 0.08
        #expect(state.line(bar: false).contains("2/30 tiles  12 s each"))
        state.rate = 0
        #expect(state.line(bar: false).contains("0.0/s"))
    }

    @Test("what the same command goes on from is a pause, not a failure")
    func pauses() {
        func error(_ code: MediaError.Code) -> MediaError {
            MediaError(code, "write", path: "a.mp4", reason: "so it is")
        }
        #expect(Failure.isPause(CancellationError()) && Failure.isPause(error(.diskFull)))
        #expect(!Failure.isPause(error(.writeFailed)))
    }

    @Test("every failure is a sentence with its full stop", arguments: ["It broke", "It broke."])
    func sentences(text: String) {
        struct Broken: Error, CustomStringConvertible { let description: String }
        #expect(Failure.sentence(Broken(description: text)) == "It broke.")
    }
}
