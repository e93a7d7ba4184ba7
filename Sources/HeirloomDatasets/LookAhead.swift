import Foundation
import HeirloomWorkers

/// Prepares the things that follow the one asked for on a thread of its own, each made from its number alone.
final class LookAhead<Item: Sendable> {
    private let make: @Sendable (Int) -> Item
    private let count: Int
    private let size: @Sendable (Item) -> Int
    private var queue: ByteQueue<Item>?
    private var next = 0

    /// Prepares up to `count` things ahead.
    init(_ count: Int, size: @escaping @Sendable (Item) -> Int, make: @escaping @Sendable (Int) -> Item) {
        self.make = make
        self.count = count
        self.size = size
    }

    deinit { queue?.cancel() }

    /// The thing with a number; quick where the one before was asked for last.
    func item(_ number: Int) throws -> Item {
        if queue == nil || next != number { start(from: number) }
        guard let item = try queue?.pop() else {
            preconditionFailure("the loader of an endless sequence has ended")
        }
        next += 1
        return item
    }

    private func start(from number: Int) {
        queue?.cancel()
        let queue = ByteQueue<Item>(byteLimit: 1 << 30, countLimit: count, size: size)
        self.queue = queue
        next = number
        let thread = Thread { [make] in
            var number = number
            // The push throws when the source is gone or asked for another place: the thread then ends.
            while (try? queue.push(make(number))) != nil { number += 1 }
        }
        thread.name = "batches"
        thread.start()
    }
}
