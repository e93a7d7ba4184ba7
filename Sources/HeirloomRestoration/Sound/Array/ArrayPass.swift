import HeirloomMedia
import HeirloomModels
import HeirloomSignals
import HeirloomTensors

/// The second pass over several recordings: interval after interval of the timeline, all microphones become one signal.
struct ArrayPass {
    /// At most so many microphones are combined; more cost much and bring little.
    static let maximumMicrophones = 8
    /// Seconds that a microphone must have recorded of an interval to take part in it.
    static let minimumPresence = 3.0

    /// The microphones, the reference among them.
    let microphones: [Microphone]
    /// The position of the reference among them.
    let reference: Int
    /// One for each recording; nil for those that are not used.
    let readers: [TimelineReader?]
    /// The recordings' names.
    let names: [String]
    /// Samples per second of the timeline.
    let rate: Int
    /// The samples of the timeline that are done.
    let range: Range<Int>
    /// What is done.
    let stages: CleanStages
    /// A network's opinion of what is speech; nil for none.
    let network: CleanNetwork?
    /// The network listens to so many of the best microphones: more take its time and change little.
    static let judgedMicrophones = 3

    /// Combines them.
    ///
    /// - Parameters:
    ///   - target: takes the combined signal and what was taken away from the reference, a channel each.
    ///   - advance: told how many more seconds are done; what it throws ends the work.
    /// - Returns: what was done when.
    func run(into target: ScratchSound, advance: (Double) throws -> Void) throws -> [CleanReport.Interval] {
        let grid = SpatialIntervals(
            sampleCount: range.count, sampleRate: rate, seconds: Self.seconds(microphones.count, rate))
        var joiner = SpatialJoiner(sampleRate: rate)
        var report: [CleanReport.Interval] = []
        for (index, interval) in grid.intervals.enumerated() {
            let part = try recovering { try process(interval) }
            let joined = try recovering {
                joiner.join(part.signal, of: interval, isLast: index == grid.intervals.count - 1)
            }
            try target.append((0..<2).map { joined.selected(axis: 0, index: $0).floats })
            report.append(part.report)
            try advance(Double(interval.core.count) / Double(rate))
        }
        return report
    }

    /// The length of an interval: shorter for many microphones, so that memory stays the same.
    static func seconds(_ microphones: Int, _ rate: Int) -> Double {
        let budget = 100.0 * 48_000
        return min(60, max(20, budget / Double(microphones * rate)))
    }

    // MARK: - One interval

    private struct Part {
        /// `[2, L]`: combined, taken away.
        let signal: Tensor
        let report: CleanReport.Interval
    }

    private func process(_ interval: SpatialIntervals.Interval) throws -> Part {
        let samples = interval.samples.lowerBound + range.lowerBound..<interval.samples.upperBound + range.lowerBound
        let present = try present(in: samples)
        let chosen = present.map { microphones[$0.microphone] }
        guard let place = present.firstIndex(where: { $0.microphone == reference }), !present.isEmpty else {
            preconditionFailure("the reference takes part in every interval")
        }
        var files = chosen.map { names[$0.recording] }
        files = files.indices.filter { files.firstIndex(of: files[$0]) == $0 }.map { files[$0] }
        var report = CleanReport.Interval(
            start: Double(interval.core.lowerBound) / Double(rate),
            end: Double(interval.core.upperBound) / Double(rate),
            files: files, method: "", notes: [])
        let sound = try sound(of: present, samples)
        let isAlone = present.count == 1 || !stages.contains(.beamform)
        if isAlone {
            let own = sound.x.selected(axis: 0, index: place)
            let result = stages.contains(.dereverb) ? dereverberated(sound.x, sound.valid, place) : own
            report.files = [names[microphones[reference].recording]]
            report.method = stages.contains(.dereverb) ? "dereverberated" : "as recorded"
            return Part(signal: stacked([result, own - result]), report: report)
        }
        var options = SpatialOptions()
        options.dereverberates = stages.contains(.dereverb)
        let mask = network?.speechMask(rate: rate, channels: Array(0..<min(chosen.count, Self.judgedMicrophones)))
        let result = SpatialChain(options).process(
            sound.x, sampleRate: rate, reference: place, valid: sound.valid,
            bandLimits: chosen.map { $0.bandLimit ?? Double(rate) / 2 }, speechMask: mask.map { mask in { mask($0) } })
        if let failure = mask?.failure { throw failure }
        report.method = result.placeCount > 1 ? "beamformed for \(result.placeCount) places" : "beamformed"
        report.notes = result.notes
        return Part(signal: stacked([result.beam, result.removed]), report: report)
    }

    private struct Presence {
        let microphone: Int
        let valid: [Range<Int>]
    }

    /// The microphones that recorded enough of a piece; the reference always.
    private func present(in samples: Range<Int>) throws -> [Presence] {
        microphones.indices.compactMap { index in
            guard let reader = readers[microphones[index].recording] else { return nil }
            let valid = reader.valid(samples)
            let length = valid.reduce(0) { $0 + $1.count }
            let needed = min(Self.minimumPresence * Double(rate), Double(samples.count) / 2)
            return index == reference || Double(length) >= needed ? Presence(microphone: index, valid: valid) : nil
        }
    }

    /// The sound of a piece, `[D, L]`, and where it is one: nil where everywhere.
    private func sound(of present: [Presence], _ samples: Range<Int>) throws -> (x: Tensor, valid: Tensor?) {
        var channels: [Tensor] = []
        var read: [Int: [[Float]]] = [:]
        for presence in present {
            let microphone = microphones[presence.microphone]
            if read[microphone.recording] == nil {
                read[microphone.recording] = try readers[microphone.recording]?.samples(samples)
            }
            channels.append(Tensor(read[microphone.recording]?[microphone.channel] ?? []))
        }
        let isWhole = present.allSatisfy { $0.valid == [samples] }
        return (stacked(channels), isWhole ? nil : stacked(present.map { mask($0.valid, samples) }))
    }

    private func mask(_ valid: [Range<Int>], _ samples: Range<Int>) -> Tensor {
        var flags = [Float](repeating: 0, count: samples.count)
        flags.withUnsafeMutableBufferPointer { flags in
            for range in valid {
                flags[(range.lowerBound - samples.lowerBound)..<(range.upperBound - samples.lowerBound)].update(
                    repeating: 1)
            }
        }
        return Tensor(flags)
    }

    /// The reference without its late echo, which all microphones predict together.
    private func dereverberated(_ x: Tensor, _ valid: Tensor?, _ place: Int) -> Tensor {
        let transform = SpatialChain.transform(sampleRate: rate)
        let spectra = transform.forward(x)
        let heard = valid.map { transform.validFrames($0) }
        let dry = WPE()(spectra, valid: heard, binWidth: Double(rate) / Double(transform.length))
        return transform.inverse(dry.sliced(axis: 0, from: place, to: place + 1), length: x.shape[1])
            .selected(axis: 0, index: 0)
    }
}
