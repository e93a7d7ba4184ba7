public import HeirloomTensors

/// From several microphones on one clock to one signal with less noise and reverberation: dereverberation, masks of
/// speech, and a filter that keeps the speech of the reference microphone as it is.
///
/// The result has the level, the response and the time of the reference, so results of successive intervals fit together.
/// For recordings longer than a minute or two take ``SpatialIntervals``, give the samples of each interval to
/// ``process(_:sampleRate:reference:valid:bandLimits:speechMask:)`` with the same reference, and join beam and removed
/// signal with a ``SpatialJoiner`` each. Leave out dead, unrelated and clipped recorders beforehand, unless fewer than two
/// are left; turn inverted ones; gains are matched here.
public struct SpatialChain: Sendable {
    /// The options.
    public let options: SpatialOptions

    /// A chain.
    public init(_ options: SpatialOptions = SpatialOptions()) {
        precondition(
            options.loading > 0 && options.loading <= 0.1 && options.fade >= 0, "a loading of \(options.loading)")
        self.options = options
    }

    /// The frames that the chain works in: 64 ms of Hann's window every 16 ms.
    public static func transform(sampleRate: Int) -> ShortTimeTransform {
        ShortTimeTransform(sampleRate: sampleRate, hop: 0.016)
    }

    /// Combines the channels of one interval.
    ///
    /// A single channel is only dereverberated. Samples that are not finite count as missing. Frames where some channels
    /// are missing are made of the others; frames without any are silent. Below 80 Hz the beam is silent.
    ///
    /// - Parameters:
    ///   - x: `[D, L]` float32; anything where a sample is not valid.
    ///   - sampleRate: in Hz, 8000 or more.
    ///   - reference: the channel whose level, response and time the result has.
    ///   - valid: `[D, L]`, 0 where a channel recorded nothing; nil: all valid.
    ///   - bandLimits: the highest frequency that each channel holds, in Hz; nil: all whole.
    ///   - speechMask: a network's opinion: from the spectra as recorded, complex `[D, F, T]` of ``transform(sampleRate:)``,
    ///     how much of each bin is speech, in 0…1: `[F, T]`, or `[D, F, T]`, of which the median is taken.
    public func process(
        _ x: Tensor, sampleRate: Int, reference: Int, valid: Tensor? = nil, bandLimits: [Double]? = nil,
        speechMask: ((Tensor) -> Tensor)? = nil
    ) -> SpatialResult {
        let shape = x.shape
        precondition(shape.count == 2 && shape[1] > 0, "a spatial chain takes [D, L], not \(x.summary)")
        precondition((0..<shape[0]).contains(reference), "no channel \(reference) in \(x.summary)")
        precondition(sampleRate >= 8000, "a spatial chain needs 8000 Hz, not \(sampleRate)")
        precondition(valid.map { $0.shape == shape } ?? true, "the valid samples do not fit \(x.summary)")
        precondition(bandLimits.map { $0.count == shape[0] } ?? true, "a band limit for each of \(shape[0]) channels")
        return withoutGradients {
            let scene = SpatialScene(
                x, sampleRate: sampleRate, reference: reference, valid: valid, bandLimits: bandLimits)
            return combined(scene, speechMask: speechMask)
        }
    }

    private func combined(_ scene: SpatialScene, speechMask: ((Tensor) -> Tensor)?) -> SpatialResult {
        var notes: [String] = []
        let alone = options.guardsReference ? scene.judged(scene.spectra.channel(scene.reference)) : nil
        let given = speechMask.map { pooled($0(scene.spectra)) }
        scene.matchGains()
        if options.dereverberates { scene.dereverberate(WPE()) }
        let prior = given ?? scene.prior()
        // Two places are more than one class of the mixture can describe: there it would do harm.
        let places = scene.talkerPlaces(mask: prior, options.adaptation)
        var mask = prior
        if options.masks == .spatial, (places?.count ?? 1) == 1 {
            let refined = scene.refined(prior, by: SpatialMixture())
            mask = refined.mask
            notes += refined.note.map { [$0] } ?? []
        }
        let beam = scene.beam(mask: mask, places: places, options: options)
        notes += beam.notes
        var result = SpatialResult(
            beam: scene.transform.inverse(beam.spectrum.unsqueezed(0), length: scene.samples).reshaped([scene.samples]),
            removed: scene.original, mask: mask, weights: beam.weights, placeCount: beam.places, guarded: [],
            notes: notes)
        if let alone { guardReference(&result, scene, judged: scene.judged(beam.spectrum), alone: alone) }
        result.removed = scene.original - result.beam
        return result
    }

    /// One mask of one for each channel, away from certainty.
    private func pooled(_ mask: Tensor) -> Tensor {
        (mask.rank == 3 ? mask.median(axis: 0) : mask).to(dtype: .float32).clamped(to: 1e-3...(1 - 1e-3))
    }

    /// Puts the reference where the beam is worse.
    private func guardReference(
        _ result: inout SpatialResult, _ scene: SpatialScene, judged: Tensor, alone: Tensor
    ) {
        guard scene.channels > 1 else { return }
        let guardian = ReferenceGuard()
        let hop = scene.transform.hop
        let worse = guardian.worse(
            beam: judged, reference: alone, present: scene.validFrames[scene.reference],
            framesPerSecond: Double(scene.sampleRate) / Double(hop))
        result.guarded = worse.map { frames in
            let end =
                frames.upperBound == scene.frames
                ? scene.samples : scene.transform.center(ofFrame: frames.upperBound)
            let start = frames.lowerBound == 0 ? 0 : scene.transform.center(ofFrame: frames.lowerBound)
            return min(scene.samples, max(0, start))..<min(scene.samples, max(0, start, end))
        }
        guard !result.guarded.isEmpty else { return }
        let gain = guardian.gains(result.guarded, samples: scene.samples, sampleRate: scene.sampleRate)
        result.beam = result.beam + (scene.original - result.beam) * gain
        result.notes.append(
            "the combined signal was worse than the reference alone in \(worse.count) places; the reference is used there"
        )
    }
}
