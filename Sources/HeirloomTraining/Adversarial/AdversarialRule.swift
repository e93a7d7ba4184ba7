/// Which of generator and critic trains on a batch.
public enum AdversarialRule: Sendable, Equatable, Codable {
    /// One network trains per batch: the critic first, and again until a batch's critic loss is below the threshold;
    /// then the generator for one batch. The other network is in inference mode without gradients: its running
    /// statistics, spectral vectors and dropout stand still (DeOldify, after fastai's adaptive switch; its threshold is
    /// 0.65).
    case adaptive(threshold: Double)
    /// Both train on every batch, each against the other as it was before the batch; both stay in training mode
    /// (Goodfellow et al. 2014 with one critic step, as Real-ESRGAN trains, Wang et al. 2021).
    case every
}
