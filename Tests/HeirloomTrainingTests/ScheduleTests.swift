import Foundation
import HeirloomTraining
import TestSupport
import Testing

/// What fastai's own code gave (`Fixtures/training/generate_schedules.py`).
struct OriginalValues: Decodable {
    struct Cycle: Decodable {
        let iterations: Int, warmup: Double, largest: [Double], rates: [[Double]], momenta: [Double]
    }

    struct Smoothing: Decodable { let losses: [Double], smooth: [Double] }

    struct Adam: Decodable {
        let lr: Double, wd: Double, beta2: Double, beta1: [Double]
        let start: [String: [Float]], gradients: [[String: [Float]]], steps: [[String: [Float]]]
    }

    let cycles: [Cycle], geometric: [Double], sliced: [Double], finder: [Double], smoothing: Smoothing, adam: Adam

    static func read() throws -> OriginalValues {
        try JSONDecoder().decode(Self.self, from: Data(Fixture.bytes("training/schedules.json")))
    }
}

@Suite struct ScheduleTests {
    private let original: OriginalValues

    init() throws { original = try .read() }

    @Test func theCycleIsFastaisCycle() {
        #expect(original.cycles.count == 4)
        for cycle in original.cycles {
            let policy = OneCycle(warmup: cycle.warmup)
            for iteration in 0..<cycle.iterations {
                let settings = policy.settings(iteration: iteration, of: cycle.iterations)
                for (rate, largest) in zip(cycle.rates[iteration], cycle.largest) {
                    #expect(abs(settings.rateFactor * largest - rate) <= 1e-12 * largest)
                }
                #expect(abs((settings.momentum ?? 0) - cycle.momenta[iteration]) < 1e-12)
            }
        }
    }

    @Test func theRatesOfGroupsAreFastais() {
        let geometric = DiscriminativeRates.geometric(from: 3e-7, to: 3e-4, count: 3)
        for (own, theirs) in zip(geometric, original.geometric) { #expect(abs(own / theirs - 1) < 1e-12) }
        #expect(DiscriminativeRates.geometric(from: 1e-5, to: 1e-3, count: 1) == [1e-3])
        #expect(DiscriminativeRates.sliced(1e-3, count: 3) == original.sliced)
        #expect(DiscriminativeRates.sliced(1e-3, count: 1) == [1e-3])
    }

    @Test func theFindersRatesAreFastais() {
        let finder = LearningRateFinder()
        for (step, rate) in original.finder.enumerated() { #expect(abs(finder.rate(step: step) / rate - 1) < 1e-12) }
    }

    @Test func smoothingIsFastais() {
        var smoothing = SmoothedLoss()
        for (loss, expected) in zip(original.smoothing.losses, original.smoothing.smooth) {
            #expect(abs(smoothing.add(loss) - expected) < 1e-12)
        }
    }

    static let cycles = [
        OneCycle(), OneCycle(warmup: 0.1, finalDivisor: 1e4), OneCycle(warmup: 0.8, startDivisor: 10),
        OneCycle(warmup: 0), OneCycle(warmup: 1),
    ]

    @Test(arguments: cycles)
    func momentumIsLowestWhereTheRateIsHighest(cycle: OneCycle) {
        let all = (0...1000).map { cycle.settings(progress: Double($0) / 1000) }
        let (rates, momenta) = (all.map(\.rateFactor), all.map { $0.momentum ?? .nan })
        #expect(rates.firstIndex(of: rates.max() ?? 0) == momenta.firstIndex(of: momenta.min() ?? 0))
        #expect(abs((rates.max() ?? 0) - 1) < 1e-3 && abs((momenta.min() ?? 0) - cycle.lowMomentum) < 1e-3)
        #expect(rates.allSatisfy { $0 > 0 && $0 <= 1 + 1e-12 })
        #expect(momenta.allSatisfy { ($0 - cycle.lowMomentum) > -1e-12 && $0 <= cycle.highMomentum + 1e-12 })
        // Wherever the rate goes up momentum goes down, and the other way round.
        for index in 1..<all.count {
            #expect((rates[index] - rates[index - 1]) * (momenta[index] - momenta[index - 1]) <= 0)
        }
    }

    @Test(arguments: cycles)
    func aCycleHasItsEndsAndNoJumps(cycle: OneCycle) {
        func rate(_ progress: Double) -> Double { cycle.settings(progress: progress).rateFactor }
        #expect(cycle.warmup == 0 || abs(rate(0) - 1 / cycle.startDivisor) < 1e-12)
        #expect(cycle.warmup == 1 || abs(rate(1) - 1 / cycle.finalDivisor) < 1e-12)
        #expect(abs(rate(cycle.warmup) - (cycle.warmup == 1 ? rate(1) : 1)) < 1e-12)
        // The steepest cosine, over a tenth of the run, moves by π/2 · 10 per unit.
        for index in 1...2000 where cycle.warmup > 0 && cycle.warmup < 1 {
            #expect(abs(rate(Double(index) / 2000) - rate(Double(index - 1) / 2000)) < 0.009)
        }
        #expect(rate(1.5) == rate(1))
    }

    @Test(arguments: [1, 2, 3, 7, 50])
    func everyLengthHasACycle(count: Int) {
        for cycle in Self.cycles {
            for iteration in 0..<count {
                let settings = cycle.settings(iteration: iteration, of: count)
                #expect(settings.rateFactor.isFinite && settings.rateFactor > 0 && settings.rateFactor <= 1)
            }
        }
    }

    @Test func schedulesHaveTheirEnds() {
        let all: [Schedule] = [
            .linear(from: 2, to: 5), .cosine(from: 2, to: 5), .exponential(from: 2, to: 5),
            .polynomial(from: 2, to: 5, power: 3),
        ]
        for schedule in all {
            #expect(abs(schedule(0) - 2) < 1e-12 && abs(schedule(1) - 5) < 1e-12)
            #expect(schedule(-1) == schedule(0) && schedule(2) == schedule(1))
            let values = (0...100).map { schedule(Double($0) / 100) }
            #expect(values == values.sorted())
        }
        #expect(abs(all[0](0.25) - 2.75) < 1e-12)
        #expect(abs(all[1](0.5) - 3.5) < 1e-12)
        #expect(abs(all[2](0.5) - 10.0.squareRoot()) < 1e-12)
        #expect(abs(all[3](0.5) - (5 - 3.0 / 8)) < 1e-12)
        #expect(Schedule.constant(4)(0.3) == 4)
    }

    @Test func sequencesJoinWithoutAGap() {
        let sequence = Schedule.sequence([
            (0.25, .linear(from: 0, to: 1)), (0, .constant(9)), (0.5, .constant(1)), (0.25, .linear(from: 1, to: 0)),
        ])
        for index in 1...1000 {
            #expect(abs(sequence(Double(index) / 1000) - sequence(Double(index - 1) / 1000)) < 0.0041)
        }
        #expect(sequence(0) == 0 && sequence(0.5) == 1 && abs(sequence(0.125) - 0.5) < 1e-12 && sequence(1) == 0)
    }

    @Test func partsThatAreNoWholeTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = Schedule.sequence([(0.5, .constant(1)), (0.4, .constant(1))])
        }
    }
}
