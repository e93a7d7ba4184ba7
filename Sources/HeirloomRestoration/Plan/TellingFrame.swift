import HeirloomMedia

/// A frame that stands for many: the darkest, the brightest, the busiest, the median one, or one with a face.
public struct TellingFrame: Sendable, Codable, Equatable {
    /// Why a frame was picked.
    public enum Reason: String, Sendable, Codable, CaseIterable {
        /// The lowest mean luma: where colours are hardest to find and noise is worst.
        case darkest
        /// The highest mean luma.
        case brightest
        /// The most detail and motion.
        case busiest
        /// The nearest to the middle of luma and busyness: what most of the film looks like.
        case median
        /// The largest, clearest face: what people look at first, and where colours must be right.
        case face
    }

    /// The reasons, one at least; several where a film has too few different frames.
    public var reasons: [Reason]
    /// What was measured.
    public var frame: SurveyedFrame

    /// A frame and why it was picked.
    public init(_ reasons: [Reason], _ frame: SurveyedFrame) {
        self.reasons = reasons
        self.frame = frame
    }

    /// "darkest and busiest"
    public var reason: String { reasons.map(\.rawValue).joined(separator: " and ") }

    /// Picks a frame for each reason, from different shots where there are enough, in the order of time.
    ///
    /// Blank frames (leader, fades) and damaged ones are passed over while there are others.
    /// - Parameter faces: Frames that show a face; the most prominent one is picked, whatever its shot.
    /// - Returns: one to five frames; none where `frames` is empty.
    public static func pick(from frames: [SurveyedFrame], faces: [FaceSighting] = []) -> [TellingFrame] {
        let sound = frames.filter { !$0.isBlank && !$0.isDamaged }
        let visible = frames.filter { !$0.isBlank }
        let candidates = !sound.isEmpty ? sound : !visible.isEmpty ? visible : frames
        guard !candidates.isEmpty else { return [] }
        let means = Spread(candidates.map(\.mean))
        let busynesses = Spread(candidates.map(\.busyness))
        var picked: [TellingFrame] = []
        for reason in Reason.allCases where reason != .face {
            func rank(_ frame: SurveyedFrame) -> Double {
                switch reason {
                case .darkest: frame.mean
                case .brightest: -frame.mean
                case .busiest: -frame.busyness
                case .median, .face: means.distance(frame.mean) + busynesses.distance(frame.busyness)
                }
            }
            // Another shot; else another moment, a second away; else another frame.
            let free =
                [
                    candidates.filter { one in !picked.contains { $0.frame.shot == one.shot } },
                    candidates.filter { one in
                        !picked.contains { abs(($0.frame.time - one.time).seconds) < 1 }
                    },
                    candidates.filter { one in !picked.contains { $0.frame.time == one.time } },
                ].first { !$0.isEmpty }
            if let best = free?.min(by: { rank($0) < rank($1) }) {
                picked.append(TellingFrame([reason], best))
            } else if let place = picked.indices.min(by: { rank(picked[$0].frame) < rank(picked[$1].frame) }) {
                picked[place].reasons.append(reason)
            }
        }
        if let face = faces.max(by: { $0.prominence < $1.prominence }) {
            if let place = picked.firstIndex(where: { $0.frame.time == face.frame.time }) {
                picked[place].reasons.append(.face)
            } else {
                picked.append(TellingFrame([.face], face.frame))
            }
        }
        return picked.sorted { $0.frame.time < $1.frame.time }
    }
}

/// The middle of some numbers and how far they lie from it.
struct Spread {
    /// The median.
    let median: Double
    /// The median distance from it; never 0.
    let deviation: Double

    init(_ numbers: [Double]) {
        let middle = Self.middle(numbers)
        median = middle
        deviation = max(Self.middle(numbers.map { abs($0 - middle) }), 1e-6)
    }

    /// How far a number lies from the middle, in deviations.
    func distance(_ number: Double) -> Double { abs(number - median) / deviation }

    static func middle(_ numbers: [Double]) -> Double {
        guard !numbers.isEmpty else { return 0 }
        return numbers.sorted()[numbers.count / 2]
    }
}
