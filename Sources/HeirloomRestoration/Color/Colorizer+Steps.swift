public import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors

/// The steps of a single frame: from its samples to what the network sees, and from chroma to its samples.
extension Colorizer {
    /// The small luma picture of a frame, made without tensors.
    public var preparation: @Sendable (VideoFrame) -> PreparedFrame {
        let reducer = LumaReducer(
            width: size.width, height: size.height, paddedWidth: size.paddedWidth, paddedHeight: size.paddedHeight)
        return { PreparedFrame(frame: $0, numbers: reducer($0)) }
    }

    /// The luma that the network will see, and the small pictures for cuts and motion.
    func pending(_ prepared: PreparedFrame) throws -> Pending {
        let frame = prepared.frame
        precondition(
            frame.width == format.width && frame.height == format.height && frame.pixelFormat == format.pixelFormat,
            "a frame of \(frame.width)×\(frame.height) \(frame.pixelFormat) in a film of \(format.width)×\(format.height)"
        )
        let (luma, small, thumbnail) = try guarded(frame) {
            let luma = Tensor(prepared.numbers, shape: [1, 1, size.paddedHeight, size.paddedWidth])
                .to(device: network.predictor.device)
            guard stabilizes else { return (luma, luma, luma) }
            let small = luma.pooled(smoothingFactor)
            return (luma, small, small.meanPooled(height: ShotDetector.height, width: ShotDetector.width))
        }
        return Pending(
            frame: frame, numbers: prepared.numbers, luma: luma, small: small,
            thumbnail: stabilizes ? thumbnail.floats : [])
    }

    /// By how much the temporal filter's pictures are smaller than the network's.
    var smoothingFactor: Int { TemporalSmoother.factor(forShortSide: min(size.paddedWidth, size.paddedHeight)) }

    /// Luma with its exposure steadied, 0...1.
    func corrected(_ luma: Tensor, _ correction: ExposureSteadier.Correction) -> Tensor {
        guard correction != .none else { return luma }
        return (luma * Double(correction.gain) + Double(correction.offset)).clamped(to: 0...1)
    }

    /// The frame with all that painting needs, made of what the network gave: chroma `[1, 2, H, W]`, and a correction at
    /// the temporal filter's size or none.
    func finish(_ pending: Pending, chroma: Tensor, correction: Tensor?) throws -> UnpaintedFrame {
        try steps.measure("hand over") {
            let (chroma, correction) = try guarded(pending.frame) {
                (chroma.to(device: .cpu), correction?.to(device: .cpu))
            }
            let numbers = chroma.floats
            let change = correction.map { SmallMap(numbers: $0.floats, width: $0.shape[3], height: $0.shape[2]) }
            let bytes =
                (numbers.count + pending.numbers.count + (change?.numbers.count ?? 0)) * MemoryLayout<Float>.stride
            let (width, height) = (size.paddedWidth, size.paddedHeight)
            return UnpaintedFrame(frame: pending.frame, byteOverhead: bytes) {
                [painter, finisher, luma = pending.numbers] in
                let maps = finisher.fit(numbers, correction: change, luma: luma, width: width, height: height)
                return painter.paint(maps, over: $0)
            }
        }
    }

    /// Runs tensor code on behalf of a frame; failures name it.
    func guarded<R>(_ frame: VideoFrame, _ body: () throws -> R) throws -> R {
        do {
            return try withoutGradients { try recovering(body) }
        } catch let error as TorchError {
            throw PatientNetwork.failure(error, frame: frame)
        }
    }
}
