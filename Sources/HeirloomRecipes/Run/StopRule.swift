/// When a phase ends before its time.
///
/// An adversarial phase looks better and better until it suddenly does not, and its losses do not show it. So the
/// network is judged on held-out pictures every few steps; the best state is kept, also on disk, and is what goes on.
public struct StopRule: Codable, Sendable, Equatable {
    /// Steps between two judgements.
    public var interval: Int
    /// Judgements in a row without a new best that end the phase.
    public var patience: Int
    /// Held-out pictures of a judgement: always the same ones.
    public var pictures: Int
    /// In a critic phase: ends it once the critic's mean loss is below this.
    public var criticLoss: Double?

    /// Describes a rule.
    public init(interval: Int = 25, patience: Int = 4, pictures: Int = 64, criticLoss: Double? = nil) {
        self.interval = interval
        self.patience = patience
        self.pictures = pictures
        self.criticLoss = criticLoss
    }

    /// Reads a rule; keys that are left out have the standard values.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let standard = StopRule()
        interval = try values.decodeIfPresent(Int.self, forKey: .interval) ?? standard.interval
        patience = try values.decodeIfPresent(Int.self, forKey: .patience) ?? standard.patience
        pictures = try values.decodeIfPresent(Int.self, forKey: .pictures) ?? standard.pictures
        criticLoss = try values.decodeIfPresent(Double.self, forKey: .criticLoss)
    }

    var fault: String? {
        interval < 1 || patience < 1 || pictures < 1
            ? "a stop rule's interval, patience and pictures are at least 1" : nil
    }
}
