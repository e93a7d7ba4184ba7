public import HeirloomTensors

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019), one fused kernel per group and step.
public final class AdamW: Optimizer {
    /// What it trains.
    public let groups: [ParameterGroup]
    /// First beta where the schedule sets none, and second beta.
    public let beta1: Double, beta2: Double
    /// Added to the root of the second moment.
    public let epsilon: Double
    private let moments: [[Moments]]
    /// How many steps each group has taken: one scalar per group, on its parameters' device.
    private let steps: [Tensor]

    private struct Moments {
        let first: Tensor, second: Tensor
    }

    /// Prepares moments of 0.
    /// - Precondition: No group is empty.
    public init(_ groups: [ParameterGroup], beta1: Double = 0.9, beta2: Double = 0.99, epsilon: Double = 1e-8) {
        precondition(groups.allSatisfy { !$0.parameters.isEmpty }, "an optimizer for an empty group")
        self.groups = groups
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        (moments, steps) = withoutGradients {
            let moments = groups.map { group in
                // A product with 0 keeps the memory order of the parameter, which the kernel wants.
                group.parameters.map { Moments(first: $0.tensor.detached() * 0, second: $0.tensor.detached() * 0) }
            }
            return (moments, groups.map { Tensor.zeros([], device: $0.parameters[0].tensor.device) })
        }
    }

    /// One step of the parameters that have a gradient.
    public func step(_ settings: StepSettings, gradientDivisor: Tensor?, skip: Tensor?) {
        withoutGradients {
            for (index, group) in groups.enumerated() {
                var chosen: [Int] = []
                var gradients: [Tensor] = []
                for (place, parameter) in group.parameters.enumerated() {
                    guard let gradient = parameter.tensor.gradient else { continue }
                    chosen.append(place)
                    gradients.append(gradient)
                }
                guard !chosen.isEmpty else { continue }
                steps[index].add(1)
                if let skip { steps[index].add(skip, scaledBy: -1) }
                TensorList.adamWStep(
                    parameters: chosen.map { group.parameters[$0].tensor }, gradients: gradients,
                    firstMoments: chosen.map { moments[index][$0].first },
                    secondMoments: chosen.map { moments[index][$0].second },
                    steps: chosen.map { _ in steps[index] },
                    rate: group.rate * settings.rateFactor, beta1: settings.momentum ?? beta1, beta2: beta2,
                    weightDecay: group.weightDecay, epsilon: epsilon, gradientScale: gradientDivisor,
                    foundInfinite: skip)
            }
        }
    }

    /// The moments and the step counts, named after groups and parameters.
    public func state() -> [(name: String, tensor: Tensor)] {
        zip(groups, zip(moments, steps)).flatMap { group, state in
            [(name: "\(group.name)/steps", tensor: state.1)]
                + zip(group.parameters, state.0).flatMap { parameter, moments in
                    [
                        (name: "\(parameter.name)/first", tensor: moments.first),
                        (name: "\(parameter.name)/second", tensor: moments.second),
                    ]
                }
        }
    }

    /// Replaces the moments and the step counts.
    /// - Throws: ``TrainingError`` when names or shapes do not fit; then nothing was changed.
    public func load(_ state: [String: Tensor]) throws { try copyState(from: state) }
}
