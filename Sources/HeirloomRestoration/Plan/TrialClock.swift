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
        var held = 0
        var largest = 0
    }

    /// Frames written after which the pipeline counts as full; or half of the seconds of steady work since the first.
    static let warmUpFrames = 24

    /// The timestamp of the frame that must be finished.
    let target: MediaTime
    private let seconds: Double
    private let state: Mutex<State>

    /// - Parameters:
    ///   - target: the timestamp of the frame that must be finished.
    ///   - seconds: of steady work after that, at least.
    ///   - held: bytes that the trial holds and a job would not.
    init(target: MediaTime, seconds: Double, held: Int = 0) {
        self.target = target
        self.seconds = seconds
        var state = State()
        state.held = held
        self.state = Mutex(state)
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
    func took(_ prepared: PreparedFrame) {
        let frame = prepared.frame
        let resident = ProcessMemory.residentBytes ?? 0
        state.withLock { state in
            let now = Self.seconds(since: state.begin)
            state.takenAt.append(now)
            state.peak = max(state.peak, resident - state.held)
            state.largest = max(state.largest, prepared.byteCount)
            state.lastTime = frame.pts + frame.duration
            guard let first = state.firstWrittenAt else { return }
            if state.steadyFrom == nil, state.written >= Self.warmUpFrames || now - first >= seconds / 2 {
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

    /// A frame was encoded, or so many bytes of it were kept.
    func wrote(_ frame: VideoFrame, kept: Int) {
        let resident = ProcessMemory.residentBytes ?? 0
        state.withLock { state in
            if frame.pts == target { state.after = frame }
            state.written += 1
            state.held += kept
            state.peak = max(state.peak, resident - state.held)
            if state.firstWrittenAt == nil { state.firstWrittenAt = Self.seconds(since: state.begin) }
        }
    }

    /// What came out of it.
    ///
    /// - Parameters:
    ///   - packets: what was encoded; nil where the frames were kept.
    ///   - kept: the frames for a second treatment.
    func result(
        setupSeconds: Double, packets: PacketTimeline?, kept: [VideoFrame], format: VideoFormat
    ) -> TrialResult {
        state.withLock { state in
            let total = (state.end - state.begin) / .seconds(1)
            let count = state.takenAt.count
            var steady = Array(state.takenAt[min(state.steadyFrom ?? count, count)...])
            // The last frame's end belongs to the steady part where the piece ended by itself.
            if state.steadyFrom != nil, let last = state.lastTaken { steady.append(last) }
            return TrialResult(
                setupSeconds: setupSeconds, totalSeconds: total, frames: count,
                secondsPerFrame: TrialResult.rate(of: steady, among: count, seconds: seconds),
                keyBytes: packets?.packets.filter(\.isKey).map(\.byteCount) ?? [],
                otherBytes: packets?.packets.filter { !$0.isKey }.map(\.byteCount) ?? [],
                peakResidentBytes: state.peak, waitingBytes: state.largest, from: state.firstTime ?? target,
                end: state.lastTime ?? target, before: state.before, after: state.after, format: format, kept: kept)
        }
    }

    private static func seconds(since begin: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - begin) / .seconds(1)
    }
}
