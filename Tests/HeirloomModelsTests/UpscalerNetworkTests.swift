import HeirloomLayers
import HeirloomModels
import HeirloomTensors
import TestSupport
import Testing

/// RRDBNet, SRVGGNetCompact and the critic: published names and sizes, parity with PyTorch, what tiles may rely on.
@Suite struct UpscalerNetworkTests {
    /// Numbers of tensors and parameters of the published networks.
    @Test func sizesAreThePublishedOnes() {
        for (configuration, tensors, parameters) in [
            (RRDBNetConfiguration(), 702, 16_697_987), (RRDBNetConfiguration(scale: 2), 702, 16_703_171),
            (RRDBNetConfiguration(blocks: 6), 192, 4_467_779),
        ] {
            let network = RRDBNet(configuration, using: nil)
            #expect(network.state().count == tensors && network.parameterCount == parameters)
            #expect(configuration.parameterCount == parameters)
        }
        for (convolutions, tensors, parameters) in [(16, 53, 621_424), (32, 101, 1_213_296)] {
            let configuration = SRVGGNetCompactConfiguration(convolutions: convolutions)
            let network = SRVGGNetCompact(configuration, using: nil)
            #expect(network.state().count == tensors && network.parameterCount == parameters)
            #expect(configuration.parameterCount == parameters && network.radius == convolutions + 2)
        }
        let critic = UNetDiscriminatorSN(using: nil)
        #expect(critic.parameterCount == 4_376_897)
        #expect(UNetDiscriminatorSNConfiguration().parameterCount == critic.state().reduce(0) { $0 + $1.tensor.count })
    }

    @Test func everyNameHasAPublishedOne() {
        func published(_ network: any BuildableModel, _ keys: KeyTable) -> [String] {
            network.state().compactMap { keys.foreign($0.name) }
        }
        let rrdb = RRDBNet(.init(blocks: 2), using: nil)
        for (keys, some) in [
            (
                RRDBNet.publishedKeys,
                ["conv_first.weight", "body.1.rdb3.conv5.bias", "conv_up2.weight", "conv_last.bias"]
            ),
            (
                RRDBNet.trunkKeys,
                ["RRDB_trunk.1.RDB3.conv5.bias", "trunk_conv.weight", "HRconv.bias", "upconv1.weight"]
            ),
        ] {
            let names = published(rrdb, keys)
            #expect(Set(names).count == 72 && some.allSatisfy(names.contains))
        }
        #expect(RRDBNet.sequenceKeys.own("model.1.sub.7.RDB2.conv4.0.bias") == "body.7.dense2.conv4.bias")
        #expect(RRDBNet.sequenceKeys.own("model.1.sub.23.weight") == "trunk.weight")
        #expect(RRDBNet.sequenceKeys.own("model.10.bias") == "last.bias")
        let compact = published(SRVGGNetCompact(using: nil), SRVGGNetCompact.publishedKeys)
        #expect(compact.contains("body.34.bias") && compact.contains("body.1.weight") && Set(compact).count == 53)
        let critic = published(UNetDiscriminatorSN(using: nil), UNetDiscriminatorSN.publishedKeys)
        #expect(Set(critic).count == 28)
        for name in ["conv0.bias", "conv1.weight_orig", "conv8.weight_v", "conv6.weight_u", "conv9.weight"] {
            #expect(critic.contains(name))
        }
    }

    /// Against PyTorch, relative to each output's range; two CPU back ends differ by less than 1e-5. Where the kit's
    /// tensors are not among the fixtures, its samples and statistics of them are compared.
    @Test(arguments: [
        "rrdb_x4_b2", "rrdb_x2_b2", "rrdb_x1_b2", "srvgg_c16_x4", "srvgg_c32_x4", "srvgg_c16_x2", "unet_disc",
        "tile12_pad3_pre2", "tile_x2_odd_pre3", "pipe_rgb8", "pipe_rgba8", "pipe_grey8", "pipe_rgb16",
    ])
    func agreesWithTheReference(_ name: String) throws {
        let results = try ParityKit(folder: Fixture.path("upscaler-kit")).run { $0 == name }
        let result = try #require(results.first { $0.name == name })
        #expect(result.passes(limit: 1e-5) == true, "\(result)")
    }

    /// The context that the description asks for makes the middle of a tile exact, and one pixel less does not.
    @Test(arguments: [nil, 1]) func compactTilesAreExact(outputScale: Int?) {
        let network = SRVGGNetCompact(
            .init(upscale: 2, convolutions: 3, features: 8, outputScale: outputScale), using: Generator(seed: 1))
        guard case .overlapping(let context, let blend) = network.description.tiling else {
            Issue.record("not to be tiled")
            return
        }
        #expect(context == (outputScale == nil ? 5 : 6) && blend == 0)
        let x = Tensor.uniform([1, 3, 40, 30], using: Generator(seed: 2))
        let scale = network.description.scale
        withoutGradients {
            let whole = network(x).sliced(axis: 2, from: 16 * scale, to: 24 * scale)
            func part(_ context: Int) -> Tensor {
                network(x.sliced(axis: 2, from: 16 - context, to: 24 + context).contiguous())
                    .sliced(axis: 2, from: context * scale, to: (context + 8) * scale)
            }
            expectClose(part(context), whole, absolute: 1e-6)
            #expect((part(context - 1) - whole).abs().max().item() > 1e-6)
        }
    }

    @Test func outputsMayBeSmallerThanTheNetworks() {
        let plain = SRVGGNetCompact(.init(convolutions: 2, features: 8), using: Generator(seed: 3))
        let smaller = SRVGGNetCompact(.init(convolutions: 2, features: 8, outputScale: 3), using: Generator(seed: 3))
        let x = Tensor.uniform([2, 3, 7, 5], using: Generator(seed: 4))
        withoutGradients {
            #expect(smaller(x).shape == [2, 3, 21, 15] && smaller.description.scale == 3)
            expectEqual(smaller(x), plain(x).resized(height: 21, width: 15, mode: .bicubic))
        }
    }

    @Test(arguments: [DType.float32, .bfloat16]) func preparedNetworksComputeTheSame(_ dtype: DType) throws {
        let networks: [any ImageRestorer] = [
            SRVGGNetCompact(.init(convolutions: 4, features: 16, outputScale: 2), using: Generator(seed: 5)),
            RRDBNet(.init(scale: 2, blocks: 1), using: Generator(seed: 6)),
        ]
        for network in networks {
            let prepared = network.preparedForInference(device: .cpu, dtype: dtype)
            let x = Tensor.uniform([1, 3, 16, 24], using: Generator(seed: 7))
            withoutGradients {
                let y = prepared(x.to(dtype: dtype))
                #expect(y.dtype == dtype)
                // bfloat16 keeps 8 bits of values around 1, and a few of their errors add up.
                expectClose(y.to(dtype: .float32), network(x), absolute: dtype == .float32 ? 1e-5 : 0.03)
            }
        }
    }

    @Test func trainingStartsSmall() {
        let network = RRDBNet(.init(blocks: 1), using: Generator(seed: 8))
        for (name, tensor) in network.state() where name.contains("dense") {
            let largest = tensor.abs().max().item()
            #expect(name.hasSuffix("bias") ? largest == 0 : largest > 0 && largest < 0.1, "\(name): \(largest)")
        }
    }
}
