public import Foundation
import HeirloomMedia
import HeirloomModels

/// What a report page says beside what is measured: who made the film, with what, where and when.
public struct ReportFacts: Sendable {
    /// One file of weights.
    public struct Weights: Sendable, Equatable {
        /// The name of the model, or of the file where the list of models does not know it.
        public var name: String
        /// What it was used for: "colorize".
        public var task: String
        /// The SHA-256 digest of the file in hexadecimal; empty where unknown.
        public var sha256: String
        /// The licence of the weights; empty where unknown.
        public var licence: String
        /// The data that they were made from; empty where unknown.
        public var trainedOn: String

        /// Weights from their facts.
        public init(name: String, task: String = "", sha256: String = "", licence: String = "", trainedOn: String = "")
        {
            self.name = name
            self.task = task
            self.sha256 = sha256
            self.licence = licence
            self.trainedOn = trainedOn
        }
    }

    /// One setting as it is shown.
    public struct Setting: Sendable, Equatable {
        /// What is set.
        public var name: String
        /// What it is set to.
        public var value: String

        /// A setting from its parts.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What was done, as a clause: "coloured", "coloured and enlarged".
    public var deed = "restored"
    /// The weights that were used.
    public var weights: [Weights] = []
    /// The settings, in the order in which they are shown.
    public var settings: [Setting] = []
    /// The version of the program; empty where unknown.
    public var version = ""
    /// When the page was made.
    public var date = Date()
    /// Sentences about the machine.
    public var machine = ReportFacts.thisMachine
    /// Names and versions of the libraries.
    public var libraries = ReportFacts.theseLibraries

    /// The facts of this machine and nothing else.
    public init() {}

    /// This machine's processor, memory and graphics processors.
    public static var thisMachine: [String] {
        let machine = MachineReport()
        var lines = ["\(ProcessInfo.processInfo.activeProcessorCount) processor cores (\(machine.cpuCapability))"]
        if let memory = machine.memory {
            lines.append("\(ReportNumbers.fixed(Double(memory.total) / 1e9, 0)) GB of memory")
        }
        return lines + machine.gpus.map { "\($0.name) with \(ReportNumbers.fixed(Double($0.total) / 1e9, 0)) GB" }
    }

    /// The libraries of this program.
    public static var theseLibraries: [String] { MediaLibraries.versions + ["libtorch \(MachineReport().libtorch)"] }
}
