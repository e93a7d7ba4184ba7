/// The samples that were decoded last, as one run.
struct SoundHistory {
    /// The first sample that is kept, and the sample behind the last.
    private(set) var start = 0
    private(set) var end = 0

    private let channelCount: Int
    private let keep: Int
    private var pieces: [[[Float]]] = []
    private var starts: [Int] = []

    /// - Parameter keep: how many samples before the place of reading are kept at least.
    init(channelCount: Int, keep: Int) {
        self.channelCount = channelCount
        self.keep = keep
    }

    /// Adds the samples behind the last.
    mutating func append(_ channels: [[Float]]) {
        guard !channels[0].isEmpty else { return }
        pieces.append(channels)
        starts.append(end)
        end += channels[0].count
    }

    /// Forgets what lies more than the length to keep before a sample.
    mutating func trim(before sample: Int) {
        // In one go when half of it is old: the arrays are moved then.
        guard sample - keep - start > keep / 2 else { return }
        let old = pieces.indices.prefix { starts[$0] + pieces[$0][0].count <= sample - keep }.count
        pieces.removeFirst(old)
        starts.removeFirst(old)
        start = starts.first ?? end
    }

    /// Forgets everything; the next samples begin at a place.
    mutating func restart(at sample: Int) {
        (start, end) = (sample, sample)
        pieces = []
        starts = []
    }

    /// Samples that are kept, one array per channel.
    func samples(_ range: Range<Int>) -> [[Float]] {
        var result = [[Float]](repeating: [], count: channelCount)
        guard !range.isEmpty else { return result }
        for channel in result.indices { result[channel].reserveCapacity(range.count) }
        // The piece that holds the first sample, by halving.
        var (low, high) = (0, pieces.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= range.lowerBound { low = middle } else { high = middle }
        }
        while low < pieces.count && starts[low] < range.upperBound {
            let from = max(0, range.lowerBound - starts[low])
            let to = min(pieces[low][0].count, range.upperBound - starts[low])
            for channel in result.indices { result[channel] += pieces[low][channel][from..<to] }
            low += 1
        }
        return result
    }
}
