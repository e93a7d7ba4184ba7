import Foundation
import HeirloomWorkers
import Synchronization
import Testing

/// A state that is not Sendable and remembers its thread.
private final class Owned {
    let thread = ObjectIdentifier(Thread.current)
    let alive: Counter
    var calls = 0

    init(_ alive: Counter) {
        self.alive = alive
        alive.add(1)
    }

    deinit { alive.add(-1) }
}

private final class Counter: Sendable {
    private let number = Mutex(0)
    func add(_ change: Int) { number.withLock { $0 += change } }
    var value: Int { number.withLock { $0 } }
}

private struct Failure: Error, Equatable { let index: Int }

@Suite struct WorkerPoolTests {
    @Test func answersComeInTheOrderOfTheList() throws {
        let pool = try WorkerPool(name: "test", count: 3) { Owned(Counter()) }
        let answers = try pool.begin(Array(0..<200)) { state, number in
            state.calls += 1
            if number % 7 == 0 { Thread.sleep(forTimeInterval: 0.001) }
            return number * number
        }.wait()
        #expect(answers == (0..<200).map { $0 * $0 })
    }

    @Test func everyStateStaysOnItsThread() throws {
        let pool = try WorkerPool(name: "test", count: 4) { Owned(Counter()) }
        let atHome = try pool.begin(Array(0..<100)) { state, _ in
            Thread.sleep(forTimeInterval: 0.0005)
            return state.thread == ObjectIdentifier(Thread.current)
        }.wait()
        #expect(atHome.allSatisfy { $0 })
    }

    @Test func threadsWorkAtTheSameTime() throws {
        let pool = try WorkerPool(name: "test", count: 4) { () }
        let arrived = Counter()
        // Each waits until all four are there: with fewer threads this would time out.
        let met = try pool.begin(Array(0..<4)) { _, _ in
            arrived.add(1)
            for _ in 0..<2000 where arrived.value < 4 { Thread.sleep(forTimeInterval: 0.005) }
            return arrived.value == 4
        }.wait()
        #expect(met == [true, true, true, true])
    }

    @Test func theFirstFailureOfTheListIsThrownAndTheRestIsDone() throws {
        let pool = try WorkerPool(name: "test", count: 2) { () }
        let done = Counter()
        let work = pool.begin(Array(0..<10)) { _, index in
            done.add(1)
            if index == 4 || index == 8 { throw Failure(index: index) }
        }
        #expect(throws: Failure(index: 4)) { try work.wait() }
        #expect(done.value == 10)
        #expect(try pool.begin([1]) { _, number in number }.wait() == [1])
    }

    @Test func aFailureToBuildIsThrown() {
        #expect(throws: Failure(index: 0)) {
            try WorkerPool(name: "test", count: 3) { () throws -> Int in throw Failure(index: 0) }
        }
    }

    @Test func anEmptyListIsAnsweredAtOnce() throws {
        let pool = try WorkerPool(name: "test", count: 1) { () }
        #expect(try pool.begin([Int]()) { _, number in number }.wait().isEmpty)
    }

    @Test func whenThePoolIsGoneSoAreItsStates() throws {
        let alive = Counter()
        var pool: WorkerPool? = try WorkerPool(name: "test", count: 3) { Owned(alive) }
        #expect(alive.value == 3 && pool?.count == 3)
        pool = nil
        #expect(alive.value == 0)
    }

    @Test func whatHasNotBegunIsGivenUpWithThePool() throws {
        let done = Counter()
        var pool: WorkerPool? = try WorkerPool(name: "test", count: 1) { () }
        let work = pool?.begin(Array(0..<50)) { _, _ in
            Thread.sleep(forTimeInterval: 0.02)
            done.add(1)
        }
        pool = nil
        #expect(throws: CancellationError.self) { try work?.wait() }
        let count = done.value
        #expect(count < 50)
        Thread.sleep(forTimeInterval: 0.1)
        #expect(done.value == count)
    }
}
