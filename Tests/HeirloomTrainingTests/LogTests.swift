import Foundation
import HeirloomDatasets
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

@Suite struct LogTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("run.jsonl") }

    init() throws { folder = try TemporaryFolder() }

    private func fit(_ log: TrainingLog, from position: FitPosition = FitPosition(), to count: Int) throws {
        let learner = plainLearner(tinyNetwork())
        var failure: (any Error)?
        learner.callbacks = [
            Recorder(every: 2) { entry in do { try log.append(entry, phase: 1) } catch { failure = error } }
        ]
        try learner.fit(LinearBatches(), plan: steps(count), from: position)
        if let failure { throw failure }
    }

    @Test func everyLineIsThereAtOnceAndAnObject() throws {
        let log = try TrainingLog(path: path)
        try log.append(TrainingLog.Line(note: "phase 1: \"64 px\"\nnew", phase: 0, step: 0, seconds: 0))
        try fit(log, to: 6)
        try log.append(TrainingLog.Line(measures: ["psnr": 30.5, "loss": .nan], phase: 1, step: 6, seconds: 2))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.last == "\n" && text.split(separator: "\n").count == 5)
        for line in text.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["kind"] is String && object?["step"] is Int)
        }
        let lines = try TrainingLog.read(path)
        #expect(lines.map(\.kind) == [.note, .train, .train, .train, .measure])
        #expect(lines.map(\.step) == [0, 2, 4, 6, 6] && lines[0].text == "phase 1: \"64 px\"\nnew")
        #expect(lines[1].loss.map { $0 > 0 } == true && lines[4].figures["loss"]?.isNaN == true)
        #expect(lines[4].figures["psnr"] == 30.5)
    }

    @Test func aResumedRunHasNoLineTwice() throws {
        var log = try TrainingLog(path: path)
        try log.append(TrainingLog.Line(note: "first phase", phase: 0, step: 90, seconds: 9))
        try fit(log, to: 10)
        // The process dies in the middle of a line; the checkpoint is of step 6.
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data("{\"kind\":\"tra".utf8))
        #expect(try TrainingLog.read(path).count == 6)
        log = try TrainingLog(path: path, resumingAt: (1, 6))
        try fit(log, from: FitPosition(steps: 6), to: 10)
        #expect(try TrainingLog.read(path).map(\.step) == [90, 2, 4, 6, 8, 10])
        _ = try TrainingLog(path: path)
        #expect(try TrainingLog.read(path).isEmpty)
    }

    @Test func whatCannotBeWrittenOrReadIsNamed() throws {
        let gone = folder.file("gone/run.jsonl")
        let error = #expect(throws: TrainingError.self) { _ = try TrainingLog(path: gone) }
        #expect(error?.code == .inaccessible && error?.reason.contains(gone) == true)
        try folder.write(Array("{}\n{}\n".utf8), to: "other")
        let other = #expect(throws: TrainingError.self) { _ = try TrainingLog.read(folder.file("other")) }
        #expect(other?.reason.contains("line 1") == true)
        #expect(throws: TrainingError.self) { _ = try TrainingLog(path: folder.file("other"), resumingAt: (0, 1)) }
    }
}
