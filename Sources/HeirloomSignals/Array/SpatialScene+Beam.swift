import HeirloomTensors

extension SpatialScene {
    /// The channels combined.
    struct Beam {
        /// Complex `[F, T]`.
        let spectrum: Tensor
        /// The mean magnitude of each channel's weight in the speech band.
        let weights: [Double]
        /// Places of talkers with filters of their own.
        let places: Int
        let notes: [String]
    }

    /// The statistics that a filter is made of, and how much it counts in each frame.
    private struct Plan {
        let speech: Tensor
        let noise: Tensor
        let gains: [Float]
    }

    /// Filters all channels into one.
    func beam(mask: Tensor, places found: TalkerPlaces?, options: SpatialOptions) -> Beam {
        let statistics = SpatialStatistics(spectra, mask: mask, valid: valid)
        let design = BeamformerDesign(kind: options.beamformer, loading: options.loading)
        let fade = Int(options.fade * Double(sampleRate) / Double(transform.hop))
        let schedule = FilterSchedule(valid: validFrames, fade: fade)
        // In memory the bins of a frame lie side by side, as the spectra do.
        let result = Tensor.zeros([frames, bins], dtype: .complex64).swappingAxes(0, 1)
        var magnitudes = Tensor.zeros([channels], dtype: .float64)
        let (low, high) = (bin(200), bin(4000))
        let counts = statistics.frames([Double](repeating: 1, count: statistics.count))
        let known = ((counts.speech .> 5) .& (counts.noise .> 5)).unsqueezed(1)
        let plans = plans(statistics, found, options.adaptation)
        let places = found?.count ?? 1
        for plan in plans {
            for part in schedule.parts where !part.channels.isEmpty {
                let gains = zip(plan.gains, part.gains).map { $0 * $1 }
                guard gains.contains(where: { $0 > 0 }) else { continue }
                let weights = self.weights(
                    speech: plan.speech, noise: plan.noise, known: known, channels: part.channels, design: design)
                add(weights, gains: gains, to: result)
                let share = Double(gains.reduce(0, +)) / Double(max(1, frames))
                magnitudes += weights.sliced(axis: 0, from: low, to: max(low + 1, high)).abs().mean(axes: [0]) * share
            }
        }
        let notes = places > 1 ? ["talkers at \(places) places take turns; each place has a filter of its own"] : []
        return Beam(
            spectrum: result, weights: magnitudes.scalars(as: Double.self), places: places, notes: notes)
    }

    /// One filter, one for each place of talkers, or one for each piece of time.
    private func plans(
        _ statistics: SpatialStatistics, _ found: TalkerPlaces?, _ adaptation: SpatialOptions.Adaptation
    ) -> [Plan] {
        let count = statistics.count
        let all = [Double](repeating: 1, count: count)
        let (speech, noise) = (statistics.speechCovariance(all), statistics.noiseCovariance(all))
        if let found, found.count > 1 {
            return (0..<found.count).map { place in
                Plan(
                    speech: statistics.speechCovariance(found.places.map { $0 == place ? 1 : 0 }), noise: noise,
                    gains: gains { found.places[$0] == place })
            }
        }
        guard adaptation == .always, count > 2 else {
            return [Plan(speech: speech, noise: noise, gains: gains { _ in true })]
        }
        let activity = statistics.activity(bins: speechBins)
        let mean = activity.reduce(0, +) / Double(count)
        return (0..<count).map { piece in
            // 4 s of speech around the piece and 20 s of noise, each mixed with the whole interval.
            let near = all.indices.map { abs($0 - piece) == 0 ? 1.0 : abs($0 - piece) == 1 ? 0.5 : 0 }
            let share = 0.4 * min(1, activity[piece] / max(mean, 1e-9))
            let window = all.indices.map { abs($0 - piece) <= 5 ? 1.0 : 0 }
            let block = statistics.speechCovariance(near)
            return Plan(
                speech: block / block.meanDiagonal.clamped(to: 1e-30...) * share
                    + speech / speech.meanDiagonal.clamped(to: 1e-30...) * (1 - share),
                noise: (statistics.noiseCovariance(window) + noise) * 0.5, gains: gains { $0 == piece })
        }
    }

    /// The bins that tell directions best: 300 Hz to 4 kHz, as far as all channels hold them.
    private var speechBins: Range<Int> {
        let start = min(bin(300), bins - 1)
        return start..<max(start + 1, min(bin(4000), limits.min() ?? bins))
    }

    /// The places of talkers, by a mask; nil where the filter is not to follow them.
    func talkerPlaces(mask: Tensor, _ adaptation: SpatialOptions.Adaptation) -> TalkerPlaces? {
        let steady = steadyChannels
        guard adaptation == .automatic, steady.count > 1 else { return nil }
        let range = speechBins
        let index = Tensor(steady.map(Int64.init))
        let part = spectra.sliced(axis: 1, from: range.lowerBound, to: range.upperBound)
        let statistics = SpatialStatistics(
            part.gatheredRows(axis: 0, index), mask: mask.sliced(axis: 0, from: range.lowerBound, to: range.upperBound),
            valid: valid.map { $0.gatheredRows(axis: 0, index) })
        let noise = statistics.noiseCovariance([Double](repeating: 1, count: statistics.count))
        return TalkerPlaces(statistics, noise: noise, bins: 0..<range.count)
    }

    /// How much a filter for some pieces counts in each frame: straight from the middle of a piece to that of the next.
    private func gains(_ holds: (Int) -> Bool) -> [Float] {
        let piece = SpatialStatistics.piece
        return FilterSchedule.smoothed(
            (0..<frames).map { holds($0 / piece) ? 1 : 0 }, radius: piece / 2)
    }

    /// The weights of all bins from covariances: complex128 `[F, D]`.
    private func weights(
        speech: Tensor, noise: Tensor, known: Tensor, channels set: [Int], design: BeamformerDesign
    ) -> Tensor {
        // A single channel passes whole.
        let cut = channels == 1 ? 0 : min(bins - 1, bin(80))
        var pieces: [Tensor] = [.zeros([cut, channels], dtype: .complex128)]
        for band in bands {
            let start = max(cut, band.bins.lowerBound)
            guard start < band.bins.upperBound else { continue }
            let members = set.filter(band.channels.contains)
            // Nobody holds these frequencies: the reference has at least its own noise there, as recorded.
            let used = members.isEmpty ? set.filter { $0 == reference } : members
            let kept = members.isEmpty || limits[reference] > start || used.contains(reference)
            let target = kept ? reference : used[0]
            let plainChannel = used.contains(target) ? target : used.first ?? -1
            let part = { (x: Tensor) in x.sliced(axis: 0, from: start, to: band.bins.upperBound) }
            let weights = design.weights(
                speech: part(speech), noise: part(noise), channels: used, reference: target)
            let plain = stacked(
                (0..<channels).map { Tensor.full([1], $0 == plainChannel ? 1 : 0, dtype: .complex128) },
                axis: 1)
            pieces.append(`where`(part(known), weights, plain))
        }
        return concatenated(pieces, axis: 0)
    }

    /// Adds what a filter makes of the frames where it counts.
    private func add(_ weights: Tensor, gains: [Float], to result: Tensor) {
        guard let first = gains.firstIndex(where: { $0 > 0 }), let last = gains.lastIndex(where: { $0 > 0 })
        else { return }
        let slopes = Tensor(Array(gains[first...last]))
        let filter = weights.conjugate().to(dtype: .complex64)
        for channel in 0..<channels {
            let weight = filter.selected(axis: 1, index: channel).unsqueezed(1)
            let part = spectra.channel(channel).sliced(axis: 1, from: first, to: last + 1)
            result.sliced(axis: 1, from: first, to: last + 1).add(part * weight * slopes)
        }
    }
}
