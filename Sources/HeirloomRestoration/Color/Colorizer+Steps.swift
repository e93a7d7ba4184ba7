import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors

/// The steps of a single frame: from its samples to what the network sees, and from chroma to its samples.
extension Colorizer {
    /// The luma that the network will see, and the small pictures for cuts and motion.
    func prepared(_ frame: VideoFrame) throws -> Pending {
        precondition(
            frame.width == format.width && frame.height == format.height && frame.pixelFormat == format.pixelFormat,
            "a frame of \(frame.width)×\(frame.height) \(frame.pixelFormat) in a film of \(format.width)×\(format.height)")
        let (luma, small, thumbnail) = try guarded(frame) {
            let full = placement.usesChromaSizedLuma
                ? Tensor(lumaAtChroma: frame, of: output.pixelFormat) : Tensor(luma: frame)
            let luma = full.to(device: network.predictor.device)
                .resized(height: size.height, width: size.width, antialias: true)
                .paddedByReflection(toMultipleOf: network.predictor.sizeMultiple)
            guard stabilizes else { return (luma, luma, luma) }
            let small = smallPicture(luma)
            return (luma, small, small.meanPooled(height: ShotDetector.height, width: ShotDetector.width))
        }
        return Pending(frame: frame, luma: luma, small: small, thumbnail: stabilizes ? thumbnail.floats : [])
    }

    private func smallPicture(_ luma: Tensor) -> Tensor {
        let factor = TemporalSmoother.factor(forShortSide: min(size.paddedWidth, size.paddedHeight))
        return factor == 1 ? luma : luma.meanPooled(kernel: factor, stride: factor)
    }

    /// Luma with its exposure steadied, 0...1.
    func corrected(_ luma: Tensor, _ correction: ExposureSteadier.Correction) -> Tensor {
        let steady =
            correction == .none ? luma : luma * Double(correction.gain) + Double(correction.offset)
        return steady.clamped(to: 0...1)
    }

    /// The frame with chroma made of what the network gave, `[1, 2, H, W]` at its padded size.
    func finish(_ pending: Pending, chroma: Tensor) throws -> VideoFrame {
        try steps.measure("finish") {
            let frame = pending.frame
            let planes = try guarded(frame) {
                let maps = placement.placed(finisher.fit(chroma, luma: pending.luma))
                let luma = Tensor(lumaAtChroma: frame, of: output.pixelFormat).to(device: chroma.device)
                return (GuidedModel.apply(maps, to: luma) * ChromaFinisher.bearing(luma)).to(device: .cpu)
            }
            return VideoFrame(chroma: planes, over: frame)
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
