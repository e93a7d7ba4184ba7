public import HeirloomLayers
import HeirloomTensors

/// A generator and its critic as one module, so that learner, averages and checkpoints see both; whose turn it is, is
/// saved with them, which makes a resumed run exact.
public final class AdversarialPair: Module {
    /// Which of the two trains.
    public enum Turn: Sendable {
        /// The critic learns to tell real pictures from made ones.
        case critic
        /// The generator learns to be taken for real.
        case generator
    }

    /// What makes pictures.
    public let generator: Module
    /// What tells them from real ones.
    public let critic: Module
    /// 0 for the critic, 1 for the generator: an int64 without axes, on the CPU while a learner trains the pair, where
    /// reading it waits for nothing.
    @Buffer(key: "turn") private var turnNumber: Tensor

    /// Pairs two networks that already lie on the device; the critic begins.
    public init(generator: Module, critic: Module) {
        self.generator = generator
        self.critic = critic
        super.init()
        turnNumber = .zeros([], dtype: .int64)
    }

    /// Which of the two trains on the next batch.
    public internal(set) var turn: Turn {
        get { turnNumber.item() == 0 ? .critic : .generator }
        set { withoutGradients { turnNumber.fill(newValue == .critic ? 0 : 1) } }
    }

    func keepTurnOnHost() { turnNumber = turnNumber.to(device: .cpu) }
}
