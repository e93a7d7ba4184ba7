import HeirloomMedia

/// From pieces of a film to the whole of it.
struct PlanArithmetic {
    /// What the whole film has.
    struct Whole {
        var frames: Int
        var seconds: Double
        /// Cuts in a second.
        var cutRate: Double
        /// Bytes of the source's packets that lean on others, on average; 0 where there are none.
        var sourceBytesPerFrame: Double
    }

    let trials: [TrialResult]
    /// For each trial, the mean size of the source's packets in it that lean on others; 0 where unknown.
    let sourceBytes: [Double]
    let whole: Whole

    /// The least uncertainty of a time: machines have moods.
    static let leastDoubt = 0.08
    /// The most that is admitted.
    static let mostDoubt = 0.4
    /// Frames after which an encoder of H.264 or H.265 makes a picture that stands by itself, at the latest.
    static let longestGroup = 250
    /// Seconds of a segment, each of which begins with a picture that stands by itself.
    let segmentSeconds: Double
    /// Frames that wait for the treatment in a job.
    let waitingFrames: Int

    /// Seconds a frame in the steady part, the mean over the pieces; a piece that was too short for one counts whole
    /// where no other tells.
    var secondsPerFrame: Double {
        let rates = trials.compactMap(\.secondsPerFrame)
        if !rates.isEmpty { return rates.reduce(0, +) / Double(rates.count) }
        let (seconds, frames) = trials.reduce((0.0, 0)) { ($0.0 + $1.totalSeconds, $0.1 + $1.frames) }
        return frames > 0 ? seconds / Double(frames) : 0
    }

    /// Seconds to fill the pipeline and to drain it, beyond what its frames take: those of the first piece that tells,
    /// which begins as cold as a job does.
    var edgeSeconds: Double {
        trials.lazy.compactMap { trial in
            trial.secondsPerFrame.map { max(0, trial.totalSeconds - Double(trial.frames) * $0) }
        }.first ?? 0
    }

    /// Seconds for the picture of the whole film. A film that is hardly longer than a piece takes hardly more.
    var pictureSeconds: Double { Double(whole.frames) * secondsPerFrame + edgeSeconds }

    /// By what fraction the time may be wrong: twice the standard error of the pieces' rates, within bounds.
    var doubt: Double {
        let rates = trials.compactMap(\.secondsPerFrame)
        guard rates.count > 1 else { return 2 * Self.leastDoubt }
        let mean = rates.reduce(0, +) / Double(rates.count)
        let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rates.count - 1)
        let error = (variance / Double(rates.count)).squareRoot() / mean
        return min(Self.mostDoubt, max(Self.leastDoubt, 2 * error))
    }

    /// Bytes of the picture of the whole film.
    ///
    /// Pictures that stand by themselves are counted by segments, groups and cuts; the others are as large as in the
    /// pieces, in proportion to what the source spends on them there and on the whole: where it is busy, both need more.
    var pictureBytes: Double {
        let keys = trials.flatMap(\.keyBytes)
        let others = trials.flatMap(\.otherBytes)
        let keySize = Self.mean(keys)
        let frames = Double(whole.frames)
        guard !others.isEmpty else { return frames * keySize }
        let segments = max(whole.seconds / segmentSeconds, frames / Double(Self.longestGroup))
        let keyCount = min(frames, segments.rounded(.up) + whole.cutRate * whole.seconds)
        return keyCount * keySize + (frames - keyCount) * Self.mean(others) * proportion
    }

    /// How much more the source spends on a frame of the whole film than on one of the pieces.
    var proportion: Double {
        var (bytes, frames) = (0.0, 0.0)
        for (trial, source) in zip(trials, sourceBytes) where source > 0 {
            bytes += source * Double(trial.otherBytes.count)
            frames += Double(trial.otherBytes.count)
        }
        guard bytes > 0, whole.sourceBytesPerFrame > 0 else { return 1 }
        return min(max(whole.sourceBytesPerFrame * frames / bytes, 0.33), 3)
    }

    /// By what fraction the size may be wrong.
    var sizeDoubt: Double { trials.reduce(0) { $0 + $1.otherBytes.count } < 12 ? 0.4 : 0.2 }

    /// The memory that the first piece took, and the frames that wait in a job but not in a trial. The later pieces find
    /// the memory cut up by the earlier ones: they took up to 40 % more than the job.
    var memoryBytes: Int {
        trials.first.map { $0.peakResidentBytes + max(0, waitingFrames - TrialRun.waiting) * $0.waitingBytes } ?? 0
    }

    private static func mean(_ numbers: [Int]) -> Double {
        numbers.isEmpty ? 0 : Double(numbers.reduce(0, +)) / Double(numbers.count)
    }
}

extension PacketTimeline {
    /// The mean size of the packets that lean on others, between two moments; of all packets where all stand by
    /// themselves, 0 where there are none.
    func meanSize(from: MediaTime? = nil, to end: MediaTime? = nil) -> Double {
        let first = from.map { $0.rescaled(to: timeBase, rounding: .up).value } ?? .min
        let last = end.map { $0.rescaled(to: timeBase, rounding: .up).value } ?? .max
        let inside = packets.filter { $0.pts.map { $0 >= first && $0 < last } ?? (from == nil) }
        let leaning = inside.filter { !$0.isKey }
        let counted = packets.contains { !$0.isKey } ? leaning : inside
        return counted.isEmpty ? 0 : Double(counted.reduce(0) { $0 + $1.byteCount }) / Double(counted.count)
    }
}
