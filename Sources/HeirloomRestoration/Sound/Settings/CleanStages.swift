/// The stages of cleaning sound, each of which can be left out.
public struct CleanStages: OptionSet, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The bits.
    public let rawValue: Int

    /// Stages from their bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Recordings are brought onto one clock; without it they are taken as they lie.
    public static let align = CleanStages(rawValue: 1)
    /// The room's late echo is taken away.
    public static let dereverb = CleanStages(rawValue: 2)
    /// Several microphones become one signal; without it the best microphone stands alone.
    public static let beamform = CleanStages(rawValue: 4)
    /// Hum and clicks are taken away, and a network takes away the noise.
    public static let enhance = CleanStages(rawValue: 8)

    /// Every stage.
    public static let all: CleanStages = [.align, .dereverb, .beamform, .enhance]

    /// The stages by name, in the order in which they run.
    public static let named: [(name: String, stage: CleanStages)] = [
        ("align", .align), ("dereverb", .dereverb), ("beamform", .beamform), ("enhance", .enhance),
    ]

    /// The names of the stages, in the order in which they run.
    public var names: [String] { Self.named.filter { contains($0.stage) }.map(\.name) }

    /// The names, with commas between them.
    public var description: String { names.joined(separator: ",") }

    /// Reads names with commas between them, or `all`; nil where one is unknown or there is none.
    public init?(_ text: String) {
        if text == "all" {
            self = .all
            return
        }
        var stages: CleanStages = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let found = Self.named.first(where: { $0.name == word }) else { return nil }
            stages.insert(found.stage)
        }
        guard !stages.isEmpty else { return nil }
        self = stages
    }
}
