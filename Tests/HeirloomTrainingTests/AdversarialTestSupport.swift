import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors
import HeirloomTraining

/// The networks of `Fixtures/training/generate_adversarial.py`.
final class TinyGenerator: Module, UnaryLayer {
    let first: Conv2d, norm = BatchNorm2d(channels: 4), last: Conv2d

    init(using generator: Generator) {
        first = Conv2d(
            inputChannels: 1, outputChannels: 4, kernel: 3, padding: .zeros(1), bias: false, using: generator)
        last = Conv2d(inputChannels: 4, outputChannels: 3, kernel: 3, padding: .zeros(1), using: generator)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { last(norm(first(x)).relu()).sigmoid() }
}

final class TinyCritic: Module, UnaryLayer {
    let first: SpectralConv2d, last: SpectralConv2d
    let dropout: Dropout

    init(dropout probability: Double = 0, using generator: Generator) {
        first = SpectralConv2d(
            inputChannels: 3, outputChannels: 6, kernel: 3, stride: 2, padding: 1, using: generator)
        last = SpectralConv2d(inputChannels: 6, outputChannels: 1, kernel: 3, using: generator)
        dropout = Dropout(probability, using: Generator(seed: 31))
    }

    func callAsFunction(_ x: Tensor) -> Tensor { last(dropout(first(x).leakyRelu(slope: 0.2))) }
}

/// Batches from a list, round and round.
final class ListedBatches: BatchSource {
    let batches: [Batch]
    var batchesPerEpoch: Int { batches.count }

    init(_ batches: [Batch]) { self.batches = batches }

    func batch(epoch: Int, position: Int) throws -> Batch { batches[position] }
}

/// One process that trains the two networks.
final class TinyGame {
    let pair: AdversarialPair
    let learner: Learner
    let averages: ExponentialMovingAverage
    let recorder = Recorder(every: 4)
    var generatorCalls = 0

    init(
        _ rule: AdversarialRule, seed: UInt64 = 1, dropout: Double = 0, rate: Double = 3e-3, noise: Double = 0,
        precision: DType? = nil
    ) {
        Runtime.threads = 1
        let generator = TinyGenerator(using: Generator(seed: seed))
        let critic = TinyCritic(dropout: dropout, using: Generator(seed: seed + 1))
        pair = AdversarialPair(generator: generator, critic: critic)
        averages = ExponentialMovingAverage(of: generator, decay: 0.9)
        func groups(_ network: Module, rate: Double) -> [ParameterGroup] {
            [ParameterGroup(name: "all", parameters: network.namedParameters(), rate: rate, weightDecay: 1e-3)]
        }
        learner = Learner(
            adversarial: pair, generate: { generator($0) },
            criticLoss: { step in
                guard let made = step.output, let real = step.target else { return Tensor(0) }
                return AdversarialLoss.critic(real: critic(real), fake: critic(made))
            },
            generatorLoss: { step in
                guard let made = step.output, let real = step.target else { return Tensor(0) }
                return AdversarialLoss.generator(fake: critic(made)) + made.l1Loss(real) * 1.5
            },
            prepare: { batch, generator in
                let added = Tensor.normal(batch.input.shape, using: generator) * noise
                return (noise > 0 ? batch.input + added : batch.input, batch.target)
            },
            generatorGroups: groups(generator, rate: rate), criticGroups: groups(critic, rate: 5 * rate), rule: rule,
            precision: precision, seed: seed)
        learner.callbacks = [averages, recorder]
    }

    var state: [String: Tensor] {
        copies(learner.state() + averages.state().map { ("average/" + $0.name, $0.tensor) })
    }
}

/// Fourteen batches as the fixture has them.
func gameBatches() -> ListedBatches {
    let generator = Generator(seed: 12)
    return ListedBatches(
        (0..<14).map { _ in
            Batch(
                input: .uniform([4, 1, 8, 8], using: generator),
                target: .uniform([4, 3, 8, 8], from: 0.6, to: 0.9, using: generator), indices: [0, 1, 2, 3])
        })
}
