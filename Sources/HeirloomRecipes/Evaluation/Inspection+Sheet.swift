import HeirloomTensors
import HeirloomTraining

extension Inspection {
    /// Writes the examples as a PNG picture without letters: a row for the n-th worst and the n-th best, of each the input,
    /// the output and the truth.
    ///
    /// An input that is smaller than the output is enlarged without smoothing, so that its pixels are seen.
    /// - Throws: `TrainingError` when the disk refuses.
    public func writeSheet(to path: String) throws {
        let rows = (0..<max(worst.count, best.count)).map { row in
            [worst, best].flatMap { examples in
                row < examples.count ? Self.pictures(of: examples[row]) : []
            }
        }
        try PNGSheet(rows: rows).write(to: path)
    }

    private static func pictures(of example: Example) -> [Tensor] {
        let (height, width) = (example.truth.shape[1], example.truth.shape[2])
        let input =
            example.input.shape == example.truth.shape
            ? example.input
            : example.input.unsqueezed(0).resized(height: height, width: width, mode: .nearest)[0]
        return [input, example.output, example.truth]
    }
}
