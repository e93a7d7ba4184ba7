import Foundation
import HeirloomModels
import HeirloomTensors
import HeirloomTraining

/// What a checkpoint remembers of a run beside the learner.
private struct RunNotes<Phase: Codable, Figures: Codable>: Codable {
    var phases: [Phase]
    var rateFactor: Double?
    var start: Figures?
}

extension TrainingRun {
    /// Writes the averaged network with the record.
    func write(to path: String) throws {
        let text = try recordText()
        try averages.withAverages {
            try ModelFile.write(
                task.network, to: path, task: task.name, licence: options.licence, trainingRecord: text)
        }
        try tell(.saved(path: path), phase: task.phases.count - 1)
    }

    /// The record as JSON.
    func recordText() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(record), as: UTF8.self)
    }

    /// The checkpoint beside the output, whose notes go into the record; nil when there is none.
    /// - Throws: `TrainingError` when it belongs to another run or is damaged.
    func readCheckpoint() throws -> CheckpointSaver.Checkpoint? {
        let path = options.checkpointPath
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let found = try CheckpointSaver.read(path)
        guard found.header.identity == (try identity()) else {
            throw TrainingError(
                code: .unfittingState,
                reason: "\(path) belongs to a run with other pictures or settings; repeat its options, or start anew")
        }
        guard let text = found.header.notes,
            let notes = try? JSONDecoder().decode(RunNotes<Record.Phase, Task.Figures>.self, from: Data(text.utf8))
        else {
            throw TrainingError(
                code: .unfittingState,
                reason: "\(path) was written by another version of Heirloom; start anew, without --resume")
        }
        (record.phases, record.rateFactor, record.start) = (notes.phases, notes.rateFactor, notes.start)
        return found
    }

    /// What the checkpoints of a phase remember.
    func notes() throws -> String {
        let notes = RunNotes(phases: record.phases, rateFactor: record.rateFactor, start: record.start)
        return String(decoding: try JSONEncoder().encode(notes), as: UTF8.self)
    }

    /// What a checkpoint and a resumed run must have in common.
    func identity() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let recipe = String(decoding: try encoder.encode(task.recipe), as: UTF8.self)
        let data = task.data
        return "\(task.name) \(recipe) from \(options.startingWeights), \(options.length) seed \(options.seed) "
            + "\(options.precision?.description ?? "float32") \(data.pictures) + \(data.heldOut) pictures"
    }
}
