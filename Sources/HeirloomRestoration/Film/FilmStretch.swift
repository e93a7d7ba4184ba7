import HeirloomMedia
import Synchronization

/// A run of segments that is treated in one go.
struct FilmStretch: Sendable {
    /// Frames in a segment.
    let segmentFrames: Int
    /// The frame that the stage is fed first, so that its state is right at ``first``.
    let start: Int
    /// The first frame that is written.
    let first: Int
    /// The frame after the last one that is written; nil for the film's end.
    let end: Int?

    /// A run of segments of a stage that needs a run-in.
    init(segments: (first: Int, end: Int?), segmentFrames: Int, runIn: StageRunIn) {
        self.segmentFrames = segmentFrames
        first = segments.first * segmentFrames
        end = segments.end.map { $0 * segmentFrames }
        start = runIn.start(before: first)
    }

    /// Whether a frame is written.
    func contains(_ index: Int) -> Bool { index >= first && (end.map { index < $0 } ?? true) }
}

/// What the thread of the treatment knows of segments that other threads write down.
final class SegmentFacts: Sendable {
    private struct State {
        var shots: [Int: [Shot]] = [:]
        var hasEnough = false
        var kept: [Int: VideoFrame] = [:]
    }

    private let state = Mutex(State())

    /// Whether every frame of the stretch has come out of the stage.
    var hasEnough: Bool { state.withLock { $0.hasEnough } }

    func setEnough() { state.withLock { $0.hasEnough = true } }

    /// Keeps the shots that begin in a segment; one that seems to begin where the run-in began does not.
    func note(_ shots: [Shot], in segment: Int?, _ stretch: FilmStretch) {
        guard let segment else { return }
        let range = segment * stretch.segmentFrames..<(segment + 1) * stretch.segmentFrames
        let own = shots.filter { range.contains($0.firstFrame) }
        state.withLock { $0.shots[segment] = own }
    }

    /// Keeps a frame that is written as it is.
    func keep(_ frame: VideoFrame) { state.withLock { $0.kept[frame.index] = frame } }

    /// Such a frame, given once.
    func takeKept(_ index: Int) -> VideoFrame? { state.withLock { $0.kept.removeValue(forKey: index) } }

    func shots(in segment: Int) -> [Shot] { state.withLock { $0.shots[segment] ?? [] } }
}
