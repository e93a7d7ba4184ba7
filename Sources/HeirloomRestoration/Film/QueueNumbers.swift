import HeirloomWorkers

/// How a queue between two stages fared: which side waited for the other.
public struct QueueNumbers: Sendable, Codable, Equatable {
    /// Frames that passed.
    public var frames: Int
    /// The most frames that waited at once.
    public var peakFrames: Int
    /// The most bytes that waited at once.
    public var peakBytes: Int
    /// Seconds that the stage before waited for room.
    public var pushWaitSeconds: Double
    /// Seconds that the stage after waited for frames.
    public var popWaitSeconds: Double

    init(_ statistics: QueueStatistics) {
        frames = statistics.pushedCount
        peakFrames = statistics.peakCount
        peakBytes = statistics.peakBytes
        pushWaitSeconds = statistics.pushWait / .seconds(1)
        popWaitSeconds = statistics.popWait / .seconds(1)
    }

    /// Of two queues at the same place.
    func joined(with other: QueueNumbers) -> QueueNumbers {
        var sum = self
        sum.frames += other.frames
        sum.peakFrames = max(peakFrames, other.peakFrames)
        sum.peakBytes = max(peakBytes, other.peakBytes)
        sum.pushWaitSeconds += other.pushWaitSeconds
        sum.popWaitSeconds += other.popWaitSeconds
        return sum
    }
}
