import HeirloomWorkers
import Synchronization
import Testing

/// A clock that tests set by hand.
private final class HandClock: Sendable {
    private let seconds = Mutex(0.0)
    func advance(_ delta: Double) { seconds.withLock { $0 += delta } }
    var clock: @Sendable () -> Duration { { [self] in seconds.withLock { .seconds($0) } } }
}

@Suite struct ProgressMeterTests {
    @Test func rateIsOfTheRecentWindow() throws {
        let hand = HandClock()
        let meter = ProgressMeter(unit: "frames", total: 1000, window: .seconds(10), clock: hand.clock)
        #expect(meter.snapshot().rate == nil)
        for _ in 0..<100 {  // 10 a second for 10 s
            hand.advance(0.1)
            meter.advance()
        }
        #expect(abs(try #require(meter.snapshot().rate) - 10) < 1e-6)
        for _ in 0..<400 {  // then 20 a second for 20 s: the slow start is forgotten
            hand.advance(0.05)
            meter.advance()
        }
        let snapshot = meter.snapshot()
        // The window's left edge lies on a sample, at most a fortieth of the window off.
        #expect(abs(try #require(snapshot.rate) - 20) < 0.5)
        #expect(snapshot.completed == 500)
        #expect(snapshot.fraction == 0.5)
        #expect(abs(try #require(snapshot.remaining) / .seconds(1) - 25) < 1)
        #expect(abs(snapshot.elapsed / .seconds(1) - 30) < 1e-6)
    }

    @Test func aStallShowsAsSuch() {
        let hand = HandClock()
        let meter = ProgressMeter(unit: "frames", total: 10, window: .seconds(10), clock: hand.clock)
        hand.advance(1)
        meter.advance(by: 5)
        hand.advance(100)
        #expect(meter.snapshot().rate == 0)
        #expect(meter.snapshot().remaining == nil)
    }

    @Test func totalsMayBeUnknownOrWrong() {
        let hand = HandClock()
        let meter = ProgressMeter(unit: "files", clock: hand.clock)
        hand.advance(1)
        meter.advance(by: 3)
        #expect(meter.snapshot().fraction == nil && meter.snapshot().remaining == nil)
        meter.setTotal(2)
        #expect(meter.snapshot().fraction == 1)
        #expect(meter.snapshot().remaining == .zero)
        meter.setTotal(0)
        #expect(meter.snapshot().fraction == 1)
    }

    @Test func countsFromManyThreads() async {
        let meter = ProgressMeter(unit: "items")
        await withTaskGroup { group in
            for _ in 0..<8 { group.addTask { for _ in 0..<1000 { meter.advance() } } }
        }
        #expect(meter.snapshot().completed == 8000)
    }

    @Test func residentMemoryFollowsAllocation() throws {
        let before = try #require(ProcessMemory.residentBytes)
        // So much that what other tests give back meanwhile does not hide it.
        let block = [UInt8](repeating: 1, count: 256 << 20)
        let after = try #require(ProcessMemory.residentBytes)
        #expect(after - before > 64 << 20)
        #expect(block[block.count / 2] == 1)
    }
}

@Suite struct CancellationFlagTests {
    @Test func handlersRunOnce() throws {
        let flag = CancellationFlag()
        let counter = Counter()
        let registration = flag.onCancel { counter.add() }
        try flag.check()
        flag.cancel()
        flag.cancel()
        #expect(counter.value == 1)
        #expect(flag.isCancelled)
        #expect(throws: CancellationError.self) { try flag.check() }
        withExtendedLifetime(registration) {}
    }

    @Test func aLateHandlerRunsAtOnce() {
        let flag = CancellationFlag()
        flag.cancel()
        let counter = Counter()
        _ = flag.onCancel { counter.add() }
        #expect(counter.value == 1)
    }

    @Test func aDroppedRegistrationIsForgotten() {
        let flag = CancellationFlag()
        let counter = Counter()
        _ = flag.onCancel { counter.add() }
        flag.cancel()
        #expect(counter.value == 0)
    }
}

private final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .sequentiallyConsistent) }
    func add() { count.add(1, ordering: .sequentiallyConsistent) }
}
