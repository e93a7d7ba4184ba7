import HeirloomDatasets
import Testing

@Suite struct SamplerTests {
    /// The published second and third output for the state 0: the first one is the sequence's own start.
    @Test func theGeneratorIsSplitMix64() {
        var random = RandomSequence()
        #expect(random.next() == 0x6E78_9E6A_A1B9_65F4)
        #expect(random.next() == 0x06C4_5D18_8009_454F)
    }

    @Test func aSequenceDependsOnEveryNumberAndTheirOrder() {
        let starts: [RandomSequence] = [
            RandomSequence(1), RandomSequence(2), RandomSequence(1, 2), RandomSequence(2, 1), RandomSequence(1, 2, 0),
        ]
        let firsts = starts.map { start in
            var copy = start
            return copy.next()
        }
        #expect(Set(firsts).count == firsts.count)
        var (a, b) = (RandomSequence(5, 6), RandomSequence(5, 6))
        #expect((0..<100).allSatisfy { _ in a.next() == b.next() })
        let numbers = (0..<1000).map { _ in a.uniform(-2, 3) }
        #expect(numbers.allSatisfy { (-2..<3).contains($0) })
        // the mean of 1000 such numbers deviates by 0.046
        #expect(abs(numbers.reduce(0, +) / 1000 - 0.5) < 0.2)
    }

    @Test(arguments: 1...40)
    func everyEpochIsAPermutation(count: Int) {
        let sampler = Sampler(count: count, seed: 9)
        let orders = (0..<6).map { sampler.order(epoch: $0) }
        #expect(orders.allSatisfy { $0.sorted() == Array(0..<count) })
        #expect(count < 8 || Set(orders).count == orders.count)
    }

    @Test func theOrderIsAFunctionOfSeedAndEpoch() {
        let orders: [Sampler.Order] = [.shuffled, .weighted((1...50).map(Double.init))]
        for order in orders {
            let one = Sampler(count: 50, order: order, seed: 4)
            let later = one.order(epoch: 3)
            _ = one.order(epoch: 0)
            #expect(Sampler(count: 50, order: order, seed: 4).order(epoch: 3) == later)
            #expect(Sampler(count: 50, order: order, seed: 5).order(epoch: 3) != later)
            #expect(one.order(epoch: 4) != later)
        }
    }

    @Test func validationKeepsTheOrder() {
        #expect(Sampler(count: 7, order: .sequential, seed: 1).order(epoch: 5) == Array(0..<7))
    }

    @Test func weightsAreKeptInEveryEpoch() {
        let weights: [Double] = [0, 1, 2, 0.5, 0, 4, 0.5]
        let count = weights.count
        let sampler = Sampler(count: count, order: .weighted(weights), seed: 2)
        var totals = [Int](repeating: 0, count: count)
        let epochs = 300
        for epoch in 0..<epochs {
            let order = sampler.order(epoch: epoch)
            #expect(order.count == count)
            for (sample, weight) in weights.enumerated() {
                let drawn = order.count { $0 == sample }
                totals[sample] += drawn
                // One draw a stratum: the number of draws is off by less than two, whatever the chance.
                #expect(abs(Double(drawn) - weight * Double(count) / 8) < 2)
            }
        }
        #expect(totals[0] == 0 && totals[4] == 0)
        for (total, weight) in zip(totals, weights) {
            #expect(abs(Double(total) / Double(epochs) - weight * Double(count) / 8) < 0.12)
        }
    }

    @Test func weightsThatMakeNoOrderTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = Sampler(count: 2, order: .weighted([0, 0]), seed: 1)
        }
    }
}
