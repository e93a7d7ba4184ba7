import HeirloomMedia
import HeirloomWorkers
import Synchronization

/// Watches a trial: when it is over, how fast the steady part of it went, and the frame that it was made for.
final class TrialClock: Sendable {
    private struct State {
        var begin = ContinuousClock.now
        var end = ContinuousClock.now
        var takenAt: [Double] = []
        var written = 0
        var firstWrittenAt: Double?
        /// How many frames the stage had taken when the pipeline was full.
        var steadyFrom: Int?
        var lastTaken: Double?
        var firstTime: MediaTime?
        var lastTime: MediaTime?
        var before: VideoFrame?
        var after: VideoFrame?
        var isOver = false
        var peak = 0
    }

    /// Frames written, and seconds since the first was, after which the pipeline counts as full.
    static let warmUp = (frames: 24, seconds: 2.0)

    private let target: MediaTime
    private let seconds: Double
    private let state = Mutex(State())

    /// - Parameters:
    ///   - target: the timestamp of the frame that must be finished.
    ///   - seconds: of steady work after that, at least.
    init(target: MediaTime, seconds: Double) {
        self.target = target
        self.seconds = seconds
    }

    /// The first frame is about to be read.
    func start() { state.withLock { $0.begin = .now } }

    /// The file is closed.
    func end() { state.withLock { $0.end = .now } }

    /// Whether enough was done.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// A frame was decoded.
    func saw(_ frame: VideoFrame) {
        state.withLock { state in
            if frame.pts == target { state.before = frame }
            state.lastTime = frame.pts + frame.duration
            if state.firstTime == nil { state.firstTime = frame.pts }
        }
    }

    /// The stage took a frame.
    func took(_ frame: VideoFrame) {
        let resident = ProcessMemory.residentBytes ?? 0
        state.withLock { state in
            let now = Self.seconds(since: state.begin)
            state.takenAt.append(now)
            state.peak = max(state.peak, resident)
            state.lastTime = frame.pts + frame.duration
            guard let first = state.firstWrittenAt else { return }
            if state.steadyFrom == nil, state.written >= Self.warmUp.frames || now - first >= Self.warmUp.seconds {
                state.steadyFrom = state.takenAt.count - 1
            }
            if let steady = state.steadyFrom, state.after != nil || state.before == nil && frame.pts > target,
                now - state.takenAt[steady] >= seconds, state.takenAt.count - steady > 2
            {
                state.isOver = true
            }
        }
    }

    /// The film, or the piece, has no more frames.
    func stopTaking() { state.withLock { $0.lastTaken = Self.seconds(since: $0.begin) } }

    /// A frame was encoded.
    func wrote(_ frame: VideoFrame) {
        let resident = ProcessMemory.residentBytes ?? 0
        state.withLock { state in
            if frame.pts == target { state.after = frame }
            state.written += 1
            state.peak = max(state.peak, resident)
            if state.firstWrittenAt == nil { state.firstWrittenAt = Self.seconds(since: state.begin) }
        }
    }

    /// What came out of it.
    func result(setupSeconds: Double, packets: PacketTimeline, format: VideoFormat) -> TrialResult {
        state.withLock { state in
            let total = (state.end - state.begin) / .seconds(1)
            let count = state.takenAt.count
            var steady = Array(state.takenAt[min(state.steadyFrom ?? count, count)...])
            // The last frame's end belongs to the steady part where the piece ended by itself.
            if state.steadyFrom != nil, let last = state.lastTaken { steady.append(last) }
            return TrialResult(
                setupSeconds: setupSeconds, totalSeconds: total, frames: state.written,
                secondsPerFrame: TrialResult.slope(of: steady), steadyFrames: max(0, steady.count - 1),
                keyBytes: packets.packets.filter(\.isKey).map(\.byteCount),
                otherBytes: packets.packets.filter { !$0.isKey }.map(\.byteCount), peakResidentBytes: state.peak,
                from: state.firstTime ?? target, end: state.lastTime ?? target, before: state.before,
                after: state.after, format: format)
        }
    }

    private static func seconds(since begin: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - begin) / .seconds(1)
    }
}
