import HeirloomMedia

/// A plain stage where an overlapped one is asked for: nothing is prepared, and what it gives is finished.
struct PlainStage: OverlappedStage {
    private var stage: any FrameStage

    init(_ stage: any FrameStage) { self.stage = stage }

    func outputFormat(for input: VideoFormat) throws -> VideoFormat { try stage.outputFormat(for: input) }

    var preparation: @Sendable (VideoFrame) -> PreparedFrame { { PreparedFrame(frame: $0) } }

    mutating func process(_ frame: PreparedFrame) throws -> [UnpaintedFrame] {
        try stage.process(frame.frame).map(UnpaintedFrame.init(finished:))
    }

    mutating func finishUnpainted() throws -> [UnpaintedFrame] {
        try stage.finish().map(UnpaintedFrame.init(finished:))
    }

    mutating func heed(_ check: @escaping @Sendable () throws -> Void) { stage.heed(check) }

    mutating func divide(every frames: Int) { stage.divide(every: frames) }

    var runIn: StageRunIn { stage.runIn }

    var summary: StageSummary { stage.summary }
}

extension FrameStage {
    /// The stage as one whose ends other threads may do.
    var overlapped: any OverlappedStage { self as? any OverlappedStage ?? PlainStage(self) }
}
