import Foundation
import HeirloomMedia
import HeirloomWorkers

/// Writes a ``WipeClip``: decodes the pieces of both films in step, paints and encodes. Confined to one thread.
final class WipeWriter {
    private let clip: WipeClip
    private let pieces: WipePieces
    private let format: VideoFormat
    private let writer: VideoWriter
    private let painter: WipePainter
    private let monitor: JobMonitor
    private let meter: ProgressMeter
    private let isSilent: Bool

    init(_ clip: WipeClip, path: String, overwrite: Bool, monitor: JobMonitor) throws {
        let comparison = clip.comparison
        self.clip = clip
        self.monitor = monitor
        pieces = WipePieces(comparison, longest: WipeClip.longest)
        let shown = SmallPicture.size(of: comparison.outputFormat, side: WipeClip.side)
        var format = comparison.outputFormat
        // H.264 with halved chroma has even sides.
        (format.width, format.height) = (max(2, shown.width / 2 * 2), max(2, shown.height / 2 * 2))
        format.pixelFormat = .yuv420p8
        format.sampleAspectRatio = .one
        format.color.range = .limited
        format.color.chromaLocation = .left
        self.format = format
        painter = WipePainter(format: format)
        let sound = pieces.isWhole && comparison.outputSound != nil
        isSilent = comparison.outputSound != nil && !sound
        var encoding = clip.encoding
        encoding.codec = .h264
        writer = try VideoWriter(
            path: path, format: format, encoding: encoding,
            copying: sound
                ? StreamCopySource(path: comparison.output.path, videoStreamIndex: comparison.output.filmIndex ?? 0)
                : nil,
            overwrite: overwrite, startsAtOnce: true)
        let seconds = pieces.spans.reduce(0) { $0 + $1.length }
        let rate = format.frameRate?.doubleValue
        meter = ProgressMeter(unit: "frames", total: rate.map { Int(($0 * seconds).rounded()) })
    }

    func run() throws -> [String] {
        monitor.show(meter)
        // Where the next piece begins on the clip's own clock; a whole film keeps its clock, for the sound's sake.
        var clock = MediaTime(0, format.timeBase)
        var frames = 0
        for span in pieces.spans { try add(span, &clock, &frames) }
        // Where timestamps leap, all pieces may lie in the gaps; a film's beginning never does.
        if frames == 0 {
            try add(TimeSpan(start: 0, end: WipeClip.longest / Double(WipePieces.count)), &clock, &frames)
        }
        var notes = try writer.finish()
        if isSilent {
            notes.append(
                "The clip is silent: it is put together from \(pieces.spans.count) pieces of the film, and cut sound crackles."
            )
        }
        return notes
    }

    /// Adds a piece; nothing where the films have no frame in it.
    private func add(_ span: TimeSpan, _ clock: inout MediaTime, _ frames: inout Int) throws {
        let base = format.timeBase
        var first: MediaTime?
        var end = clock
        var pairing = FramePairing(starts: clip.comparison.starts)
        do {
            let (before, after) = try (source(span), result(span))
            while let step = try pairing.next(before, after) {
                try monitor.flag.check()
                guard case .pair(let one, let other) = step else { continue }
                let start = first ?? other.pts
                first = start
                let time = pieces.isWhole ? other.pts : clock + (other.pts - start)
                let seconds = (clock + (other.pts - start)).seconds
                let planes = painter.paint(one, other, seconds: seconds)
                let pts = time.rescaled(to: base)
                try writer.write(
                    VideoFrame(
                        width: format.width, height: format.height, pixelFormat: format.pixelFormat,
                        color: format.color, planes: planes, pts: pts, duration: other.duration, index: frames))
                end = pts + other.duration
                frames += 1
                meter.advance()
            }
        } catch let error as MediaError where error.code == .outOfRange {
            return
        }
        clock = end.rescaled(to: base)
    }

    private func source(_ span: TimeSpan) throws -> VideoReader {
        let comparison = clip.comparison
        var options = clip.film.readerOptions
        options.allowsHighDynamicRange = true
        // A silent film may be read at another speed than its file counts at.
        let ticks = comparison.input.film?.timeBase ?? comparison.inputFormat.timeBase
        let pace = comparison.inputFormat.timeBase.doubleValue / ticks.doubleValue
        if !pieces.isWhole {
            limit(&options, to: span, start: comparison.inputPicture.start, pace: pace, file: comparison.input)
        }
        return try VideoReader(path: comparison.input.path, options: options)
    }

    private func result(_ span: TimeSpan) throws -> VideoReader {
        let comparison = clip.comparison
        var options = FilmComparer.resultOptions
        if !pieces.isWhole {
            limit(&options, to: span, start: comparison.outputPicture.start, pace: 1, file: comparison.output)
        }
        return try VideoReader(path: comparison.output.path, options: options)
    }

    /// A piece by the clock of the file, which begins with whatever comes first in it.
    private func limit(
        _ options: inout VideoReaderOptions, to span: TimeSpan, start: Double, pace: Double, file: MediaSummary
    ) {
        options.from = MediaTime(seconds: max(0, (start + span.start) / pace - file.start.seconds))
        options.limit = MediaTime(seconds: span.length / pace)
    }
}
