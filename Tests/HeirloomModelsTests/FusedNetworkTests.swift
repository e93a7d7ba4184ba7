import HeirloomLayers
@testable import HeirloomModels
import HeirloomTensors
import TestSupport
import Testing

/// Networks prepared for inference against the plain ones.
@Suite struct FusedNetworkTests {
    /// Weights that make every layer matter: the initial ones are a tenth of He's, and the biases zero.
    private func awaken(_ network: some ImageRestorer, _ generator: Generator) {
        withoutGradients {
            for (name, tensor) in network.namedParameters() {
                if tensor.rank == 4 {
                    let deviation = (1 / Double(9 * tensor.shape[1])).squareRoot()
                    tensor.fillNormal(standardDeviation: deviation, using: generator)
                } else if name.hasSuffix("bias") {
                    tensor.fillNormal(standardDeviation: 0.1, using: generator)
                } else {
                    tensor.fillUniform(from: 0, to: 0.5, using: generator)
                }
            }
        }
    }

    /// Float32: other orders of sums, a millionth of the range each layer. Half precisions: 45 dB of the range.
    private func check(
        _ network: some ImageRestorer, _ shape: [Int], _ what: String,
        fused: (DType, _ packed: Bool) -> any ImageRestorer
    ) {
        let generator = Generator(seed: 21)
        awaken(network, generator)
        let x = Tensor.uniform(shape, using: generator)
        let scale = network.description.scale
        func expectNear(_ prepared: any ImageRestorer, _ plain: Tensor, _ dtype: DType, _ what: String) {
            let y = prepared(x.to(dtype: dtype))
            #expect(y.dtype == dtype && y.shape == plain.shape && prepared.description.scale == scale)
            let range = plain.max().item() - plain.min().item()
            if dtype == .float32 {
                expectClose(y, plain, absolute: 1e-5 * range, what)
            } else {
                let difference = y.to(dtype: .float32) - plain
                let error = (difference * difference).mean().item().squareRoot()
                #expect(error < range * 0.0056, "\(what): \(error) of \(range)")
            }
        }
        withoutGradients {
            let plain = network(x)
            #expect(plain.shape == [shape[0], 3, shape[2] * scale, shape[3] * scale])
            for dtype in [DType.float32, .bfloat16] {
                // As the device has it, and both ways of computing: builds without optimisation never choose to pack.
                expectNear(
                    network.preparedForInference(device: .cpu, dtype: dtype), plain, dtype, "\(what) prepared \(dtype)")
                expectNear(fused(dtype, false), plain, dtype, "\(what) composed \(dtype)")
                guard PackedConvolution.isAvailable(dtype, on: .cpu) else { continue }
                expectNear(fused(dtype, true), plain, dtype, "\(what) packed \(dtype)")
            }
        }
    }

    private func check(_ network: RRDBNet, _ shape: [Int], _ what: String) {
        check(network, shape, what) { FusedRRDBNet(network, device: .cpu, dtype: $0, packed: $1) }
    }

    @Test(arguments: [(4, 12, 10), (2, 12, 20), (1, 16, 24)]) func rrdbNet(scale: Int, height: Int, width: Int) {
        let network = RRDBNet(.init(scale: scale, blocks: 2, features: 24, growth: 12), using: Generator(seed: 1))
        check(network, [2, 3, height, width], "RRDBNet ×\(scale)")
    }

    /// Enough rows for three strips at full size, the last one of an odd number of rows.
    @Test func rrdbNetInStrips() {
        let network = RRDBNet(.init(blocks: 1, features: 8, growth: 8), using: Generator(seed: 1))
        check(network, [1, 3, 39, 5], "RRDBNet of 39 rows")
    }

    @Test func rrdbNetOfUsualWidth() {
        check(RRDBNet(.init(blocks: 1), using: Generator(seed: 1)), [1, 3, 9, 7], "RRDBNet")
    }

    @Test(arguments: [(4, nil, 9, 7), (4, 2, 8, 8), (4, 3, 6, 5), (2, nil, 1, 1), (3, nil, 4, 9)])
    func compact(upscale: Int, output: Int?, height: Int, width: Int) {
        let network = SRVGGNetCompact(
            .init(upscale: upscale, convolutions: 3, features: 20, outputScale: output), using: Generator(seed: 1))
        check(network, [2, 3, height, width], "compact ×\(output ?? upscale)") {
            FusedCompact(network, device: .cpu, dtype: $0, packed: $1)
        }
    }

    /// A failed allocation ends in a thrown error, not in a trap inside the network.
    @Test func undefinedInAScopeGivesUndefined() {
        let prepared = FusedCompact(.init(convolutions: 1, features: 8), using: Generator(seed: 1))
        let deep = FusedRRDBNet(.init(blocks: 1, features: 8, growth: 4), using: Generator(seed: 1))
        #expect(throws: TorchError.self) {
            try recovering {
                let lost = Tensor.ones([2]).reshaped([3])
                #expect(!prepared(lost).isDefined && !deep(lost).isDefined)
                #expect(!prepared(.ones([1, 3, 4, 4])).isDefined && !deep(.ones([1, 3, 4, 4])).isDefined)
            }
        }
    }
}
