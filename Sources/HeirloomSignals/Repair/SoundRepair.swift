/// A repair of one channel that is streamed: what comes out is as long as what went in and not delayed against it, but
/// may come later. How the samples are cut into blocks does not change the result.
public protocol SoundRepair {
    /// Takes the next samples, ±1, and hands out those that are ready.
    mutating func process(_ channel: [Float]) -> [Float]
    /// Hands out the rest. Nothing can be processed afterwards.
    mutating func finish() -> [Float]
}

extension SoundRepair {
    /// The whole of a short channel at once.
    public func repaired(_ channel: [Float]) -> [Float] {
        var copy = self
        let first = copy.process(channel)
        return first + copy.finish()
    }
}
