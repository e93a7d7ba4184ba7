import Foundation

/// Takes clicks away: scratches of old records, bad contacts, lost bits. What is shorter than 4 ms and follows neither from
/// what comes before nor from what comes after it is replaced by what does (Godsill and Rayner 1998, chapter 5).
///
/// A click surprises both the prediction forwards in time, at its beginning, and that backwards, at its end. Consonants
/// stay: a burst goes on as noise or voice, and the pulses of a voice return; a click stands alone and leaves the sound as
/// it was.
public struct ClickRepair: SoundRepair {
    /// How many clicks were repaired so far.
    public private(set) var clickCount = 0
    /// How many samples that were.
    public private(set) var repairedCount = 0

    private let order: Int
    private let longest: Int
    private let threshold: Float
    private var feed: ChunkFeed
    /// What the next chunk begins with: its margin, repaired, and the end of a click that reaches into it.
    private var settled: [Float] = []

    /// A repair.
    /// - Parameter sensitivity: 1 for audible clicks; 2 finds clicks half as strong and touches more of what is none.
    public init(sampleRate: Int, sensitivity: Double = 1) {
        precondition(sensitivity > 0, "a sensitivity of \(sensitivity)")
        order = 32
        longest = max(4, sampleRate / 250)
        threshold = Float(4 / sensitivity)
        let size = max(sampleRate / 20, 4 * order)
        feed = ChunkFeed(size: size, margin: size)
    }

    /// The samples that are ready.
    public mutating func process(_ channel: [Float]) -> [Float] { feed.add(channel).flatMap { cleaned($0) } }

    /// The rest.
    public mutating func finish() -> [Float] {
        let (chunks, count) = feed.finish()
        return Array(chunks.flatMap { cleaned($0) }.prefix(count))
    }

    private mutating func cleaned(_ part: [Float]) -> [Float] {
        var known = part
        known.replaceSubrange(0..<settled.count, with: settled)
        let open = max(feed.margin, settled.count)..<feed.margin + feed.size
        var result = known
        var regions: [Range<Int>] = []
        // The second look is at a prediction that the clicks themselves no longer spoil.
        for _ in 0..<2 {
            guard let prediction = LinearPrediction(result, order: order) else { break }
            let found = clicks(known, prediction)
            guard !found.isEmpty else {
                (result, regions) = (known, [])
                break
            }
            (result, regions) = (known, found)
            prediction.interpolate(&result, found.flatMap(Array.init))
        }
        var end = feed.margin + feed.size
        for region in regions {
            guard open.contains(region.lowerBound) else {
                result.replaceSubrange(region, with: known[region])
                continue
            }
            end = max(end, region.upperBound)
            clickCount += 1
            repairedCount += region.count
        }
        settled = Array(result[feed.size..<end])
        return Array(result[feed.margin..<feed.margin + feed.size])
    }

    private func clicks(_ x: [Float], _ prediction: LinearPrediction) -> [Range<Int>] {
        let forward = prediction.errors(x, ahead: true).map(abs)
        let backward = prediction.errors(x, ahead: false).map(abs)
        let surprise = zip(forward, backward).map { min($0, $1) }
        let usual = max(Self.usual(forward), Self.usual(backward)) + 1e-6
        var regions: [Range<Int>] = []
        var index = order
        while index < x.count - order {
            guard forward[index] > threshold * usual,
                let region = extent(from: index, forward, backward, usual),
                region.lowerBound >= regions.last?.upperBound ?? order, region.upperBound < x.count - order,
                standsAlone(region, surprise, usual)
            else {
                index += 1
                continue
            }
            regions.append(region)
            index = region.upperBound
        }
        // Where a tenth is wrong, nothing is known to repair it from.
        return regions.reduce(0) { $0 + $1.count } > x.count / 10 ? [] : regions
    }

    /// The click that a surprise begins, a little wider; nil where the prediction backwards knows no end of it.
    private func extent(from first: Int, _ forward: [Float], _ backward: [Float], _ usual: Float) -> Range<Int>? {
        let reach = first..<min(first + longest, backward.count)
        guard let last = reach.last(where: { backward[$0] > threshold * usual }) else { return nil }
        var (low, high) = (first, last)
        while low > first - 4, forward[low - 1] > usual { low -= 1 }
        while high < last + 4, high + 1 < backward.count, backward[high + 1] > usual { high += 1 }
        return low - 1..<high + 2
    }

    /// Whether the sound goes on behind a stretch as it was before it, and is quiet on both sides against it.
    private func standsAlone(_ region: Range<Int>, _ surprise: [Float], _ usual: Float) -> Bool {
        let reach = 2 * longest
        let before = Self.median(surprise[max(0, region.lowerBound - reach)..<region.lowerBound])
        let after = Self.median(surprise[region.upperBound..<min(surprise.count, region.upperBound + reach)])
        return after < 3 * before + 0.02 * usual
    }

    private static func median(_ values: ArraySlice<Float>) -> Float {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    /// The magnitude that three in a hundred samples exceed, to a twelfth: pulses of a voice are more than that.
    private static func usual(_ magnitudes: [Float]) -> Float {
        var counts = [Int32](repeating: 0, count: 2048)
        magnitudes.withUnsafeBufferPointer { values in
            counts.withUnsafeMutableBufferPointer { counts in
                for value in values { counts[Int(value.bitPattern >> 20)] += 1 }
            }
        }
        var rest = Int32(magnitudes.count * 3 / 100)
        for index in counts.indices.reversed() {
            rest -= counts[index]
            if rest < 0 { return Float(bitPattern: UInt32(index) << 20 | 1 << 19) }
        }
        return 0
    }
}
