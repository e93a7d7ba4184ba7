public import HeirloomTensors

/// Moves parameters along their gradients.
public protocol Optimizer: AnyObject {
    /// What it trains.
    var groups: [ParameterGroup] { get }

    /// One step. Parameters without a gradient (frozen, not reached) stay as they are.
    /// - Parameters:
    ///   - gradientDivisor: Scalar on the parameters' device that all gradients are divided by, or nil.
    ///   - skip: Scalar on the parameters' device; 1 leaves everything as it is (gradients that are not finite), 0 or
    ///     nil does not.
    func step(_ settings: StepSettings, gradientDivisor: Tensor?, skip: Tensor?)

    /// Everything that the next step depends on, named; the tensors are the optimizer's own, not copies.
    func state() -> [(name: String, tensor: Tensor)]

    /// Replaces the state by one that ``state()`` gave.
    /// - Throws: ``TrainingError`` when names or shapes do not fit; then nothing was changed.
    func load(_ state: [String: Tensor]) throws
}

extension Optimizer {
    /// One step at the groups' own rates.
    public func step() { step(StepSettings(), gradientDivisor: nil, skip: nil) }

    /// All parameters.
    public var parameters: [Tensor] { groups.flatMap { $0.parameters.map(\.tensor) } }

    /// Forgets all gradients.
    public func clearGradients() { for parameter in parameters { parameter.setGradient(nil) } }

    /// Copies named values over the tensors of ``state()``, after checking all of them.
    func copyState(from values: [String: Tensor]) throws {
        let own = state()
        let faults = own.compactMap { name, tensor -> String? in
            guard let value = values[name] else { return "missing \(name)" }
            return value.shape == tensor.shape ? nil : "\(name) has shape \(value.shape), expected \(tensor.shape)"
        }
        let unused = Set(values.keys).subtracting(own.map(\.name)).sorted().map { "unused \($0)" }
        guard faults.isEmpty && unused.isEmpty else {
            throw TrainingError(
                code: .unfittingState,
                reason: "the optimizer's state does not fit: \((faults + unused).joined(separator: ", "))")
        }
        withoutGradients {
            for (name, tensor) in own {
                if let value = values[name] { tensor.copy(from: value) }
            }
        }
    }
}
