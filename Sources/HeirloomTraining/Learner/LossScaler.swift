public import HeirloomTensors

/// Multiplies the loss so that float16 gradients do not vanish; halves the factor after an overflow, doubles it after
/// many good steps (Micikevicius et al. 2018). Everything stays on the device: no step waits for it.
public final class LossScaler {
    /// The factor: a float32 scalar.
    public private(set) var scale: Tensor
    private var goodSteps: Tensor
    private let growthInterval: Double

    /// Starts with a factor.
    public init(device: Device, scale: Double = 65536, growthInterval: Int = 1000) {
        self.scale = .full([], scale, device: device)
        goodSteps = .zeros([], device: device)
        self.growthInterval = Double(growthInterval)
    }

    /// The loss times the factor.
    public func scaled(_ loss: Tensor) -> Tensor { loss * scale }

    /// Adapts the factor.
    /// - Parameter overflowed: 1 where a gradient was not finite, else 0.
    public func update(overflowed: Tensor) {
        withoutGradients {
            let bad = overflowed .> 0
            let good = (goodSteps + 1) * (1 - overflowed)
            let grows = good .>= growthInterval
            let grown = (scale * 2).clamped(to: ...16_777_216)
            scale = `where`(bad, scale * 0.5, `where`(grows, grown, scale))
            goodSteps = good.filled(0, where: grows)
        }
    }

    /// What a checkpoint keeps.
    public func state() -> [(name: String, tensor: Tensor)] { [("scale", scale), ("goodSteps", goodSteps)] }

    /// Continues from a checkpoint.
    /// - Throws: ``TrainingError`` when a value is missing.
    public func load(_ state: [String: Tensor]) throws {
        guard let scale = state["scale"], let goodSteps = state["goodSteps"] else {
            throw TrainingError(code: .unfittingState, reason: "the checkpoint has no loss scale")
        }
        let device = self.scale.device
        (self.scale, self.goodSteps) = (scale.to(device: device), goodSteps.to(device: device))
    }
}
