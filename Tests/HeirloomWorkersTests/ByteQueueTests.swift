import HeirloomWorkers
import Synchronization
import Testing

private func queue(bytes: Int = 1000, count: Int = 100) -> ByteQueue<Int> {
    ByteQueue(byteLimit: bytes, countLimit: count) { $0 }
}

/// The two sides of a queue, each on a thread of its own.
private func pair() async throws -> (Worker<Void>, Worker<Void>) {
    (try await Worker(name: "producer") {}, try await Worker(name: "consumer") {})
}

@Suite(.timeLimit(.minutes(10))) struct ByteQueueTests {
    @Test(arguments: [(1, 1), (7, 3), (1_000_000, 1000)])
    func everythingArrivesInOrder(bytes: Int, count: Int) async throws {
        let queue = ByteQueue<Int>(byteLimit: bytes, countLimit: count) { _ in 1 }
        let (producer, consumer) = try await pair()
        async let sent: Void = producer.run { _ in
            for value in 0..<20_000 { try queue.push(value) }
            queue.close()
        }
        async let received = consumer.run { _ in
            var values: [Int] = []
            while let value = try queue.pop() { values.append(value) }
            return values
        }
        try await sent
        #expect(try await received == Array(0..<20_000))
        #expect(try queue.pop() == nil)
        let statistics = queue.statistics
        #expect(statistics.pushedCount == 20_000 && statistics.poppedCount == 20_000)
        #expect(statistics.peakCount <= count && statistics.peakBytes <= bytes)
    }

    @Test func bytesAreBounded() async throws {
        let queue = queue(bytes: 100, count: 1000)
        let (producer, consumer) = try await pair()
        async let sent: Void = producer.run { _ in
            for size in 0..<500 { try queue.push(size % 61) }
            queue.close()
        }
        async let total = consumer.run { _ in
            var total = 0
            while let size = try queue.pop() { total += size }
            return total
        }
        try await sent
        #expect(try await total == (0..<500).reduce(0) { $0 + $1 % 61 })
        #expect(queue.statistics.peakBytes <= 100)
    }

    @Test func anElementLargerThanTheLimitPassesAlone() async throws {
        let queue = queue(bytes: 10, count: 10)
        try queue.push(50)
        let (producer, _) = try await pair()
        async let second: Void = producer.run { _ in try queue.push(1) }
        try await Task.sleep(for: .milliseconds(50))
        #expect(queue.statistics.pushedCount == 1)
        #expect(try queue.pop() == 50)
        try await second
        #expect(try queue.pop() == 1)
    }

    @Test func aFullQueueHoldsTheProducerBack() async throws {
        let queue = queue(count: 4)
        let (producer, consumer) = try await pair()
        async let sent: Void = producer.run { _ in
            for value in 0..<10 { try queue.push(value) }
            queue.close()
        }
        #expect(await eventually { queue.statistics.pushedCount == 4 })
        try await Task.sleep(for: .milliseconds(50))
        #expect(queue.statistics.pushedCount == 4)
        async let received = consumer.run { _ in
            var count = 0
            while try queue.pop() != nil { count += 1 }
            return count
        }
        #expect(try await received == 10)
        try await sent
        #expect(queue.statistics.pushWait > .zero)
    }

    @Test func aProducersFailureComesAfterWhatItSent() throws {
        let queue = queue()
        try queue.push(1)
        try queue.push(2)
        queue.fail(Broken(reason: "damaged"))
        queue.fail(Broken(reason: "later"))
        #expect(try queue.pop() == 1)
        #expect(try queue.pop() == 2)
        #expect(throws: Broken(reason: "damaged")) { try queue.pop() }
        #expect(throws: Broken(reason: "damaged")) { try queue.pop() }
    }

    @Test func aConsumersFailureWakesTheProducer() async throws {
        let queue = queue(count: 1)
        try queue.push(1)
        let (producer, _) = try await pair()
        let blocked = Task { try await producer.run { _ in try queue.push(2) } }
        try await Task.sleep(for: .milliseconds(50))
        queue.fail(Broken(reason: "disk full"))
        await #expect(throws: Broken(reason: "disk full")) { try await blocked.value }
    }

    @Test func cancellationWakesBothSides() async throws {
        let full = queue(count: 1)
        let empty = queue()
        try full.push(1)
        let flag = CancellationFlag()
        let registration = flag.onCancel {
            full.cancel()
            empty.cancel()
        }
        let (producer, consumer) = try await pair()
        let push = Task { try await producer.run { _ in try full.push(2) } }
        let pop = Task { try await consumer.run { _ in try empty.pop() } }
        try await Task.sleep(for: .milliseconds(50))
        flag.cancel()
        await #expect(throws: CancellationError.self) { try await push.value }
        await #expect(throws: CancellationError.self) { _ = try await pop.value }
        #expect(throws: CancellationError.self) { try full.pop() }
        withExtendedLifetime(registration) {}
    }

    @Test func poppedAndCancelledElementsAreReleased() throws {
        let queue = ByteQueue<Counted>(byteLimit: 100, countLimit: 100) { _ in 1 }
        let counter = LiveCounter()
        for _ in 0..<5 { try queue.push(Counted(counter)) }
        #expect(counter.live == 5)
        for left in [4, 3, 2] {
            _ = try queue.pop()
            #expect(counter.live == left)
        }
        queue.cancel()
        #expect(counter.live == 0)
    }

    /// Three stages as in a film job: all three block at once, on a machine with fewer cooperative threads than that.
    @Test func threeStagesOverlap() async throws {
        let decoded = queue(count: 2)
        let done = queue(count: 2)
        let (decoder, encoder) = try await pair()
        let network = try await Worker(name: "infer") {}
        async let first: Void = decoder.run { _ in
            for value in 0..<2000 { try decoded.push(value % 100) }
            decoded.close()
        }
        async let second: Void = network.run { _ in
            while let value = try decoded.pop() { try done.push(value * 2) }
            done.close()
        }
        async let third = encoder.run { _ in
            var values: [Int] = []
            while let value = try done.pop() { values.append(value) }
            return values
        }
        // The cooperative pool must stay free while all three wait for each other.
        let free = await Task.detached { 42 }.value
        #expect(free == 42)
        try await first
        try await second
        #expect(try await third == (0..<2000).map { $0 % 100 * 2 })
    }

    @Test func pushAfterCloseTraps() async {
        await #expect(processExitsWith: .failure) {
            let queue = ByteQueue<Int>(byteLimit: 1, countLimit: 1) { _ in 1 }
            queue.close()
            try queue.push(1)
        }
    }
}

private final class LiveCounter: Sendable {
    private let count = Atomic(0)
    var live: Int { count.load(ordering: .sequentiallyConsistent) }
    func add(_ value: Int) { count.add(value, ordering: .sequentiallyConsistent) }
}

private final class Counted: Sendable {
    let counter: LiveCounter
    init(_ counter: LiveCounter) {
        self.counter = counter
        counter.add(1)
    }
    deinit { counter.add(-1) }
}
