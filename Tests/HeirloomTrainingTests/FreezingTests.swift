import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

@Suite struct FreezingTests {
    /// Three layer groups; the first two have norms.
    final class Network: Module, UnaryLayer {
        let stem: Conv2d, stemNorm = BatchNorm2d(channels: 4), middle: Conv2d, middleNorm = BatchNorm2d(channels: 4)
        let head: Conv2d

        override init() {
            let generator = Generator(seed: 3)
            stem = Conv2d(inputChannels: 3, outputChannels: 4, kernel: 3, using: generator)
            middle = Conv2d(inputChannels: 4, outputChannels: 4, kernel: 3, using: generator)
            head = Conv2d(inputChannels: 4, outputChannels: 1, kernel: 1, using: generator)
        }

        func callAsFunction(_ x: Tensor) -> Tensor { head(middleNorm(middle(stemNorm(stem(x)).relu())).relu()) }

        var layers: LayerGroups {
            LayerGroups([
                ModuleGroup(name: "stem", modules: [("stem", stem), ("stemNorm", stemNorm)]),
                ModuleGroup(name: "middle", modules: [("middle", middle), ("middleNorm", middleNorm)]),
                ModuleGroup(name: "head", modules: [("head", head)]),
            ])
        }
    }

    private func learner(_ network: Network) -> Learner {
        let source = ListedBatches(
            (0..<4).map { index in
                let x = Tensor.normal([2, 3, 8, 8], using: Generator(seed: UInt64(index)))
                return Batch(
                    input: x,
                    target: x.sliced(axis: 1, from: 0, to: 1).sliced(axis: 2, from: 0, to: 4)
                        .sliced(axis: 3, from: 0, to: 4))
            })
        let learner = Learner(
            model: network, loss: { $0.squaredLoss($1) },
            optimizer: AdamW(network.layers.parameterGroups(.same(1e-3))))
        learner.data = source
        return learner
    }

    private func changed(_ network: Network, by body: () throws -> Void) rethrows -> Set<String> {
        let before = copies(network.state())
        try body()
        return Set(differences(copies(network.state()), before))
    }

    @Test func frozenGroupsKeepTheirNormsTraining() throws {
        let network = Network()
        let learner = learner(network)
        let all = Set(network.state().map(\.name))
        let fixed: Set = ["stem.weight", "stem.bias", "middle.weight", "middle.bias"]
        learner.freeze(network.layers, to: 2, rates: .sliced(1e-2))
        #expect(try changed(network) { try learner.fit(oneCycle: 1) } == all.subtracting(fixed))
        #expect(learner.optimizer.groups.map(\.name) == ["stem.vectors", "middle.vectors", "head", "head.vectors"])
        #expect(learner.optimizer.groups.map(\.rate) == [1e-3, 1e-3, 1e-2, 1e-2])
        #expect(learner.optimizer.groups.allSatisfy { $0.weightDecay == 1e-3 })

        learner.freeze(network.layers, to: 1, rates: .same(1e-3))
        #expect(try changed(network) { try learner.fit(oneCycle: 1) } == all.subtracting(["stem.weight", "stem.bias"]))
        learner.freeze(network.layers, to: 0, rates: .geometric(from: 1e-4, to: 1e-2))
        #expect(try changed(network) { try learner.fit(oneCycle: 1) } == all)
        let rates = learner.optimizer.groups.map(\.rate)
        #expect(rates.count == 6 && abs(rates[2] - 1e-3) < 1e-12 && rates[0] == 1e-4 && rates[5] == 1e-2)
    }

    @Test func changingWhatTrainsForgetsTheMoments() throws {
        let network = Network()
        let learner = learner(network)
        try learner.fit(oneCycle: 1)
        let old = learner.optimizer
        learner.freeze(network.layers, to: 2, rates: .same(1e-3))
        #expect(learner.optimizer !== old)
        #expect(learner.optimizer.state().allSatisfy { $0.tensor.abs().max().item() == 0 })
        // Rates alone keep them.
        try learner.fit(oneCycle: 1)
        let kept = learner.optimizer
        let steps = kept.state()[0].tensor.item()
        try learner.fit(oneCycle: 1, rates: .sliced(5e-3), layers: network.layers)
        #expect(learner.optimizer === kept && kept.state()[0].tensor.item() == steps + 4)
        #expect(kept.groups.map(\.rate) == [5e-4, 5e-4, 5e-3, 5e-3])
    }

    @Test func ratesAreFastais() {
        #expect(GroupRates.same(1e-3).rates(count: 3) == [1e-3, 1e-3, 1e-3])
        #expect(GroupRates.sliced(1e-3).rates(count: 3) == [1e-4, 1e-4, 1e-3])
        let row = GroupRates.geometric(from: 3e-7, to: 3e-4).rates(count: 3)
        #expect(row[0] == 3e-7 && abs(row[1] / (3e-7 * 3e-4).squareRoot() - 1) < 1e-12 && row[2] == 3e-4)
    }
}
