import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors
import HeirloomWorkers

/// Reads two films in step and measures them: the work behind ``FilmComparison``. Confined to one thread.
final class FilmComparer {
    /// The longer side of the pictures that are measured: colours are coarse, and grain is no flicker.
    private static let side = 128

    /// How a result is read: what this program writes is whole frames, and looking for fields could only err.
    static var resultOptions: VideoReaderOptions {
        var options = VideoReaderOptions()
        options.allowsHighDynamicRange = true
        options.fields = .progressive
        return options
    }

    private let inputReader: VideoReader
    private let outputReader: VideoReader
    private let monitor: JobMonitor
    private let meter: ProgressMeter
    private var result: FilmComparison

    private var pairing = FramePairing()
    private var detector = ShotDetector()
    private let thumbnail = LumaReducer(
        width: ShotDetector.width, height: ShotDetector.height, paddedWidth: ShotDetector.width,
        paddedHeight: ShotDetector.height)
    private var flicker = FlickerMeter()
    private var pictures: ShotPictures
    private let size: (width: Int, height: Int)
    /// The pair of which it is not known yet whether a shot begins with it.
    private var waiting: Pair?
    /// What the flicker of the pair before belongs to.
    private var previous: (frame: Int, seconds: Double)?

    private struct Pair {
        let before: VideoFrame
        let after: VideoFrame
        let seconds: Double
    }

    init(input: String, output: String, film: FilmSettings, monitor: JobMonitor) throws {
        var options = film.readerOptions
        options.allowsHighDynamicRange = true
        inputReader = try VideoReader(path: input, options: options)
        outputReader = try VideoReader(path: output, options: Self.resultOptions)
        self.monitor = monitor
        meter = ProgressMeter(
            unit: "frames", total: outputReader.estimatedFrameCount ?? inputReader.estimatedFrameCount)
        size = SmallPicture.size(of: inputReader.format, side: Self.side)
        let shown = SmallPicture.size(of: outputReader.format, side: ShotPictures.side)
        pictures = ShotPictures(width: shown.width, height: shown.height)
        result = FilmComparison(
            input: inputReader.summary, output: outputReader.summary, inputFormat: inputReader.format,
            outputFormat: outputReader.format, isDeinterlaced: inputReader.isDeinterlaced, from: film.from,
            limit: film.limit)
    }

    func run() throws -> FilmComparison {
        monitor.show(meter)
        while let step = try pairing.next(inputReader, outputReader) {
            try monitor.flag.check()
            switch step {
            case .pair(let before, let after):
                note(before)
                note(output: after)
                result.frames += 1
                try take(before, after)
            case .missing(let before):
                note(before)
                result.missing.add(before.index)
            case .extra(let after):
                note(output: after)
                result.extra.add(after.index)
            }
            meter.advance()
        }
        if let pair = waiting { try settle(pair, startsShot: detector.finish() ?? true) }
        try pictures.close()
        meter.setTotal(result.frames + result.missing.count + result.extra.count)
        result.starts = pairing.starts
        result.startShift = pairing.startShift
        result.largestTimeDifference = pairing.largestDifference
        result.pictures = pictures.pictures
        result.shots = pictures.shots
        result.inputSound = try TimeSpan.sound(of: result.input) { try monitor.flag.check() }
        result.outputSound = try TimeSpan.sound(of: result.output) { try monitor.flag.check() }
        return result
    }

    private func note(_ frame: VideoFrame) {
        if frame.isCorrupt { result.damaged.add(frame.index) }
        if result.frames + result.missing.count == 0 { result.inputPicture.start = frame.pts.seconds }
        result.inputPicture.end = (frame.pts + frame.duration).seconds
    }

    private func note(output frame: VideoFrame) {
        if result.frames + result.extra.count == 0 { result.outputPicture.start = frame.pts.seconds }
        result.outputPicture.end = (frame.pts + frame.duration).seconds
    }

    private func take(_ before: VideoFrame, _ after: VideoFrame) throws {
        let pair = Pair(before: before, after: after, seconds: after.pts.seconds - result.outputPicture.start)
        let decided = detector.push(thumbnail(before))
        if let held = waiting, let decided { try settle(held, startsShot: decided) }
        waiting = pair
    }

    /// Measures a pair once it is known whether a shot begins with it.
    private func settle(_ pair: Pair, startsShot: Bool) throws {
        let (frame, seconds) = (pair.before.index, pair.seconds)
        let before = SmallPicture(pair.before, width: size.width, height: size.height).rgb
        let after = SmallPicture(pair.after, width: size.width, height: size.height).rgb
        let colors = ColorMetrics.colorfulness(concatenated([before, after], axis: 0)).floats
        result.colorfulness.input.add(Double(colors[0]), frame: frame, seconds: seconds)
        result.colorfulness.output.add(Double(colors[1]), frame: frame, seconds: seconds)
        if let values = flicker.push(before, after, startsShot: startsShot), let previous {
            result.colorFlicker.input.add(values.input.color, frame: previous.frame, seconds: previous.seconds)
            result.colorFlicker.output.add(values.output.color, frame: previous.frame, seconds: previous.seconds)
            result.brightnessFlicker.input.add(
                values.input.brightness, frame: previous.frame, seconds: previous.seconds)
            result.brightnessFlicker.output.add(
                values.output.brightness, frame: previous.frame, seconds: previous.seconds)
        }
        previous = (frame, seconds)
        try pictures.push(pair.before, pair.after, seconds: seconds, startsShot: startsShot)
    }
}
