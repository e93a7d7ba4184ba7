/// What a callback throws to leave out the rest of a batch, an epoch or a fit. Caught at that level and nowhere else.
public enum LearnerAction: Error, Sendable {
    /// Goes on with the next batch.
    case cancelBatch
    /// Goes on with the next epoch.
    case cancelEpoch
    /// Ends the fit in good order.
    case cancelFit
}
