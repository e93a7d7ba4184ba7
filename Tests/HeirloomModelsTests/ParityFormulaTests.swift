import HeirloomModels
import HeirloomTensors
import Testing

/// The formulas of the parity kits against their worked values.
@Suite struct ParityFormulaTests {
    private func expect(_ tensor: Tensor?, _ values: [Double], at indices: [Int]? = nil) {
        let all = tensor?.floats ?? []
        for (index, value) in zip(indices ?? Array(values.indices), values) {
            #expect(
                all.indices.contains(index) && abs(Double(all[index]) - value) < 6e-8 * max(1, abs(value)), "\(index)")
        }
    }

    @Test func sixtyFourBits() {
        #expect(KeyedNoise64.hash("") == 0xcbf2_9ce4_8422_2325)
        #expect(KeyedNoise64.hash("a") == 0xaf63_dc4c_8601_ec8c)
        #expect(KeyedNoise64.hash("1:conv_first.weight") == 0x2574_23f3_0c73_b2b1)
        let noise = KeyedNoise64(seed: 1)
        expect(
            Tensor(noise.numbers("conv_first.weight", count: 4)).to(dtype: .float32),
            [-0.51754057407, -0.27838850021, 0.09529221058, -0.78034496307])
        expect(
            noise.tensor("conv_first.weight", shape: [64, 3, 3, 3], family: .rrdb),
            [-0.18976487, -0.10207579, 0.03494048, -0.28612649])
        expect(
            noise.tensor("conv_body.weight", shape: [64, 64, 3, 3], family: .rrdb), [-0.0039126230, 0.0028965054])
        expect(noise.tensor("body.0.rdb1.conv1.bias", shape: [32], family: .rrdb), [0.0317318812, 0.0425719619])
        expect(noise.tensor("body.1.weight", shape: [64], family: .srvgg), [0.1823451221, 0.3117971420])
        expect(noise.tensor("_bn0.weight", shape: [32], family: .lite), [0.8520846])
        expect(noise.tensor("_bn0.running_var", shape: [32], family: .lite), [0.6953476])
        expect(noise.input("rrdb_x4_b2", shape: [1, 3, 24, 20]), [0.35995147, 0.09936145, 0.28763393, 0.59734273])
        #expect(noise.tensor("unknown", shape: [1], family: .vgg) == nil)
    }

    @Test func spectralVectors() throws {
        let noise = KeyedNoise64(seed: 1)
        let weight = try #require(noise.tensor("conv1.weight_orig", shape: [128, 64, 4, 4], family: .disc))
        let (u, v) = noise.spectralVectors(of: "conv1", weight: weight)
        expect(u, [0.0403323211, 0.0674515888])
        let sigma = (u * weight.flattened(from: 1).matmul(v)).sum().item()
        #expect(abs(sigma - 1.005493) < 1e-5)
    }

    @Test func thirtyTwoBits() {
        let noise = KeyedNoise32(seed: "deoldify-parity-1")
        #expect(noise.hash("layers.3.0.0.weight_orig") == 0x33B3_2598)
        #expect(KeyedNoise32.number(0x33B3_2598, 0) == -0.15504813194274902)
        let value = noise.value("layers.3.0.0.weight_orig", shape: [1024, 512, 3, 3])
        for (index, expected) in [
            (0, -0.012836153618991375), (1, -0.004313831217586994), (2, -0.06319906562566757),
            (4608, 0.04102203994989395),
            (4_718_591, 0.01017610915005207),
        ] { #expect(value.map { Double(Float($0(index))) } == expected) }
        expect(
            noise.tensor("layers.0.0.weight", shape: [64, 3, 7, 7]),
            [-0.0870385617017746, -0.057274844497442245, -0.0043791537173092365, -0.06209135055541992])
        expect(
            noise.tensor("layers.3.0.0.weight_u", shape: [1024]),
            [0.031361110508441925, -0.03659985214471817, 0.016490833833813667])
        expect(noise.tensor("layers.3.0.2.running_var", shape: [1024]), [1.0147795677185059, 0.7490147948265076])
        expect(
            noise.plain("input.64x64", shape: [1, 3, 64, 64], scale: 2),
            [-1.829106330871582, -0.3642137050628662, -1.9805808067321777], at: [0, 1, 4096])
    }
}
