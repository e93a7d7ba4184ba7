import CLibAV

/// Looks at stretches of a film here and there, as cheaply as can be: opened once, fields left woven.
///
/// A sampler blocks and belongs to one thread. For frames that are to be treated there is ``VideoReader``.
public final class FilmSampler {
    /// The film, as the caller named it.
    public let path: String
    /// What all frames have in common.
    public let format: VideoFormat
    /// Sentences about what a reader will assume or change, as ``VideoReader/notes``.
    public let notes: [String]
    /// What the file is made of.
    public let summary: MediaSummary
    /// Whether a reader will compute frames from fields.
    public let isDeinterlaced: Bool
    /// When the film starts, on the clock of its timestamps.
    public let start: MediaTime

    private static let operation = "look into the film"

    private let film: FilmDecoding
    private let plan: FramePlan
    private var source: FrameSource
    private var index = 0

    /// Opens a film and stands at its beginning.
    ///
    /// - Throws: as `VideoReader`.
    public init(path: String, options: VideoReaderOptions = .init()) throws(MediaError) {
        let scan = try FilmScan(path: path, operation: Self.operation, options: options)
        let asRead = try FramePlan(scan, options: options, path: path, operation: Self.operation)
        var woven = options
        woven.fields = .progressive
        plan = try FramePlan(scan, options: woven, path: path, operation: Self.operation)
        film = try FilmDecoding(
            path: path, operation: Self.operation, maximumPixels: options.maximumPixels, threads: options.threads)
        source = try FrameSource(film, plan: plan, path: path, operation: Self.operation)
        self.path = path
        summary = MediaSummary(film.demuxer)
        notes = asRead.notes
        isDeinterlaced = asRead.isDeinterlaced
        start = film.demuxer.start
        let stream = film.stream.pointee
        format = VideoFormat(
            width: plan.width, height: plan.height, pixelFormat: plan.pixelFormat, color: plan.color,
            sampleAspectRatio: plan.sampleAspectRatio, timeBase: film.timeBase,
            frameRate: stream.avg_frame_rate.rational ?? stream.r_frame_rate.rational,
            isVariableFrameRate: summary.film?.picture?.isVariableFrameRate ?? false)
        film.demuxer.keepOnly([Int(stream.index)])
    }

    /// Goes to the last place at or before a moment, counted from the film's start, from which frames can be decoded.
    ///
    /// - Returns: whether the container can do that; where it cannot, frames go on from where they were.
    /// - Throws: what opening a filter throws.
    public func go(to time: MediaTime) throws(MediaError) -> Bool {
        guard film.seek(to: start + time) else { return false }
        source = try FrameSource(film, plan: plan, path: path, operation: Self.operation)
        return true
    }

    /// The next frame, numbered in the order of asking; nil at the end of the film.
    ///
    /// Timestamps are the file's, unrepaired; frames without one are passed over.
    /// - Throws: as `VideoReader`.
    public func next() throws(MediaError) -> VideoFrame? {
        while let picture = try source.next() {
            guard picture.hasTimestamp else { continue }
            defer { index += 1 }
            if picture.isCorrupt { film.countCorrupt(at: MediaTime(picture.pts, format.timeBase)) }
            return VideoFrame(
                width: format.width, height: format.height, pixelFormat: format.pixelFormat, color: format.color,
                planes: picture.planes, pts: MediaTime(picture.pts, format.timeBase),
                duration: MediaTime(max(picture.packetDuration, 0), format.timeBase), isKey: picture.isKey,
                isCorrupt: picture.isCorrupt, index: index)
        }
        return nil
    }

    /// What was damaged in the stretches that were decoded.
    public var damage: DamageReport { film.damage }
}
