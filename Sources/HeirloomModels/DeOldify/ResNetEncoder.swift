import HeirloomLayers
import HeirloomTensors

/// A residual network without its classifier (He 2015), with a tap at every size.
///
/// - Shape: `[N, 3, H, W]` → `[N, C, ⌈H / 32⌉, ⌈W / 32⌉]`.
final class ResNetEncoder: Module {
    /// The blocks of one size.
    final class Stage: Module, UnaryLayer {
        let blocks: [ResNetBlock]

        init(_ blocks: [ResNetBlock]) { self.blocks = blocks }

        func callAsFunction(_ x: Tensor) -> Tensor { blocks.reduce(x) { $1($0) } }
    }

    let stem: ConvNorm2d
    let stages: [Stage]

    init(_ configuration: DeOldifyConfiguration, using generator: Generator?) {
        let width = configuration.width
        stem = ConvNorm2d(
            Conv2d(
                inputChannels: 3, outputChannels: width, kernel: 7, stride: 2, padding: .zeros(3), bias: false,
                initializer: .kaimingNormal, using: generator),
            BatchNorm2d(channels: width), .relu)
        var inputs = width
        stages = configuration.depths.enumerated().map { index, depth in
            let outputs = configuration.stageChannels[index]
            return Stage(
                (0..<depth).map { place in
                    defer { inputs = outputs }
                    return ResNetBlock(
                        inputs: inputs, outputs: outputs, stride: place == 0 && index > 0 ? 2 : 1,
                        bottleneck: configuration.bottleneck, using: generator)
                })
        }
    }

    /// The output and the taps: after the stem, before its pooling (stride 2), and after all stages but the last
    /// (strides 4, 8, 16).
    func features(_ x: Tensor) -> (output: Tensor, taps: [Tensor]) {
        let first = stem(x)  // [N, w, ⌈H / 2⌉, ⌈W / 2⌉]
        var taps = [first]
        var y = first.maxPooled(kernel: 3, stride: 2, padding: 1)
        for (index, stage) in stages.enumerated() {
            y = stage(y)
            if index < stages.count - 1 { taps.append(y) }
        }
        return (y, taps)
    }
}
