/// Cuts a stream into chunks on a fixed grid, each with what lies around it, zeros before the beginning and after the end.
struct ChunkFeed {
    /// Samples of a chunk.
    let size: Int
    /// Samples handed out with it on either side.
    let margin: Int
    /// From `margin` samples before the next chunk on.
    private var pending: [Float]
    private var remaining = 0

    init(size: Int, margin: Int) {
        (self.size, self.margin) = (size, margin)
        pending = [Float](repeating: 0, count: margin)
    }

    /// Takes samples and returns every complete chunk: `margin + size + margin` samples each.
    mutating func add(_ channel: [Float]) -> [[Float]] {
        pending += channel
        remaining += channel.count
        var (result, start): ([[Float]], Int) = ([], 0)
        while pending.count - start >= size + 2 * margin {
            result.append(Array(pending[start..<start + size + 2 * margin]))
            start += size
            remaining -= size
        }
        if start > 0 { pending.removeFirst(start) }
        return result
    }

    /// The chunks of the rest, and how many of their samples are not zeros behind the end.
    mutating func finish() -> (chunks: [[Float]], count: Int) {
        let rest = remaining
        guard rest > 0 else { return ([], 0) }
        return (add([Float](repeating: 0, count: size + 2 * margin)), rest)
    }
}
