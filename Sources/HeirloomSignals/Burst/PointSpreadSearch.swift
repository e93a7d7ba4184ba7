import HeirloomTensors

/// Finds how much lens and sensor blurred the frames of a burst: by cross-validation.
///
/// Some frames are kept back; a picture is made of the others for each width that may be, and has to foretell those kept
/// back. Too wide a blur makes edges overshoot and too narrow a one leaves them soft within the rounds that are run, and
/// both show at places that the other frames have not sampled. A part of the picture tells enough.
struct PointSpreadSearch {
    /// See ``BurstSettings/pointSpread``.
    let pointSpread: Double

    /// From a pixel's area almost alone to a soft lens.
    private static let widths = [0.2, 0.3, 0.4, 0.5, 0.6]
    /// Which of them suits most frames.
    private static let usual = 1
    /// A wider blur must be better by this factor, since it sharpens noise.
    private static let gain = 0.99
    /// How many frames it takes to foretell another.
    private static let fewest = 4
    /// Side of the part that is looked at, in pixels of the frames.
    private static let side = 64

    init(_ stack: BurstStack, _ settings: BurstSettings, scale: Int) {
        let places = stack.indices.indices.filter { stack.meanWeights[$0] > 0.2 }
        guard scale > 1, settings.iterations > 0, places.count >= Self.fewest else {
            // A narrow one does the least harm.
            pointSpread = Self.widths[0]
            return
        }
        let part = Self.part(stack)
        // Every fourth, but never the frame that all are measured by.
        let reference = places.first { stack.meanWeights[$0] == 1 } ?? places[0]
        let others = places.filter { $0 != reference }
        let isKeptBack = { (order: Int) in order % 4 == 2 }
        let known = part.frames([reference] + others.enumerated().filter { !isKeptBack($0.offset) }.map(\.element))
        let unknown = part.frames(others.enumerated().filter { isKeptBack($0.offset) }.map(\.element))
        let fused = KernelRegression(
            weights: known.weights, shifts: known.shifts, scale: scale, width: settings.kernelWidth)(
                concatenated(known.aligned.map { $0.sliced(axis: 1, from: 0, to: 1) }, axis: 1))
        func misfit(_ index: Int) -> Double {
            func model(_ frames: BurstStack) -> BackProjection {
                BackProjection(
                    frames, iterations: settings.iterations, pointSpread: Self.widths[index], scale: scale)
            }
            return model(unknown).misfit(model(known).canvas(fused))
        }
        // It falls and rises but once: from the usual width on downhill, first to wider ones.
        var (best, least) = (Self.usual, misfit(Self.usual))
        while best + 1 < Self.widths.count {
            let wider = misfit(best + 1)
            guard wider < least * Self.gain else { break }
            (best, least) = (best + 1, wider)
        }
        while best <= Self.usual, best > 0 {
            let narrower = misfit(best - 1)
            guard narrower * Self.gain < least else { break }
            (best, least) = (best - 1, narrower)
        }
        pointSpread = Self.widths[best]
    }

    /// The part with the most structure.
    private static func part(_ stack: BurstStack) -> BurstStack {
        let (height, width) = (stack.weights.shape[2], stack.weights.shape[3])
        guard max(height, width) > side, let luma = stack.aligned.first?.sliced(axis: 1, from: 0, to: 1) else {
            return stack
        }
        let size = (min(side, height), min(side, width))
        let structure = (luma.gaussianFiltered(deviation: 1) - luma.gaussianFiltered(deviation: 2)).abs()
        var (best, most) = ((0, 0), -1.0)
        for top in stride(from: 0, through: height - size.0, by: side / 2) {
            for left in stride(from: 0, through: width - size.1, by: side / 2) {
                let found = structure.sliced(axis: 2, from: top, to: top + size.0)
                    .sliced(axis: 3, from: left, to: left + size.1).mean().item()
                if found > most { (best, most) = ((top, left), found) }
            }
        }
        return stack.window(rows: best.0..<best.0 + size.0, columns: best.1..<best.1 + size.1)
    }
}
