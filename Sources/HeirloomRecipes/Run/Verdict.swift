import Foundation
import HeirloomDatasets

/// Whether a network is better than the one it comes from, on the same held-out pictures.
///
/// The mean of the paired differences of their scores, with its 95 % interval by the bootstrap (Efron 1979): pictures are
/// drawn again with replacement, by a seed, so that the same scores give the same verdict.
public struct Verdict: Codable, Sendable, Equatable {
    /// Fewer pictures than this tell nothing.
    public static let fewestPictures = 5

    /// Whether the new network is better beyond chance.
    public var isBetter: Bool
    /// Pictures compared.
    public var pictures: Int
    /// Mean scores; smaller is better.
    public var baseScore: Double, score: Double
    /// The 95 % interval of how much smaller the new mean score is.
    public var low: Double, high: Double
    /// What they are, in the plural; nil for pictures.
    public var things: String?
    /// Why the new network was refused although its score is better.
    public var objection: String?

    /// Compares scores, one for each picture, in the same order.
    /// - Parameter objection: Refuses the new network whatever its scores.
    /// - Precondition: There are as many scores of one as of the other.
    public init(base: [Double], new: [Double], objection: String? = nil, resamples: Int = 2000, seed: UInt64 = 1) {
        precondition(base.count == new.count, "\(base.count) scores compared with \(new.count)")
        precondition(resamples > 0, "a bootstrap of \(resamples) samples")
        pictures = base.count
        self.objection = objection
        let differences = zip(base, new).map { $0 - $1 }
        func mean(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
        (baseScore, score) = (mean(base), mean(new))
        guard !differences.isEmpty, differences.allSatisfy(\.isFinite) else {
            (low, high, isBetter) = (0, 0, false)
            return
        }
        var random = RandomSequence(seed, 0xB0_07)
        let means = (0..<resamples).map { _ in
            mean(differences.map { _ in differences[Int.random(in: 0..<differences.count, using: &random)] })
        }.sorted()
        low = means[resamples * 25 / 1000]
        high = means[min(resamples * 975 / 1000, resamples - 1)]
        isBetter = low > 0 && pictures >= Self.fewestPictures && objection == nil
    }

    /// The verdict as a sentence.
    public var sentence: String {
        guard pictures >= Self.fewestPictures else {
            return
                "not better: \(pictures) held-out \(things ?? "pictures") are too few to tell; the model is the one it started from"
        }
        let scores = String(
            format: "score %.3f against %.3f on %d held-out %@", score, baseScore, pictures, things ?? "pictures")
        let interval = String(format: "gain %+.3f to %+.3f with 95 %% certainty", low, high)
        if isBetter { return "better than the model it started from: \(scores), \(interval)" }
        let reason = objection.map { "; \($0)" } ?? ""
        return
            "not better than the model it started from: \(scores), \(interval)\(reason); that model is what was saved"
    }
}
