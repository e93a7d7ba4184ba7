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
        return { PreparedFrame(frame: $0, luma: reducer($0)) }
    }

    /// The luma that the network will see, and the small pictures for cuts and motion.
    func pending(_ prepared: PreparedFrame) throws -> Pending {
        let frame = prepared.frame
        precondition(
            frame.width == format.width && frame.height == format.height && frame.pixelFormat == format.pixelFormat,
            "a frame of \(frame.width)×\(frame.height) \(frame.pixelFormat) in a film of \(format.width)×\(format.height)"
        )
        let (luma, small, thumbnail) = try guarded(frame) {
            let luma = Tensor(prepared.luma, shape: [1, 1, size.paddedHeight, size.paddedWidth])
                .to(device: network.predictor.device)
            guard stabilizes else { return (luma, luma, luma) }
            let small = luma.pooled(smoothingFactor)
            return (luma, small, small.meanPooled(height: ShotDetector.height, width: ShotDetector.width))
        }
        return Pending(frame: frame, luma: luma, small: small, thumbnail: stabilizes ? thumbnail.floats : [])
    }

    /// By how much the temporal filter's pictures are smaller than the network's.
    var smoothingFactor: Int { TemporalSmoother.factor(forShortSide: min(size.paddedWidth, size.paddedHeight)) }

    /// Luma with its exposure steadied, 0...1.
    func corrected(_ luma: Tensor, _ correction: ExposureSteadier.Correction) -> Tensor {
        guard correction != .none else { return luma }
        return (luma * Double(correction.gain) + Double(correction.offset)).clamped(to: 0...1)
    }

    /// The frame with all that painting its chroma needs, made of what the network gave: `[1, 2, H, W]`.
    func finish(_ pending: Pending, chroma: Tensor) throws -> UnpaintedFrame {
        try steps.measure("fit") {
            let maps = try guarded(pending.frame) { finisher.fit(chroma, luma: pending.luma).to(device: .cpu) }.floats
            return UnpaintedFrame(
                frame: pending.frame, byteOverhead: maps.count * MemoryLayout<Float>.stride
            ) { [painter] in painter.paint(maps, over: $0) }
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
