extension Learner {
    /// Freezes the groups before a number except their batch normalisations, and begins with a new optimizer of what
    /// trains now: moments of other parameters would lead astray (fastai's `freeze_to`).
    /// - Parameters:
    ///   - first: The first group that trains as a whole; 0 unfreezes everything.
    ///   - rates: Of the layer groups.
    ///   - optimizer: Makes the optimizer.
    /// - Precondition: Not during a fit.
    public func freeze(
        _ layers: LayerGroups, to first: Int, rates: GroupRates, weightDecay: Double = 1e-3,
        optimizer make: ([ParameterGroup]) -> any Optimizer = { AdamW($0) }
    ) {
        optimizer.clearGradients()
        layers.freeze(to: first)
        optimizer = make(layers.parameterGroups(rates, weightDecay: weightDecay))
    }

    /// fastai's `fit_one_cycle` with a number or a slice: trains on ``data`` with the same cycle at each group's own
    /// rate. The optimizer stays.
    /// - Throws: What ``fit(_:plan:from:)`` throws.
    /// - Precondition: The learner has data, and its optimizer is made of these groups.
    public func fit(
        oneCycle epochs: Int, rates: GroupRates, layers: LayerGroups, cycle: OneCycle = OneCycle()
    ) throws {
        layers.setRates(rates, of: optimizer)
        try fit(oneCycle: epochs, cycle: cycle)
    }
}
