public import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors

/// Makes a film larger, frame by frame.
///
/// Each frame is turned into red, green and blue once, with the film's own matrix and range, enlarged by the network,
/// given the low frequencies of its source, and turned back with the same matrix and range at the film's bit depth.
/// Frames wait for the batch; finishing gives the rest.
public struct Upscaler: OverlappedStage {
    private let restorer: TiledRestorer
    private let enlargement: Enlargement
    private let input: VideoFormat
    private let output: VideoFormat
    private let matrix: YCbCrMatrix
    private let batch: Int
    /// The side of a tile; decided once, so that free memory that changes does not change the film.
    private let tile: Int
    private let steps = StepClock()
    private var ready: [PreparedFrame] = []

    /// A stage for films of one format, with a network made on the thread that will call it.
    ///
    /// - Throws: `RestorationError` where films of this format cannot be enlarged or settings make no sense; what the
    ///   model files throw.
    public init(format: VideoFormat, settings: UpscaleSettings = UpscaleSettings()) throws {
        try settings.validate()
        try Self.check(format)
        let factor = try Self.factor(of: settings, format)
        try self.init(settings.restorerForFilms(factor: factor), format: format, settings: settings)
    }

    init(_ restorer: TiledRestorer, format: VideoFormat, settings: UpscaleSettings) throws {
        try settings.validate()
        matrix = try Self.check(format)
        output = try Self.enlarged(format, settings, scale: restorer.scale)
        self.restorer = restorer
        input = format
        tile = settings.tile ?? restorer.filmTile(width: format.width, height: format.height)
        enlargement = Enlargement(
            width: output.width, height: output.height, strength: settings.strength, locksColor: settings.locksColor)
        batch = settings.batch ?? (restorer.device == .cpu ? 1 : Self.batch(tile: tile, format))
    }

    /// The larger format; luma and chroma lie as they did.
    public func outputFormat(for input: VideoFormat) throws -> VideoFormat { output }

    private var usesNetwork: Bool { enlargement.usesNetwork(width: input.width, height: input.height) }

    /// Looks between two tiles whether the film is to be given up.
    public mutating func heed(_ check: @escaping @Sendable () throws -> Void) { restorer.beforeTile = check }

    /// As many frames as fill one tile, at most 8: a GPU gains from more work at once.
    private static func batch(tile: Int, _ format: VideoFormat) -> Int {
        max(1, min(8, tile * tile / (format.width * format.height)))
    }

    /// By how much a film grows; the model's own scale where nobody says and a model is named.
    static func factor(of settings: UpscaleSettings, _ format: VideoFormat) throws -> Double {
        guard let target = settings.target else { return UpscaleSettings.filmFactor }
        let size = try target.size(
            width: format.width, height: format.height, sampleAspect: format.sampleAspectRatio.doubleValue)
        return max(Double(size.width) / Double(format.width), Double(size.height) / Double(format.height))
    }

    private static func enlarged(_ format: VideoFormat, _ settings: UpscaleSettings, scale: Int) throws -> VideoFormat {
        let target = settings.target ?? .factor(Double(scale))
        let isSubsampled = format.pixelFormat.horizontalSubsampling > 1 || format.pixelFormat.verticalSubsampling > 1
        var output = format
        (output.width, output.height) = try target.size(
            width: format.width, height: format.height, sampleAspect: format.sampleAspectRatio.doubleValue,
            even: isSubsampled || format.pixelFormat.chroma == .grey)
        if case .exact = target {
            output.sampleAspectRatio = aspect(of: format, width: output.width, height: output.height)
        }
        return output
    }

    /// The shape of a sample that keeps the shape of the picture in a size of another shape.
    static func aspect(of format: VideoFormat, width: Int, height: Int) -> Rational {
        let old = format.sampleAspectRatio
        let factors = (Double(width) / Double(format.width), Double(height) / Double(format.height))
        // A size that only rounds a factor keeps the shape.
        let rounded = (Double(format.width) * factors.1, Double(format.height) * factors.0)
        if abs(rounded.0 - Double(width)) <= 1 || abs(rounded.1 - Double(height)) <= 1 { return old }
        let above = Int64(old.numerator) * Int64(format.width) * Int64(height)
        let below = Int64(old.denominator) * Int64(format.height) * Int64(width)
        return Rational(reducing: above, over: below)
    }

    /// The matrix of films that can be enlarged.
    @discardableResult
    private static func check(_ format: VideoFormat) throws -> YCbCrMatrix {
        func refusal(_ reason: String) -> RestorationError {
            RestorationError(.badRequest, "Cannot enlarge the film: \(reason); convert it to BT.709 first.")
        }
        guard !format.color.isHighDynamicRange else {
            throw refusal("it has high dynamic range (PQ or HLG), which is not handled")
        }
        guard let matrix = YCbCrMatrix(format.color.matrix) else {
            throw refusal("its colour matrix (H.273 code \(format.color.matrix.rawValue)) is not luma and chroma")
        }
        return matrix
    }

    /// The samples of a frame as luma and chroma of one size, made without the network's thread.
    public var preparation: @Sendable (VideoFrame) -> PreparedFrame {
        { PreparedFrame(frame: $0, numbers: Tensor(yCbCr: $0).floats) }
    }

    /// Every frame is enlarged for itself, but how many are enlarged together may show in the last digits.
    public var runIn: StageRunIn { StageRunIn(grain: batch) }

    /// Takes the next frame.
    ///
    /// - Throws: `frameFailed` or `outOfMemory`, naming the frame.
    public mutating func process(_ frame: PreparedFrame) throws -> [UnpaintedFrame] {
        ready.append(frame)
        // Batches end at frames counted from the film's first, wherever the work began.
        return (frame.frame.index + 1) % batch == 0 ? try finishUnpainted() : []
    }

    /// Gives the frames that are still held back.
    ///
    /// - Throws: `frameFailed` or `outOfMemory`, naming the frame.
    public mutating func finishUnpainted() throws -> [UnpaintedFrame] {
        guard let first = ready.first?.frame else { return [] }
        let frames = ready
        ready.removeAll()
        do {
            return try attempt(frames)
        } catch let error as RestorationError where error.code == .frameFailed && frames.count > 1 {
            // The one that fails alone is to blame.
            for frame in frames { _ = try attempt([frame]) }
            throw RestorationError(
                .frameFailed,
                "Cannot enlarge the \(frames.count) frames from frame \(first.index) (at \(first.pts)) on together, though each of them alone: \(error.description) Use a smaller --batch."
            )
        }
    }

    /// Frames together; failures are said to be the first one's.
    private func attempt(_ frames: [PreparedFrame]) throws -> [UnpaintedFrame] {
        let first = frames[0].frame
        do {
            return try withoutGradients { try recovering { try enlarged(frames) } }
        } catch let error as TorchError {
            throw UpscaleFailure.error(error, naming: "frame \(first.index) (at \(first.pts))").about(first.index)
        } catch let error as RestorationError {
            throw error.about(first.index)
        }
    }

    private func enlarged(_ frames: [PreparedFrame]) throws -> [UnpaintedFrame] {
        let source = steps.measure("look") { RowStream(concatenated(frames.map(rgb), axis: 0)) }
        let result = try steps.measure("enlarge") {
            var network: RowStream?
            if usesNetwork {
                let plan = restorer.tiler.plan(
                    height: source.height, width: source.width, tile: tile,
                    channels: 3 * batch)
                network = restorer.enlarged(source, plan: plan)
            }
            return try enlargement.result(of: source, network: network).reader().rows(0..<enlargement.height)
        }
        return steps.measure("hand over") {
            let (luma, chroma) = matrix.split(result)
            let pictures = concatenated([luma, chroma], axis: 1).to(device: .cpu)
            return frames.enumerated().map { index, prepared in
                let numbers = pictures.selected(axis: 0, index: index).floats
                return UnpaintedFrame(
                    frame: prepared.frame, byteOverhead: numbers.count * MemoryLayout<Float>.stride
                ) { [output] in
                    VideoFrame(
                        yCbCr: Tensor(numbers, shape: [1, 3, output.height, output.width]), format: output, like: $0)
                }
            }
        }
    }

    /// Red, green and blue of a frame on the network's device, within 0...1.
    private func rgb(_ prepared: PreparedFrame) -> Tensor {
        let frame = prepared.frame
        precondition(
            frame.width == input.width && frame.height == input.height && frame.pixelFormat == input.pixelFormat,
            "a frame of \(frame.width)×\(frame.height) \(frame.pixelFormat) in a film of \(input.width)×\(input.height)"
        )
        let picture = Tensor(prepared.numbers, shape: [1, 3, frame.height, frame.width]).to(device: restorer.device)
        return matrix.combined(
            luma: picture.sliced(axis: 1, from: 0, to: 1), chroma: picture.sliced(axis: 1, from: 1, to: 3)
        ).clamped(to: 0...1)
    }

    /// What there is to tell so far.
    public var summary: StageSummary {
        var summary = StageSummary()
        summary.notes = restorer.notes
        guard usesNetwork else {
            summary.notes.append("The film was resampled without the network.")
            return summary
        }
        summary.networkSeconds = restorer.seconds
        summary.stepSeconds = steps.seconds
        summary.renderWidth = input.width
        summary.renderHeight = input.height
        summary.batch = batch
        summary.group = batch
        summary.tile = tile
        summary.precision = restorer.precision.description
        summary.device = restorer.device.description
        return summary
    }
}
