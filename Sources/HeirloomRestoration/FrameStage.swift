public import HeirloomMedia

/// A treatment of a film, frame by frame: synchronous, confined to one thread.
///
/// It may hold frames back to look ahead, so it must be drained. Over a whole film it gives exactly one frame for every
/// frame it takes, in order, with its timestamp and duration.
///
/// What it makes of a frame is a function of the film, the settings and the segment length alone, never of where the
/// work began: from the first segment on whose ``runIn`` was fed it gives the samples that it gives when fed from the
/// film's first frame. So work that was interrupted, or divided among machines, ends in the same film. Frames that come
/// out late are waited for by feeding on, beyond the end of a segment; only the film's end may be finished.
public protocol FrameStage {
    /// What the frames that it gives have in common.
    ///
    /// - Throws: when films of this format cannot be treated.
    func outputFormat(for input: VideoFormat) throws -> VideoFormat

    /// Takes the next frame and gives those that are finished: none, one or several.
    ///
    /// - Throws: when a frame cannot be treated; the film is given up then, never passed through untreated.
    mutating func process(_ frame: VideoFrame) throws -> [VideoFrame]

    /// Gives the frames still held back; called once, after the last frame.
    mutating func finish() throws -> [VideoFrame]

    /// Is given, before the first frame, what a stage calls between the steps of a frame that takes long: it throws when
    /// the film is to be given up.
    mutating func heed(_ check: @escaping @Sendable () throws -> Void)

    /// Is given, before the first frame, into segments of how many frames the film is divided: frame n belongs to
    /// segment n / frames.
    ///
    /// - Precondition: `frames` is a positive multiple of the ``runIn``'s grain.
    mutating func divide(every frames: Int)

    /// Where feeding must begin for the exact result of a segment.
    var runIn: StageRunIn { get }

    /// What there is to tell about the work so far.
    var summary: StageSummary { get }
}

extension FrameStage {
    /// Frames take so little time that looking between them is enough.
    public mutating func heed(_ check: @escaping @Sendable () throws -> Void) {}

    /// Segments make no difference where frames have nothing to do with each other.
    public mutating func divide(every frames: Int) {}

    /// None: every frame is treated for itself.
    public var runIn: StageRunIn { StageRunIn() }

    /// Nothing to tell.
    public var summary: StageSummary { StageSummary() }
}
