import CLibAV

/// Reads a film frame by frame: upright, whole (deinterlaced), planar, with exact timestamps.
///
/// A reader blocks and belongs to one thread: make it where it is used. Frames that it gives may go anywhere.
///
/// - Every frame of the film is given once, in the order of display, with its timestamp in the film's time base; its
///   duration lasts to the next frame, that of the last frame is the container's.
/// - Luma samples are the decoder's, moved by rotation but never computed anew; only deinterlacing and red, green and
///   blue sources change that.
/// - Damage is passed over and counted in `damage`.
public final class VideoReader {
    /// The film, as the caller named it.
    public let path: String
    /// What all frames have in common.
    public let format: VideoFormat
    /// Sentences about what was assumed or changed: for the log.
    public let notes: [String]
    /// What the file is made of.
    public let summary: MediaSummary
    /// Whether the film was interlaced and its frames are computed from their fields.
    public let isDeinterlaced: Bool
    /// How long the film, or the piece that is read, is; nil where unknown.
    public let duration: MediaTime?
    /// How many frames are to come, as far as the container tells: for progress only.
    public let estimatedFrameCount: Int?
    /// What to give to a `VideoWriter` that shall copy the other streams.
    public let copySource: StreamCopySource

    static let operation = "read the film"

    private let frames: FrameSource
    private let timing: FrameTiming
    private let piece: ClosedPiece
    private var held: FrameSource.Picture?
    private var index = 0
    private var hasEnded = false

    /// The ticks between which frames are given.
    private struct ClosedPiece {
        var from = Int64.min
        var end = Int64.max
    }

    /// Opens a film, looks at a few dozen of its frames and goes back to where reading shall begin.
    ///
    /// - Throws: `notFound`, `empty`, `isDirectory`, `unreadable`; `corrupt` where nothing can be decoded; `noVideo`
    ///   for sound, stills and texts; `tooLarge`; `unsupported` for high dynamic range that was not asked for,
    ///   interlaced film whose fields shall be kept, and unknown codings; `outOfRange` for a piece behind the end.
    public init(path: String, options: VideoReaderOptions = .init()) throws(MediaError) {
        let scan = try FilmScan(path: path, operation: VideoReader.operation, options: options)
        let plan = try FramePlan(scan, options: options, path: path, operation: VideoReader.operation)
        let film = try FilmDecoding(
            path: path, operation: VideoReader.operation, maximumPixels: options.maximumPixels,
            threads: options.threads)
        let summary = MediaSummary(film.demuxer)
        self.path = path
        self.summary = summary
        let rate = film.stream.pointee.avg_frame_rate.rational ?? film.stream.pointee.r_frame_rate.rational
        let stream = summary.streams[Int(film.stream.pointee.index)]
        let stretch =
            try options.speed.map { speed throws(MediaError) in
                try SilentSpeed.stretch(to: speed, rate: rate, summary: summary, operation: VideoReader.operation)
            } ?? .one
        // Containers that count in any tick want one whose frames last less than 2³² of it.
        let timeBase = options.speed == nil ? film.timeBase : film.timeBase.times(stretch, limit: 1 << 24)
        format = VideoFormat(
            width: plan.width, height: plan.height, pixelFormat: plan.pixelFormat, color: plan.color,
            sampleAspectRatio: plan.sampleAspectRatio, timeBase: timeBase, frameRate: options.speed ?? rate,
            isVariableFrameRate: stream.picture?.isVariableFrameRate ?? false)
        notes = plan.notes + (options.speed.map { [SilentSpeed.note($0, rate: rate)] } ?? [])
        isDeinterlaced = plan.isDeinterlaced
        copySource = StreamCopySource(
            path: path, videoStreamIndex: Int(film.stream.pointee.index), from: options.from, limit: options.limit,
            stretch: stretch)
        let whole = stream.duration ?? film.demuxer.duration
        let length = VideoReader.length(of: whole, options)
        duration = length?.stretched(by: stretch)
        estimatedFrameCount = VideoReader.count(stream, duration: length, rate: rate, options)

        var piece = ClosedPiece()
        let begin = film.demuxer.start + (options.from ?? .zero)
        if options.from != nil {
            piece.from = begin.rescaled(to: film.timeBase, rounding: .up).value
            film.damageFloor = piece.from
        }
        if let limit = options.limit {
            piece.end = (begin + limit).rescaled(to: film.timeBase, rounding: .up).value
        }
        self.piece = piece
        var start = film
        if options.from != nil, !(try VideoReader.approach(piece.from, begin, film)) {
            // The container cannot go to a place: decode everything before it.
            start = try FilmDecoding(
                path: path, operation: VideoReader.operation, maximumPixels: options.maximumPixels,
                threads: options.threads)
            start.damageFloor = piece.from
        }
        frames = try FrameSource(start, plan: plan, path: path, operation: VideoReader.operation)
        timing = FrameTiming(nominalDuration: film.nominalDuration, timeBase: film.timeBase)
        held = try firstPicture()
    }

    /// The next frame; nil when all have been given.
    ///
    /// - Throws: `unreadable` where the disk fails; `unsupported` where the picture's size changes within the film.
    public func next() throws(MediaError) -> VideoFrame? {
        guard let picture = held else { return nil }
        held = nil
        let following = hasEnded ? nil : try nextPicture()
        // A frame lasts until the next appears, also across frames that were lost; only the last needs its own length.
        let ticks = following.map { $0.pts - picture.pts } ?? timing.duration(of: picture)
        if following != nil { timing.countGap(ticks, isEven: !format.isVariableFrameRate) }
        if let following, following.pts < piece.end { held = following } else { hasEnded = true }
        defer { index += 1 }
        if picture.isCorrupt { frames.film.countCorrupt(at: MediaTime(picture.pts, frames.film.timeBase)) }
        return VideoFrame(
            width: format.width, height: format.height, pixelFormat: format.pixelFormat, color: format.color,
            planes: picture.planes, pts: MediaTime(picture.pts, format.timeBase),
            duration: MediaTime(max(ticks, 0), format.timeBase), isKey: picture.isKey, isCorrupt: picture.isCorrupt,
            index: index, closedCaptions: picture.captions)
    }

    /// What was damaged so far; final when `next()` has returned nil.
    public var damage: DamageReport {
        var report = frames.film.damage
        report.repairedTimestamps = timing.repaired
        // A film may have gaps of its own; they are called damage where there is other damage.
        if !report.isEmpty { report.missingFrames = timing.missing }
        return report
    }

    private func firstPicture() throws(MediaError) -> FrameSource.Picture? {
        while let picture = try nextPicture() {
            if picture.pts >= piece.end { break }
            if picture.pts >= piece.from {
                timing.forgetRepairs(before: picture)
                return picture
            }
        }
        guard piece.from > .min || piece.end < .max else {
            throw MediaError(
                .corrupt, VideoReader.operation, path: path, reason: "none of its frames could be decoded",
                advice: "copy it again from where it came from")
        }
        let end = summary.duration.map { "; the film is \($0) long" } ?? ""
        throw MediaError(
            .outOfRange, VideoReader.operation, path: path, reason: "the piece that was asked for holds no frame\(end)",
            advice: "choose an earlier start or a longer piece")
    }

    private func nextPicture() throws(MediaError) -> FrameSource.Picture? {
        guard var picture = try frames.next() else {
            hasEnded = true
            return nil
        }
        timing.stamp(&picture)
        return picture
    }

    /// Goes to a place from which decoding reaches `ticks`: the seek of some containers lands behind it, or amid
    /// frames that lean on earlier ones, so look at the first whole frame and go further back until it is early enough.
    private static func approach(
        _ ticks: Int64, _ time: MediaTime, _ film: FilmDecoding
    ) throws(MediaError) -> Bool {
        for back in [0.0, 2, 10, 60] {
            guard film.seek(to: time - MediaTime(seconds: back)) else { return false }
            while let frame = try film.next() {
                let pts = frame.pointee.best_effort_timestamp
                if heirloom_frame_is_corrupt(frame) != 0 || pts == heirloom_nopts() { continue }
                guard pts <= ticks else { break }
                film.putBack(frame)
                return true
            }
        }
        return false
    }

    private static func length(of whole: MediaTime?, _ options: VideoReaderOptions) -> MediaTime? {
        guard let whole else { return options.limit }
        guard options.from != nil || options.limit != nil else { return whole }
        let rest = max(whole - (options.from ?? .zero), .zero)
        return options.limit.map { min($0, rest) } ?? rest
    }

    private static func count(
        _ stream: StreamSummary, duration: MediaTime?, rate: Rational?, _ options: VideoReaderOptions
    ) -> Int? {
        if options.from == nil, options.limit == nil, let stated = stream.frameCount { return stated }
        guard let duration, let rate else { return nil }
        return max(1, Int((duration.seconds * rate.doubleValue).rounded()))
    }
}
