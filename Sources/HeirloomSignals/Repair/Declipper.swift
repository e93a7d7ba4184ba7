import Foundation

/// Rebuilds samples that a converter cut off, up to about one in fifty, by those that make the whole most predictable and
/// lie beyond the limit (Janssen et al. 1986, with the limit as a bound).
///
/// All other samples pass unchanged. Rebuilt peaks may exceed full scale.
public struct Declipper: SoundRepair {
    /// How many samples were rebuilt so far.
    public private(set) var repairedCount = 0
    private let low: Float
    private let high: Float
    private let order: Int
    private let longest: Int
    private var feed: ChunkFeed
    /// What the next chunk begins with: its margin, rebuilt, and the end of a peak that reaches into it.
    private var settled: [Float] = []
    private static let iterations = 3

    /// A repair.
    /// - Parameter limits: where the sound was cut off, ``HealthReport/clipLimits``; nil changes nothing.
    public init(sampleRate: Int, limits: HealthReport.Limits?) {
        // Dither and rounding leave a step of 16 bits.
        let step: Float = 1 / 32_768
        (low, high) = (Float(limits?.negative ?? .infinity) - step, Float(limits?.positive ?? .infinity) - step)
        order = 32
        longest = max(4, sampleRate / 250)
        let size = max(sampleRate / 25, 4 * order)
        feed = ChunkFeed(size: size, margin: size)
    }

    /// The samples that are ready.
    public mutating func process(_ channel: [Float]) -> [Float] { feed.add(channel).flatMap { rebuilt($0) } }

    /// The rest.
    public mutating func finish() -> [Float] {
        let (chunks, count) = feed.finish()
        return Array(chunks.flatMap { rebuilt($0) }.prefix(count))
    }

    private mutating func rebuilt(_ part: [Float]) -> [Float] {
        var result = part
        result.replaceSubrange(0..<settled.count, with: settled)
        let open = max(feed.margin, settled.count)..<feed.margin + feed.size
        let runs = missing(part, from: open.lowerBound)
        let own = runs.filter { open.contains($0.lowerBound) }
        let isRebuilt = !own.isEmpty && rebuild(&result, part, runs)
        let end = max(feed.margin + feed.size, own.last?.upperBound ?? 0)
        repairedCount += isRebuilt ? own.reduce(0) { $0 + $1.count } : 0
        settled = Array(result[feed.size..<end])
        return Array(result[feed.margin..<feed.margin + feed.size])
    }

    /// Runs of samples at a limit that can be rebuilt.
    private func missing(_ x: [Float], from start: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for index in start..<x.count - order where x[index] >= high || -x[index] >= low {
            if let last = runs.last, last.upperBound == index {
                runs[runs.count - 1] = last.lowerBound..<index + 1
            } else {
                runs.append(index..<index + 1)
            }
        }
        return runs.filter { $0.count <= longest }
    }

    private func rebuild(_ x: inout [Float], _ part: [Float], _ runs: [Range<Int>]) -> Bool {
        let all = runs.flatMap(Array.init)
        // Where a quarter is missing, nothing is known to rebuild it from.
        guard all.count <= part.count / 4 else { return false }
        for _ in 0..<Self.iterations {
            guard let prediction = LinearPrediction(x, order: order) else { return false }
            var free = all
            // Samples that would fall back below the limit stay at it, and the others are asked again.
            for _ in 0..<4 where !free.isEmpty {
                prediction.interpolate(&x, free)
                let inside = Set(free.filter { part[$0] > 0 ? x[$0] < part[$0] : x[$0] > part[$0] })
                guard !inside.isEmpty else { break }
                for place in inside { x[place] = part[place] }
                free.removeAll { inside.contains($0) }
            }
            // A prediction that runs away ends at three times the limit.
            for place in all {
                let limit = abs(part[place])
                let height = min(max(part[place] > 0 ? x[place] : -x[place], limit), 3 * limit)
                x[place] = part[place] > 0 ? height : -height
            }
        }
        return true
    }
}
