import HeirloomLayers
import HeirloomTensors

/// One block of EfficientNet-Lite: expand, filter each channel, project; plus the input where shapes agree.
final class InvertedResidual: Module {
    /// The sizes of one block.
    struct Plan: Hashable {
        let kernel: Int
        let stride: Int
        let expansion: Int
        let inputs: Int
        let outputs: Int
    }

    let expand: ConvNorm2d?
    let depthwise: ConvNorm2d
    let project: ConvNorm2d
    private let isResidual: Bool

    init(_ plan: Plan, using generator: Generator?) {
        let middle = plan.inputs * plan.expansion
        expand =
            plan.expansion == 1
            ? nil : .same(inputs: plan.inputs, outputs: middle, kernel: 1, activation: .relu6, using: generator)
        depthwise = .same(
            inputs: middle, outputs: middle, kernel: plan.kernel, stride: plan.stride, groups: middle,
            activation: .relu6, using: generator)
        project = .same(inputs: middle, outputs: plan.outputs, kernel: 1, activation: .none, using: generator)
        isResidual = plan.stride == 1 && plan.inputs == plan.outputs
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let y = branch(x)
        return isResidual ? x + y : y
    }

    /// The block with its branch dropped for some samples.
    func callAsFunction(_ x: Tensor, dropping probability: Double, using generator: Generator) -> Tensor {
        guard isResidual, probability > 0 else { return self(x) }
        let kept = Tensor.bernoulli(
            [x.shape[0], 1, 1, 1], probability: 1 - probability, dtype: x.dtype, using: generator)
        return x + branch(x) * (kept * (1 / (1 - probability)))
    }

    private func branch(_ x: Tensor) -> Tensor { project(depthwise(expand?(x) ?? x)) }
}
