import Foundation
import HeirloomMedia
import HeirloomSignals
import HeirloomTensors

/// Where the recordings of a job lie and which of them are heard.
struct CleanPlacement {
    /// The recording on whose timeline the result lies.
    let timeline: Int
    /// The recordings whose sound is part of the result, the best first: it is the reference.
    let members: [Int]
    /// All recordings that have a place.
    let placed: [Int]
    /// From the timeline's clock to each placed recording's, with its polarity.
    let clocks: [Int: (map: ClockMap, polarity: Int)]
}

extension CleanWork {
    /// Aligns recordings, says where they lie, and chooses those that are heard.
    ///
    /// - Throws: `notAligned` where no two belong together.
    func align(_ candidates: [Int]) throws -> CleanPlacement {
        let wanted = try wantedTimeline(candidates)
        let found =
            settings.stages.contains(.align) ? try synchronized(candidates, wanted) : unaligned(candidates, wanted)
        for (index, file) in zip(candidates, found.files) { inputs[index].place = file }
        for index in candidates { settle(index) }
        var placed = candidates.filter { inputs[$0].isPlaced && inputs[$0].place?.duplicateOf == nil }
        if placed.count < 2, candidates.count(where: { inputs[$0].place?.duplicateOf == nil }) > 1 {
            throw notAligned(candidates)
        }
        if let wanted, !placed.contains(wanted) {
            // The same recording as an earlier one: it stands for it.
            if let twin = inputs[wanted].place?.duplicateOf.map({ candidates[$0] }), placed.contains(twin) {
                placed = placed.map { $0 == twin ? wanted : $0 }
                let place = inputs[wanted].place
                inputs[wanted].place = inputs[twin].place
                inputs[twin].place = place
                inputs[wanted].reasons = inputs[twin].reasons
                inputs[twin].reasons = ["it is the same recording as \(inputs[wanted].name)"]
            } else {
                throw notAligned(candidates, missing: wanted)
            }
        }
        var clocks: [Int: (map: ClockMap, polarity: Int)] = [:]
        for index in placed {
            guard let file = inputs[index].place else { continue }
            clocks[index] = (file.map, file.polarity)
        }
        let base = candidates[found.reference]
        try rate(placed, clocks, base)
        let named = try namedReference()
        if let named, !placed.contains(named) { throw notAligned(candidates, missing: named) }
        let members = try members(placed, mustHave: named)
        let timeline = wanted ?? members[0]
        let shifted = relative(clocks, to: timeline)
        for index in placed {
            inputs[index].place?.map = shifted[index]?.map ?? ClockMap()
            inputs[index].place?.polarity = shifted[index]?.polarity ?? 1
            inputs[index].use = members.contains(index) ? .used : .placed
        }
        tellPlaces(placed, timeline)
        return CleanPlacement(timeline: timeline, members: members, placed: placed, clocks: shifted)
    }

    // MARK: - Places

    /// The recording whose timeline is asked for; nil to take the best one's.
    private func wantedTimeline(_ candidates: [Int]) throws -> Int? {
        var wanted: Int?
        if job.keepsFirstTimeline { wanted = 0 }
        if targets.kind == .film { wanted = try film() }
        if wanted == nil { wanted = try namedReference() }
        if let wanted, !candidates.contains(wanted) {
            let reason = inputs[wanted].reasons.first ?? "it holds nothing"
            throw RestorationError(
                .nothingUsable,
                "The result cannot have the timeline of '\(inputs[wanted].path)': \(reason); name another one with --reference, or put --use \(inputs[wanted].name)."
            )
        }
        return wanted
    }

    /// The recording whose sound is asked for; nil to choose.
    private func namedReference() throws -> Int? {
        try settings.reference.map { try RecordingNames(paths: job.inputs).index(of: $0, option: "--reference") }
    }

    private func synchronized(_ candidates: [Int], _ wanted: Int?) throws -> Synchronization {
        let sources = candidates.map { index -> any AnalysisSource in
            inputs[index].recording?.track ?? AnalysisSamples([]) as any AnalysisSource
        }
        let total = sources.reduce(0) { $0 + Double($1.sampleCount) / Double(AnalysisTrack.sampleRate) }
        let meter = PhaseMeter(monitor, "aligning", seconds: total)
        var done = 0.0
        let reference = wanted.flatMap { candidates.firstIndex(of: $0) }
        var result = try Synchronizer().synchronize(sources, reference: reference) { step in
            try meter.advance(max(0, step.fraction - done) * total)
            done = max(done, step.fraction)
        }
        try meter.advance(max(0, 1 - done) * total)
        try placeByHand(&result, candidates)
        return result
    }

    /// Puts recordings where the user says they begin.
    private func placeByHand(_ result: inout Synchronization, _ candidates: [Int]) throws {
        let names = RecordingNames(paths: job.inputs)
        for (word, seconds) in settings.offsets {
            guard let place = candidates.firstIndex(of: try names.index(of: word, option: "--offset")) else { continue }
            result.files[place].status = .placed
            result.files[place].map = ClockMap(offset: seconds)
            result.files[place].polarity = 1
            result.files[place].confidence = 1
            result.files[place].duplicateOf = nil
        }
        if !settings.offsets.isEmpty { result.files[result.reference].status = .placed }
    }

    /// Every recording as it lies.
    private func unaligned(_ candidates: [Int], _ wanted: Int?) -> Synchronization {
        Synchronization(
            reference: wanted.flatMap { candidates.firstIndex(of: $0) } ?? 0,
            files: candidates.map { _ in
                Synchronization.File(
                    status: .placed, map: ClockMap(), confidence: 1, polarity: 1, residual: 0, windowCount: 0)
            })
    }

    /// Says of a recording that has no place why.
    private func settle(_ index: Int) {
        guard let place = inputs[index].place else { return }
        if case .unrelated(let reason) = place.status {
            let text = reason.hasSuffix(".") ? String(reason.dropLast()) : reason
            inputs[index].reasons.insert("it could not be aligned: \(text)", at: 0)
        } else if let twin = place.duplicateOf {
            inputs[index].reasons.insert("it is the same recording as \(inputs[twinIndex(twin)].name)", at: 0)
        }
    }

    private func twinIndex(_ position: Int) -> Int {
        let candidates = inputs.indices.filter { inputs[$0].place != nil }
        return candidates.indices.contains(position) ? candidates[position] : 0
    }

    private func notAligned(_ candidates: [Int], missing: Int? = nil) -> RestorationError {
        if let missing {
            let reason = inputs[missing].reasons.first ?? "it could not be aligned"
            return RestorationError(
                .notAligned,
                "The result cannot have the timeline of '\(inputs[missing].path)': \(reason); name another one with --reference, or say with --offset where the others begin."
            )
        }
        let names = candidates.prefix(4).map { "'\(inputs[$0].path)'" }.joined(separator: ", ")
        return RestorationError(
            .notAligned,
            "No two of these recordings could be aligned: \(names)\(candidates.count > 4 ? ", …" : "") hold nothing in common; clean them one at a time, or say with --offset where they begin."
        )
    }

    private func relative(
        _ clocks: [Int: (map: ClockMap, polarity: Int)], to timeline: Int
    ) -> [Int: (map: ClockMap, polarity: Int)] {
        guard let base = clocks[timeline], base.map != ClockMap() || base.polarity < 0 else { return clocks }
        let toOld = base.map.inverse
        return clocks.reduce(into: [:]) { result, entry in
            result[entry.key] = (
                entry.key == timeline ? ClockMap() : toOld.composed(with: entry.value.map),
                entry.value.polarity * base.polarity
            )
        }
    }

    private func tellPlaces(_ placed: [Int], _ timeline: Int) {
        guard settings.stages.contains(.align) else { return }
        for index in placed where index != timeline {
            guard let place = inputs[index].place else { continue }
            monitor.tell(
                "\(inputs[index].name): offset \(CleanReport.signed(place.map.offset, 3)) s, drift \(CleanReport.signed(place.map.driftPPM, 1)) ppm"
            )
        }
        for index in inputs.indices where inputs[index].use == .leftOut {
            monitor.tell("\(inputs[index].name): left out: \(inputs[index].reasons.first ?? "it has no place")")
        }
    }
}
