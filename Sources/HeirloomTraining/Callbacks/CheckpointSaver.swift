import Foundation
import HeirloomTensors

/// Saves a run beside its output so that it resumes exactly: network, averages, optimizer, generator, position.
public final class CheckpointSaver: Callback {
    /// What a checkpoint says besides its tensors.
    public struct Header: Codable, Sendable, Equatable {
        /// Which fit of the run.
        public var phase: Int
        /// How far that fit has come.
        public var position: FitPosition
        /// Steps in the averages.
        public var averagedSteps: Int
        /// What must be the same for a resume to mean anything: recipe, data, seed.
        public var identity: String
        /// What the run wants to find again: figures of the fits before this one.
        public var notes: String?
    }

    /// A checkpoint read back.
    public struct Checkpoint {
        /// Position and identity.
        public let header: Header
        let tensors: [String: Tensor]

        /// Puts network, optimizer, generator and averages back.
        /// - Throws: ``TrainingError`` or `ModuleError` when they do not fit.
        public func restore(_ learner: Learner, averages: ExponentialMovingAverage?) throws {
            try learner.load(tensors)
            try averages?.load(part("average/", of: tensors), steps: header.averagedSteps)
        }
    }

    /// The checkpoint file.
    public let path: String
    /// What the file holds: the position of the last save of this fit, or where the fit began.
    public private(set) var lastSave = FitPosition()
    private let seconds: Double
    private let steps: Int?
    private let averages: ExponentialMovingAverage?
    private let header: (FitPosition) -> Header
    private let isInterrupted: () -> Bool

    /// Prepares saving.
    /// - Parameters:
    ///   - path: The checkpoint file, replaced as a whole each time.
    ///   - seconds: Longest time between two saves.
    ///   - steps: Also saves every so many steps.
    ///   - averages: The running averages that belong to the run.
    ///   - phase: Which fit of the run.
    ///   - identity: What a resumed run must have in common.
    ///   - notes: What the run wants to find again.
    ///   - isInterrupted: Asked after every batch; true saves and ends the fit.
    public init(
        path: String, everySeconds seconds: Double = 60, everySteps steps: Int? = nil,
        averages: ExponentialMovingAverage? = nil, phase: Int = 0, identity: String = "", notes: String? = nil,
        isInterrupted: @escaping () -> Bool = { false }
    ) {
        self.path = path
        self.seconds = seconds
        self.steps = steps
        self.averages = averages
        self.isInterrupted = isInterrupted
        header = {
            Header(
                phase: phase, position: $0, averagedSteps: averages?.steps ?? 0, identity: identity, notes: notes)
        }
    }

    /// Counts time and steps to the next save from here, and removes what a killed process left half written.
    public func beforeFit(_ learner: Learner) throws {
        lastSave = learner.position
        removeLeftovers()
    }

    /// Saves when it is time.
    /// - Throws: ``TrainingError`` with code `interrupted` after the save that an interruption asked for.
    public func afterBatch(_ learner: Learner, step: Step) throws {
        let isStopping = isInterrupted()
        let position = learner.position
        let isDue =
            position.seconds - lastSave.seconds >= seconds || position.steps - lastSave.steps >= steps ?? .max
        // Gradients that wait for the rest of their batches are not saved: a checkpoint lies between optimizer steps.
        guard (isDue || isStopping) && position.steps % learner.accumulation == 0 else { return }
        try save(learner)
        if isStopping {
            throw TrainingError(code: .interrupted, reason: "stopped; the checkpoint \(path) resumes the training")
        }
    }

    /// Writes the checkpoint beside its place, then puts it there as a whole: whenever the process ends, the file is
    /// the old one or the new one.
    /// - Throws: ``TrainingError`` when the disk refuses, and with code `diverged` when a value is not a finite number:
    ///   the checkpoint before is then kept.
    public func save(_ learner: Learner) throws {
        let tensors = learner.state() + prefixed("average/", averages?.state() ?? [])
        if let bad = withoutGradients({ Self.firstNonFinite(tensors) }) {
            throw TrainingError.diverged(
                learner, since: learner.position.steps, "\(bad) holds values that are not finite numbers")
        }
        do {
            let text = try JSONEncoder().encode(header(learner.position))
            try Safetensors.write(
                tensors, metadata: ["heirloom.checkpoint": String(decoding: text, as: UTF8.self)], to: path)
        } catch {
            throw TrainingError(
                code: .inaccessible,
                reason: "the checkpoint cannot be saved: \(error); the one before is untouched: make room, and resume "
                    + "from it")
        }
        lastSave = learner.position
    }

    /// The name of the first tensor with a value that is infinite or not a number; waits for the device once.
    private static func firstNonFinite(_ tensors: [(name: String, tensor: Tensor)]) -> String? {
        let floating = tensors.filter { $0.tensor.dtype.isFloatingPoint && $0.tensor.count > 0 }
        let isFinite = Dictionary(grouping: floating) { $0.tensor.device }.values.flatMap { entries in
            let flags = stacked(entries.map { $0.tensor.detached().isFinite().all().to(dtype: .float32) }, axis: 0)
            return zip(entries, flags.to(device: .cpu).floats)
        }
        return isFinite.first { $0.1 == 0 }?.0.name
    }

    private func removeLeftovers() {
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent().path
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where name.hasPrefix(url.lastPathComponent + ".") && name.hasSuffix(".partial") {
            let number = name.dropFirst(url.lastPathComponent.count + 1).dropLast(8)
            guard let process = pid_t(number), process > 0, kill(process, 0) != 0, errno == ESRCH else { continue }
            try? FileManager.default.removeItem(atPath: folder + "/" + name)
        }
    }

    /// Reads a checkpoint.
    /// - Throws: ``TrainingError`` when the file is damaged or something else.
    public static func read(_ path: String) throws -> Checkpoint {
        do {
            let file = try SafetensorsFile(path: path)
            guard let text = file.metadata["heirloom.checkpoint"] else {
                throw TrainingError(code: .unfittingState, reason: "\(path) is not a checkpoint of a training run")
            }
            let header = try JSONDecoder().decode(Header.self, from: Data(text.utf8))
            return Checkpoint(header: header, tensors: file.tensors())
        } catch let error as TensorFileError {
            throw TrainingError(code: .inaccessible, reason: "the checkpoint cannot be read: \(error)")
        } catch is DecodingError {
            throw TrainingError(code: .inaccessible, reason: "the checkpoint \(path) has a damaged header")
        }
    }
}
