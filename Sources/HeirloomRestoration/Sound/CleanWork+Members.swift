import HeirloomSignals
import HeirloomTensors

extension CleanWork {
    /// Seconds of sound that the choice of the best microphone listens to.
    private static let ratedSeconds = 300.0

    /// Scores recordings by how near their speech is to speech as it is.
    func rate(_ placed: [Int], _ clocks: [Int: (map: ClockMap, polarity: Int)], _ base: Int) throws {
        let rate = Double(AnalysisTrack.sampleRate)
        guard let length = inputs[base].recording?.seconds, length >= 1 else { return }
        let pieces = length <= Self.ratedSeconds ? 1 : 10
        let seconds = min(length, Self.ratedSeconds) / Double(pieces)
        var channels: [Tensor] = []
        var faults: [ReferenceChoice.Faults] = []
        for index in placed {
            guard let recording = inputs[index].recording, let clock = clocks[index] else { continue }
            var samples: [Float] = []
            for piece in 0..<pieces {
                let start = (Double(piece) + 0.5) * length / Double(pieces) - seconds / 2
                let place =
                    clock.map.fileTime(at: start)
                    ?? clock.map.fileTime(at: start + seconds / 2).map { $0 - seconds / 2 }
                samples += try recording.track.samples(
                    from: Int((place ?? start) * rate), count: Int(seconds * rate))
            }
            channels.append(Tensor(samples))
            faults.append(
                .init(
                    isClipped: recording.clipped >= Faults.clippingNotice,
                    hasGaps: Faults.mutedSeconds(recording) >= 0.05 || !clock.map.jumps.isEmpty,
                    hums: recording.usedHealth.contains { $0.hum != nil },
                    bandLimit: recording.usedHealth.compactMap(\.bandLimit).min()))
        }
        let scores = try recovering { ReferenceChoice.scores(stacked(channels), faults: faults) }
        for (index, score) in zip(placed, scores) { inputs[index].score = score }
    }

    /// The recordings that are heard, the best first.
    ///
    /// Overloaded ones are not, as long as two others are there; one that is much shorter than the longest cannot be the
    /// reference, whose length the result has.
    func members(_ placed: [Int], mustHave wanted: Int?) throws -> [Int] {
        let order = placed.sorted { (inputs[$0].score ?? .infinity) < (inputs[$1].score ?? .infinity) }
        func isOverloaded(_ index: Int) -> Bool {
            (inputs[index].recording?.clipped ?? 0) > Faults.clippingLimit && !inputs[index].isForced && index != wanted
        }
        var healthy = order.filter { !isOverloaded($0) }
        if healthy.count < 2 { healthy = order }
        let longest = healthy.compactMap { inputs[$0].recording?.seconds }.max() ?? 0
        let isLong = { (index: Int) in (self.inputs[index].recording?.seconds ?? 0) >= longest / 2 }
        guard let reference = wanted ?? healthy.first(where: isLong) ?? healthy.first else { return order }
        var members = [reference] + healthy.filter { $0 != reference }
        var microphones = 0
        members = members.filter { index in
            let count = inputs[index].recording?.channels.count ?? 1
            guard microphones + count <= ArrayPass.maximumMicrophones || inputs[index].isForced || index == reference
            else {
                inputs[index].reasons.append("\(ArrayPass.maximumMicrophones) better microphones were enough")
                return false
            }
            microphones += count
            return true
        }
        for index in placed where isOverloaded(index) && !members.contains(index) {
            inputs[index].reasons.append("its sound is not used, as others are not overloaded")
        }
        return members
    }
}
