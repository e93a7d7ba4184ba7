import Foundation

/// Rows on their way from the thread that makes them to the thread that encodes them: at most two strips wait.
///
/// `@unchecked Sendable`: `condition` guards everything that changes.
final class StripFeed: @unchecked Sendable {
    private let condition = NSCondition()
    private let bytesPerRow: Int
    private var strips: [[UInt8]] = []
    /// Rows of the first strip that are taken already.
    private var taken = 0
    /// The row that is taken next.
    private var position = 0
    private var hasBeenCancelled = false
    private var hasEnded = false

    init(bytesPerRow: Int) {
        self.bytesPerRow = bytesPerRow
    }

    /// Adds whole rows, waiting for room.
    ///
    /// - Returns: false where nobody takes them any more.
    func put(_ pixels: [UInt8]) -> Bool {
        condition.withLock {
            while strips.count >= 2 && !hasEnded { condition.wait() }
            guard !hasEnded else { return false }
            strips.append(pixels)
            condition.broadcast()
            return true
        }
    }

    /// Fills rows, waiting for their turn and for their coming: several threads may ask, each row once.
    ///
    /// - Returns: false where they will not come.
    func take(rows: Range<Int>, into first: UnsafeMutableRawPointer, stride: Int) -> Bool {
        var target = first
        var left = rows.count
        return condition.withLock {
            while position < rows.lowerBound && !hasBeenCancelled { condition.wait() }
            guard rows.lowerBound == position else { return false }
            while left > 0 {
                while strips.isEmpty && !hasBeenCancelled { condition.wait() }
                guard !hasBeenCancelled, let strip = strips.first else { return false }
                let count = min(left, strip.count / bytesPerRow - taken)
                strip.withUnsafeBytes { bytes in
                    guard let base = bytes.baseAddress else { return }
                    for row in taken..<taken + count {
                        target.copyMemory(from: base + row * bytesPerRow, byteCount: bytesPerRow)
                        target += stride
                    }
                }
                taken += count
                left -= count
                position += count
                if taken * bytesPerRow == strip.count {
                    strips.removeFirst()
                    taken = 0
                }
                condition.broadcast()
            }
            return true
        }
    }

    /// Says that no more rows come.
    func cancel() {
        condition.withLock {
            hasBeenCancelled = true
            condition.broadcast()
        }
    }

    /// Whether ``cancel()`` was called.
    var isCancelled: Bool { condition.withLock { hasBeenCancelled } }

    /// Says that no more rows are taken.
    func end() {
        condition.withLock {
            hasEnded = true
            strips = []
            condition.broadcast()
        }
    }

    /// Waits until no more rows are taken.
    func waitForEnd() {
        condition.withLock {
            while !hasEnded { condition.wait() }
        }
    }
}
