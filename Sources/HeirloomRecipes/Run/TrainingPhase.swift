/// One stretch of a training run, as data: what trains, at which picture size, for how long, at which rate.
///
/// Keys that a JSON text leaves out have the values that stand here, except size, batch, share and rate.
public struct TrainingPhase: Codable, Sendable, Equatable {
    /// What trains in a phase: the three steps of NoGAN (Antic 2019).
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The network alone, on its ordinary loss.
        case generator
        /// The critic alone, on real pictures against those of the network, which stays as it is.
        case critic
        /// Both, one batch one and one batch the other, at constant rates: a short polish.
        case adversarial
    }

    /// What a phase's size counts.
    public enum Unit: String, Codable, Sendable, CaseIterable {
        /// Sides of square pictures in pixels.
        case pixels = "px"
        /// Lengths of recordings in milliseconds.
        case milliseconds = "ms"

        /// What it trains on, in the plural.
        var things: String { self == .pixels ? "pictures" : "recordings" }
    }

    /// What trains.
    public var kind: Kind
    /// Side of the square pictures in pixels, or length of the recordings, see ``unit``.
    public var size: Int
    /// What the size counts.
    public var unit: Unit
    /// Pictures in a batch.
    public var batchSize: Int
    /// Part of the whole run, in time or in pictures.
    public var share: Double
    /// Rate of the part that is trained anew (a decoder) at the cycle's top; in a critic phase the critic's.
    public var rate: Double
    /// The rate of pretrained parts (an encoder) as a part of `rate`.
    public var encoderFactor: Double
    /// Part of the phase in which pretrained weights stay as they are.
    public var frozenPart: Double
    /// Part of the phase in which the rate rises.
    public var warmup: Double
    /// Whether the rate is the same throughout instead of one cycle: for comparisons.
    public var constantRate: Bool
    /// Side of the pictures in the feature loss as a part of `size`: 1, or 0.5 to save time.
    public var featureScale: Double
    /// Weight of the critic's judgement beside the ordinary loss, in an adversarial phase.
    public var adversarialWeight: Double
    /// The critic's rate as a multiple of `rate`, in an adversarial phase.
    public var criticFactor: Double
    /// The network's turn comes after a critic's batch with a loss below this, in an adversarial phase.
    public var criticThreshold: Double
    /// Decay of the running average in this phase, or nil for the recipe's.
    public var averageDecay: Double?
    /// Ends the phase before its time, or nil.
    public var stop: StopRule?

    /// Describes a phase.
    public init(
        kind: Kind = .generator, size: Int, batchSize: Int, share: Double, rate: Double, encoderFactor: Double = 0.1,
        frozenPart: Double = 0, warmup: Double = 0.15, featureScale: Double = 1, adversarialWeight: Double = 1,
        criticFactor: Double = 5, criticThreshold: Double = 0.65, averageDecay: Double? = nil, stop: StopRule? = nil,
        constantRate: Bool = false, unit: Unit = .pixels
    ) {
        self.kind = kind
        self.size = size
        self.unit = unit
        self.batchSize = batchSize
        self.share = share
        self.rate = rate
        self.encoderFactor = encoderFactor
        self.frozenPart = frozenPart
        self.warmup = warmup
        self.constantRate = constantRate
        self.featureScale = featureScale
        self.adversarialWeight = adversarialWeight
        self.criticFactor = criticFactor
        self.criticThreshold = criticThreshold
        self.averageDecay = averageDecay
        self.stop = stop
    }

    /// Reads a phase and refuses numbers that make none.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func optional<T: Decodable>(_ key: CodingKeys, _ standard: T) throws -> T {
            try values.decodeIfPresent(T.self, forKey: key) ?? standard
        }
        self.init(
            kind: try optional(.kind, .generator), size: try values.decode(Int.self, forKey: .size),
            batchSize: try values.decode(Int.self, forKey: .batchSize),
            share: try values.decode(Double.self, forKey: .share), rate: try values.decode(Double.self, forKey: .rate),
            encoderFactor: try optional(.encoderFactor, 0.1), frozenPart: try optional(.frozenPart, 0),
            warmup: try optional(.warmup, 0.15), featureScale: try optional(.featureScale, 1),
            adversarialWeight: try optional(.adversarialWeight, 1), criticFactor: try optional(.criticFactor, 5),
            criticThreshold: try optional(.criticThreshold, 0.65),
            averageDecay: try values.decodeIfPresent(Double.self, forKey: .averageDecay),
            stop: try values.decodeIfPresent(StopRule.self, forKey: .stop),
            constantRate: try optional(.constantRate, false), unit: try optional(.unit, .pixels))
        if let fault {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    /// What makes the phase impossible, nil for one that can be run.
    public var fault: String? {
        if size < 1 || batchSize < 1 {
            return "a phase with \(unit.things) of \(size) \(unit.rawValue) in batches of \(batchSize)"
        }
        if !(share > 0 && rate > 0 && criticFactor > 0 && encoderFactor >= 0) {
            return "a phase's share, rate and criticFactor are above 0, its encoderFactor is not negative"
        }
        if !(0...1).contains(frozenPart) || !(0...1).contains(warmup) || !(featureScale > 0 && featureScale <= 1) {
            return "a phase's frozenPart, warmup and featureScale are parts, at most 1"
        }
        if let averageDecay, !(0..<1).contains(averageDecay) { return "an average with decay \(averageDecay)" }
        return stop?.fault
    }
}
