/// The pieces of a film that tell most about its restoration.
struct WipePieces: Equatable {
    /// How many pieces a long film gives.
    static let count = 5

    /// The pieces in order, in seconds from the first frame.
    let spans: [TimeSpan]
    /// Whether they are all of the film.
    let isWhole: Bool

    /// Chooses pieces: all of a short film; of a longer one, from each fifth the stretch within one shot that has changed
    /// most in colour, and among equals the longest.
    init(_ comparison: FilmComparison, longest: Double) {
        let length = comparison.outputPicture.length
        guard length > longest else {
            spans = [TimeSpan(start: 0, end: length)]
            isWhole = true
            return
        }
        isWhole = false
        let part = length / Double(Self.count)
        let most = longest / Double(Self.count)
        let starts = comparison.shots.map(\.seconds)
        let shots = starts.indices.map { index in
            TimeSpan(start: starts[index], end: index + 1 < starts.count ? starts[index + 1] : length)
        }
        spans = (0..<Self.count).compactMap { number in
            let range = TimeSpan(start: Double(number) * part, end: Double(number + 1) * part)
            let stretches = shots.compactMap { shot -> TimeSpan? in
                let (start, end) = (max(shot.start, range.start), min(shot.end, range.end))
                guard end > start else { return nil }
                let middle = (start + end) / 2
                return TimeSpan(start: max(start, middle - most / 2), end: min(end, middle + most / 2))
            }
            return stretches.max { Self.worth($0, most, comparison) < Self.worth($1, most, comparison) }
        }
    }

    /// How much a stretch shows: the colour that it gained, and that there is time to see it.
    private static func worth(_ stretch: TimeSpan, _ most: Double, _ comparison: FilmComparison) -> Double {
        let curves = comparison.colorfulness
        let before = curves.input.mean(from: stretch.start, to: stretch.end) ?? 0
        let after = curves.output.mean(from: stretch.start, to: stretch.end) ?? 0
        return (abs(after - before) + 1) * min(stretch.length / most, 1)
    }
}
