public import HeirloomMedia

/// Two treatments of a film, one after the other, each with its own memory of frames.
///
/// What the first gives is painted and prepared for the second on the thread of both; the frames between them are
/// never encoded.
public struct ChainedStage: OverlappedStage {
    private var first: any OverlappedStage
    private var second: any OverlappedStage

    /// A chain.
    ///
    /// - Precondition: at most one of the two looks back at earlier frames.
    public init(_ first: any OverlappedStage, _ second: any OverlappedStage) {
        precondition(
            first.runIn.frames == 0 || second.runIn.frames == 0, "of two chained stages only one may look back")
        self.first = first
        self.second = second
    }

    /// What the second makes of the first's format.
    public func outputFormat(for input: VideoFormat) throws -> VideoFormat {
        try second.outputFormat(for: first.outputFormat(for: input))
    }

    /// The first one's.
    public var preparation: @Sendable (VideoFrame) -> PreparedFrame { first.preparation }

    /// Takes the next frame.
    public mutating func process(_ frame: PreparedFrame) throws -> [UnpaintedFrame] {
        try passOn(first.process(frame))
    }

    /// Gives the frames that either still holds back.
    public mutating func finishUnpainted() throws -> [UnpaintedFrame] {
        try passOn(first.finishUnpainted()) + second.finishUnpainted()
    }

    private mutating func passOn(_ frames: [UnpaintedFrame]) throws -> [UnpaintedFrame] {
        let prepare = second.preparation
        return try frames.flatMap { try second.process(prepare($0.painted())) }
    }

    /// Both look.
    public mutating func heed(_ check: @escaping @Sendable () throws -> Void) {
        first.heed(check)
        second.heed(check)
    }

    /// The frames that the one looks back, at multiples of both grains.
    public var runIn: StageRunIn {
        let (one, other) = (first.runIn, second.runIn)
        return StageRunIn(
            frames: one.frames + (other.frames + other.grain - 1) / other.grain * other.grain,
            grain: StageRunIn.commonMultiple(one.grain, other.grain))
    }

    /// Both are divided.
    public mutating func divide(every frames: Int) {
        first.divide(every: frames)
        second.divide(every: frames)
    }

    /// What both tell; of numbers that stand for one network, the first one's, but for the frames computed as one.
    public var summary: StageSummary {
        let other = second.summary
        var summary = first.summary
        summary.notes += other.notes
        summary.networkSeconds += other.networkSeconds
        summary.stepSeconds.merge(other.stepSeconds, uniquingKeysWith: +)
        if summary.shots.isEmpty { summary.shots = other.shots }
        if summary.tile == 0 { summary.tile = other.tile }
        summary.group = StageRunIn.commonMultiple(max(1, summary.group), max(1, other.group))
        return summary
    }
}
