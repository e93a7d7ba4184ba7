import Foundation
import HeirloomWorkers
import Synchronization
import Testing

/// A state that is not Sendable and remembers on which thread each thing happened.
private final class Confined {
    let log: ThreadLog
    var count = 0

    init(log: ThreadLog) {
        self.log = log
        log.note("built")
    }

    deinit { log.note("destroyed") }
}

private final class ThreadLog: Sendable {
    private let entries = Mutex<[(event: String, thread: UInt)]>([])

    func note(_ event: String) {
        let thread = UInt(bitPattern: ObjectIdentifier(Thread.current).hashValue)
        entries.withLock { $0.append((event, thread)) }
    }

    var events: [String] { entries.withLock { $0.map(\.event) } }
    var threads: Set<UInt> { entries.withLock { Set($0.map(\.thread)) } }
}

@Suite struct WorkerTests {
    @Test func stateIsBuiltUsedAndDestroyedOnOneThread() async throws {
        let log = ThreadLog()
        do {
            let worker = try await Worker(name: "confined") { Confined(log: log) }
            await withTaskGroup { group in
                for _ in 0..<200 {
                    group.addTask {
                        await worker.run { state in
                            state.log.note("run")
                            state.count += 1
                        }
                    }
                }
            }
            let count = await worker.run { $0.count }
            #expect(count == 200)
        }
        #expect(await eventually { log.events.last == "destroyed" })
        #expect(log.events.count == 202)
        #expect(log.events.first == "built")
        #expect(log.threads.count == 1)
    }

    @Test func aWorkerThatEndedHasLetItsStateGo() async throws {
        let log = ThreadLog()
        let worker = try await Worker(name: "ended") { Confined(log: log) }
        await worker.run { $0.log.note("run") }
        await worker.end()
        #expect(log.events == ["built", "run", "destroyed"] && log.threads.count == 1)
    }

    @Test func workersHaveThreadsOfTheirOwn() async throws {
        let log = ThreadLog()
        let first = try await Worker(name: "one") { Confined(log: log) }
        let second = try await Worker(name: "two") { Confined(log: log) }
        await first.run { $0.log.note("first") }
        await second.run { $0.log.note("second") }
        #expect(log.threads.count == 2)
    }

    @Test func threadIsNamedAndHasADeepStack() async throws {
        let worker = try await Worker(name: "deep") { 0 }
        let (name, stack) = await worker.run { _ in (Thread.current.name, Thread.current.stackSize) }
        #expect(name == "deep")
        #expect(stack >= 8 << 20)
        // Foundation's default stack would overrun here and kill the process.
        #expect(await worker.run { _ in descend(12 << 20) } >= 12 << 20)
    }

    @Test func failureOfMakeAndOfBodiesReachesTheCaller() async throws {
        await #expect(throws: Broken(reason: "make")) {
            _ = try await Worker<Int>(name: "broken") { throw Broken(reason: "make") }
        }
        let worker = try await Worker(name: "body") { 1 }
        await #expect(throws: Broken(reason: "body")) { try await worker.run { _ in throw Broken(reason: "body") } }
        #expect(await worker.run { $0 } == 1)
    }

    @Test func bodiesSeeTheirTasksCancellation() async throws {
        let worker = try await Worker(name: "cancelled") { 0 }
        let gate = ByteQueue<Int>(byteLimit: 8, countLimit: 1) { _ in 8 }
        let task = Task { try await worker.run { _ in (try gate.pop(), Task.isCancelled) } }
        task.cancel()
        try gate.push(7)
        let (value, sawCancellation) = try await task.value
        #expect(value == 7)
        #expect(sawCancellation)
    }

    @Test func threadsEndWithTheirWorkers() async throws {
        let before = threadCount()
        for _ in 0..<50 {
            let worker = try await Worker(name: "short-lived") { [Int](repeating: 0, count: 1000) }
            _ = await worker.run { $0.count }
        }
        // Other tests run beside this one with a handful of threads; fifty of ours would show.
        #expect(await eventually { threadCount() < before + 25 })
    }

    @Test func aFailedMakeLeavesNoThread() async throws {
        let before = threadCount()
        for _ in 0..<50 { _ = try? await Worker<Int>(name: "stillborn") { throw Broken(reason: "make") } }
        #expect(await eventually { threadCount() < before + 25 })
    }
}

/// Recurses until the stack is `bytes` deeper than at `top`; returns how deep it went.
@inline(never)
private func descend(_ bytes: Int, from top: Int? = nil) -> Int {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 512) { buffer in
        buffer.initialize(repeating: 0)
        let here = Int(bitPattern: buffer.baseAddress)
        let depth = (top ?? here) - here
        return depth >= bytes ? depth : max(depth, descend(bytes, from: top ?? here))
    }
}

private func threadCount() -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
}
