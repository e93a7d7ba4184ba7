import HeirloomLayers
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

@Suite struct AverageTests {
    /// A norm has floating-point statistics and an integer count beside its parameters.
    private func network() -> BatchNorm2d { BatchNorm2d(channels: 2) }

    private func set(_ network: BatchNorm2d, _ value: Double) {
        withoutGradients { for (_, tensor) in network.state() { tensor.fill(value) } }
    }

    @Test func theFormulaIsKept() throws {
        let network = network()
        set(network, 1)
        let average = ExponentialMovingAverage(of: network, decay: 0.5)
        var expected = 1.0
        let values: [Double] = [3, -1, 0.5, 8, 8, 2, 7, -4, 1, 0, 5, 6]
        for (index, value) in values.enumerated() {
            set(network, value)
            average.update()
            let n = Double(index + 1)
            // Early on it follows faster: (1 + n) / (10 + n) is below a half until n = 8.
            let kept = min(0.5, (1 + n) / (10 + n))
            expected = kept * expected + (1 - kept) * value
            for (name, tensor) in average.state() { #expect(abs(tensor.max().item() - expected) < 1e-5, "\(name)") }
        }
        #expect(average.steps == 12)
        #expect(average.state().map(\.name) == ["weight", "bias", "running_mean", "running_var"])
    }

    @Test func theNetworkHasTheAveragesOnlyInside() throws {
        struct Failure: Error {}
        let network = network()
        set(network, 1)
        let average = ExponentialMovingAverage(of: network, decay: 0.9)
        set(network, 5)
        average.update()
        let before = copies(network.state())
        let kept = average.state().map { $0.tensor.copied() }
        average.withAverages {
            for (tensor, value) in zip(network.state().prefix(2), kept) {
                expectEqual(tensor.tensor.detached(), value)
            }
            #expect(network.weight.max().item() < 5)
        }
        #expect(differences(copies(network.state()), before) == [])
        #expect(throws: Failure.self) { try average.withAverages { throw Failure() } }
        #expect(differences(copies(network.state()), before) == [])
    }

    @Test func aFitAveragesAfterEveryStep() throws {
        let network = tinyNetwork()
        let learner = plainLearner(network)
        learner.accumulation = 2
        let average = ExponentialMovingAverage(of: network, decay: 0.9)
        learner.callbacks = [average]
        try learner.fit(LinearBatches(), plan: steps(6))
        #expect(average.steps == 3)
        #expect(!average.state()[0].tensor.isEqual(to: network.weight))
    }

    @Test func averagesThatDoNotFitAreRefused() throws {
        let average = ExponentialMovingAverage(of: network(), decay: 0.9)
        let before = copies(average.state())
        var other = before.mapValues { $0 + 1 }
        other["bias"] = .zeros([3])
        let error = #expect(throws: TrainingError.self) { try average.load(other, steps: 4) }
        #expect(error?.code == .unfittingState && error?.reason.contains("bias") == true)
        #expect(differences(copies(average.state()), before) == [] && average.steps == 0)
    }
}
