public import HeirloomModels
import HeirloomLayers
import HeirloomTensors
import HeirloomTraining

extension SRVGGNetCompact {
    /// A network for another enlargement that begins where this one is.
    ///
    /// All layers are taken over; of the last one, whose outputs are the pixels of a cell, neighbours are averaged for a
    /// smaller enlargement (the pictures are then exactly those of this network, area-reduced) and repeated for a larger one.
    /// - Parameter scale: The new enlargement; it divides this network's own, or is divided by it.
    /// - Throws: `TrainingError` with code `unfittingState` for another ratio.
    public func transferred(scale: Int) throws -> SRVGGNetCompact {
        let own = configuration.upscale
        guard scale > 0, own % scale == 0 || scale % own == 0 else {
            throw TrainingError(
                code: .unfittingState,
                reason:
                    "a network that enlarges \(own) times cannot begin one for \(scale) times; name another with --from"
            )
        }
        let result = SRVGGNetCompact(
            .init(upscale: scale, convolutions: configuration.convolutions, features: configuration.features),
            using: nil)
        let last = "body.\(2 * configuration.convolutions + 2)."
        var state = Dictionary(uniqueKeysWithValues: self.state().map { ($0.name, $0.tensor.detached()) })
        withoutGradients {
            for name in [last + "weight", last + "bias"] {
                state[name] = state[name].map { Self.cells($0, from: own, to: scale) }
            }
        }
        try result.load(state)
        return result
    }

    /// Channels `3 · from²` of a pixel shuffle as channels `3 · to²`.
    private static func cells(_ x: Tensor, from: Int, to: Int) -> Tensor {
        guard from != to else { return x }
        let rest = Array(x.shape.dropFirst())
        let cells = x.reshaped([3, from, from, -1])
        let changed: Tensor
        if from > to {
            let step = from / to
            changed = cells.reshaped([3, to, step, to, step, -1]).mean(axes: [2, 4])
        } else {
            changed = cells.repeatedElements(to / from, axis: 1).repeatedElements(to / from, axis: 2)
        }
        return changed.reshaped([3 * to * to] + rest)
    }
}
