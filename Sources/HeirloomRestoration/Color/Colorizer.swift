public import HeirloomMedia
import HeirloomMediaTensors
import HeirloomModels
import HeirloomSignals
import HeirloomTensors

/// Colours a film frame by frame: new chroma over the untouched luma.
///
/// The network sees a small picture of the true shape, brightness-steadied inside the shot; its chroma is steadied in
/// time, guided by the full luma on its way to the size of the chroma planes, and written in the film's own matrix and
/// range. Frames are held back for the batch and for the look-ahead of the steadying; finishing gives the rest.
///
/// Every decision and every filter looks back over a bounded number of frames, and all groups of frames are counted from
/// the film's first, so that work can begin anywhere: see ``runIn``.
public struct Colorizer: OverlappedStage {
    /// A frame between its arrival and its colours.
    struct Pending {
        let frame: VideoFrame
        /// Luma as the network sees it, for painting.
        let numbers: [Float]
        /// What the network is shown, with its margin: `[1, 1, H, W]` on the network's device.
        let luma: Tensor
        /// The same without flicker, at the size of the temporal filter.
        var small: Tensor
        let thumbnail: [Float]
        var startsShot = false
        var correction = ExposureSteadier.Correction.none
    }

    /// Luma samples, in bytes, of the frames that one batch holds back at most.
    static let batchBytes = 128 << 20

    let network: PatientNetwork
    let format: VideoFormat
    let output: VideoFormat
    let size: RenderSize
    let batch: Int
    let stabilizes: Bool
    let finisher: ChromaFinisher
    let painter: ChromaPainter
    let steps = StepClock()
    private var watch = ShotWatch()
    var smoother: TemporalSmoother
    /// Waits for the frame after it, to know whether it begins a shot.
    private var undecided: Pending?
    private var ready: [Pending] = []
    /// Frames that the network is busy with, while those before them are steadied.
    private var running: (frames: [Pending], call: PatientNetwork.Call)?
    private var smoothing: [Pending] = []
    private var lastTime: MediaTime?
    private var shots: [Shot] = []

    /// A colorizer for films of one format.
    ///
    /// - Parameters:
    ///   - predictor: the network, on the thread that will call this stage.
    ///   - format: what the frames have in common.
    ///   - settings: render size, strength, steadying, batch; model, device and precision are the predictor's.
    /// - Throws: `MediaError` or `RestorationError` where films of this format cannot be coloured, or settings make no
    ///   sense.
    public init(_ predictor: any ChromaPredictor, format: VideoFormat, settings: ColorSettings = ColorSettings()) throws
    {
        try settings.validate()
        output = try Self.colored(format)
        guard let matrix = YCbCrMatrix(format.color.matrix) else {
            throw Self.refusal("its colour matrix (H.273 code \(format.color.matrix.rawValue)) is not luma and chroma")
        }
        self.format = format
        size = Self.renderSize(of: format, settings, for: predictor)
        batch =
            settings.batch
            ?? min(
                predictor.batch(height: size.paddedHeight, width: size.paddedWidth),
                max(1, Self.batchBytes / (format.width * format.height * format.pixelFormat.bytesPerSample)))
        stabilizes = settings.stabilize
        network = PatientNetwork(predictor)
        finisher = ChromaFinisher(gain: settings.strength * predictor.rendering.gain)
        painter = ChromaPainter(
            format: output, mapWidth: size.width, mapHeight: size.height, mapStride: size.paddedWidth,
            matrix: ChromaMatrix(to: matrix).rows, bearing: ChromaFinisher.bearing)
        smoother = TemporalSmoother(
            factor: TemporalSmoother.factor(forShortSide: min(size.paddedWidth, size.paddedHeight)),
            memory: Self.memory(frameRate: format.frameRate))
    }

    /// The same format with chroma planes.
    public func outputFormat(for input: VideoFormat) throws -> VideoFormat { try Self.colored(input) }

    /// What a network sees of films of a format.
    static func renderSize(
        of format: VideoFormat, _ settings: ColorSettings, for predictor: any ChromaPredictor
    ) -> RenderSize {
        settings.size(
            width: format.width, height: format.height, sampleAspect: format.sampleAspectRatio.doubleValue,
            isFilm: true, rendering: predictor.rendering, multiple: predictor.sizeMultiple)
    }

    private static func colored(_ input: VideoFormat) throws -> VideoFormat {
        guard !input.color.isHighDynamicRange else {
            throw refusal("it has high dynamic range (PQ or HLG), which is not handled")
        }
        var output = input
        output.pixelFormat = input.pixelFormat.colored(width: input.width, height: input.height)
        return output
    }

    private static func refusal(_ reason: String) -> RestorationError {
        RestorationError(.badRequest, "Cannot colour the film: \(reason); convert it to BT.709 first.")
    }

    /// Takes the next frame.
    ///
    /// - Throws: `frameFailed` or `outOfMemory`, naming the frame.
    public mutating func process(_ frame: PreparedFrame) throws -> [UnpaintedFrame] {
        let next = try steps.measure("look") { try pending(frame) }
        guard stabilizes else {
            return try colorWhenFull(next)
        }
        defer { undecided = next }
        guard let verdict = watch.push(next.thumbnail, index: frame.frame.index), let decided = undecided else {
            return []
        }
        return try decide(decided, verdict)
    }

    /// Gives the frames that are still held back.
    ///
    /// - Throws: `frameFailed` or `outOfMemory`, naming the frame.
    public mutating func finishUnpainted() throws -> [UnpaintedFrame] {
        var finished: [UnpaintedFrame] = []
        if let last = undecided, let verdict = watch.finish() {
            undecided = nil
            finished += try decide(last, verdict)
        }
        finished += try colorReady()
        finished += try colorRunning()
        guard stabilizes, let last = smoothing.last?.frame else { return finished }
        let rest = try guarded(last) { smoother.drain() }
        return try finished + finish(rest)
    }

    private mutating func decide(_ pending: Pending, _ verdict: ShotWatch.Verdict) throws -> [UnpaintedFrame] {
        var pending = pending
        pending.startsShot = verdict.startsShot
        pending.correction = verdict.correction
        if verdict.startsShot {
            shots.append(Shot(firstFrame: pending.frame.index, seconds: pending.frame.pts.seconds, frameCount: 0))
        }
        shots[shots.count - 1].frameCount += 1
        return try colorWhenFull(pending)
    }

    /// Batches end at frames counted from the film's first, wherever the work began.
    private mutating func colorWhenFull(_ pending: Pending) throws -> [UnpaintedFrame] {
        ready.append(pending)
        return (pending.frame.index + 1) % batch == 0 ? try colorReady() : []
    }

    /// Shows the network all frames that are ready, and goes on with those before them.
    private mutating func colorReady() throws -> [UnpaintedFrame] {
        guard let first = ready.first?.frame else { return [] }
        let frames = ready
        ready.removeAll()
        let seen = try guarded(first) { frames.map { corrected($0.luma, $0.correction) } }
        let call = steps.measure("network") { network.begin(seen) }
        defer { running = (frames, call) }
        return try colorRunning()
    }

    /// Waits for the network and passes its chroma on.
    private mutating func colorRunning() throws -> [UnpaintedFrame] {
        guard let (frames, call) = running else { return [] }
        running = nil
        let chromas = try steps.measure("network") { try network.chroma(of: call, frames: frames.map(\.frame)) }
        guard stabilizes else {
            return try zip(frames, chromas).map { try finish($0, chroma: $1, correction: nil) }
        }
        var finished: [UnpaintedFrame] = []
        for (pending, chroma) in zip(frames, chromas) {
            smoothing.append(pending)
            let seconds = lastTime.map { (pending.frame.pts - $0).seconds } ?? 0
            lastTime = pending.frame.pts
            let done = try steps.measure("steady") {
                try guarded(pending.frame) {
                    smoother.add(
                        TemporalSmoother.Frame(
                            index: pending.frame.index, chroma: chroma,
                            luma: corrected(pending.small, pending.correction), seconds: seconds,
                            startsShot: pending.startsShot))
                }
            }
            finished += try finish(done)
        }
        return finished
    }

    /// Takes steadied chroma to the frames that have waited longest.
    private mutating func finish(_ steadied: [TemporalSmoother.Steadied]) throws -> [UnpaintedFrame] {
        let frames = smoothing.prefix(steadied.count)
        smoothing.removeFirst(steadied.count)
        return try zip(frames, steadied).map { try finish($0, chroma: $1.chroma, correction: $1.correction) }
    }

    /// What there is to tell so far.
    public var summary: StageSummary {
        var summary = StageSummary()
        summary.notes = network.notes
        summary.networkSeconds = network.seconds
        summary.stepSeconds = steps.seconds
        summary.shots = shots
        summary.renderWidth = size.width
        summary.renderHeight = size.height
        summary.batch = network.batchLimit.map { min($0, batch) } ?? batch
        summary.group = group
        summary.precision = network.predictor.precision.description
        summary.device = network.predictor.device.description
        return summary
    }
}
