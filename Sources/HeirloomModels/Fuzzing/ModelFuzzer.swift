import Foundation
import HeirloomLayers
import HeirloomTensors

/// Damages small model files in thousands of ways and loads them: each must load or be refused with one of our errors,
/// and never crash, hang or take much memory.
///
/// Every case is made from a seed and its number alone, so that one that failed can be run again.
public struct ModelFuzzer {
    /// What became of the cases.
    public struct Outcome: Sendable {
        /// How many files loaded all the same: the damage was undone or lay where nothing is read.
        public var loaded = 0
        /// How many were refused.
        public var refused = 0
        /// What should not have happened, in sentences with the number of the case.
        public var faults: [String] = []
    }

    /// The seed.
    public let seed: UInt64
    /// Seconds that one case may take before the process is ended.
    public let limit: UInt32
    /// Bytes by which the process may grow.
    public let memory: Int

    /// Describes a run.
    public init(seed: UInt64, limit: UInt32 = 20, memory: Int = 1 << 30) {
        self.seed = seed
        self.limit = limit
        self.memory = memory
    }

    /// Runs cases.
    /// - Parameters:
    ///   - cases: Their numbers.
    ///   - before: Is told the number of each before it runs, so that it is known when the process dies: of a crash, or of
    ///     the alarm (SIGALRM) that ends a case which takes too long.
    /// - Throws: When the valid files cannot be written or loaded.
    public func run(_ cases: Range<Int>, before: (Int) -> Void = { _ in }) throws -> Outcome {
        let folder = NSTemporaryDirectory() + "heirloom-fuzz-\(ProcessInfo.processInfo.processIdentifier)-\(seed)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer {
            alarm(0)
            try? FileManager.default.removeItem(atPath: folder)
        }
        let seeds = FuzzSeed.all()
        for seed in seeds { _ = try ForeignWeights.load(try seed.write(to: folder)) }
        var outcome = Outcome()
        let start = Self.peakMemory()
        for index in cases {
            before(index)
            var random = FuzzGenerator(seed: seed, case: index)
            let path = try seeds[index % seeds.count].writeDamaged(to: folder, using: &random)
            alarm(limit)
            do {
                let model = try ForeignWeights.load(path)
                // Reads every element: one that lies outside its file would be noticed here.
                for (_, tensor) in model.state() { _ = tensor.detached().to(dtype: .float64).sum().item() }
                outcome.loaded += 1
            } catch let error where error is CheckpointError || error is TensorFileError || error is ModuleError {
                outcome.refused += 1
                let sentence = "\(error)"
                if !sentence.contains("/x.") || sentence.count > 20_000 {
                    outcome.faults.append(
                        "case \(index): the refusal does not name the file, or is too long: \(sentence.prefix(300))")
                }
            } catch {
                outcome.faults.append("case \(index): an error of another kind: \(type(of: error)) \(error)")
            }
            alarm(0)
            let grown = Self.peakMemory() - start
            if grown > memory {
                outcome.faults.append("case \(index): the process grew by \(grown >> 20) MB")
                return outcome
            }
        }
        return outcome
    }

    private static func peakMemory() -> Int {
        var usage = rusage()
        #if os(Linux)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return usage.ru_maxrss << 10
        #else
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #endif
    }
}
