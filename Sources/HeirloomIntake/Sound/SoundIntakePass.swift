import Foundation
import HeirloomDatasets
import HeirloomMedia
import HeirloomWorkers

/// One pass over a collection of recordings: find, read, judge, hand on. What ``SoundDoctor`` and ``SoundPacker`` share.
struct SoundIntakePass: Sendable {
    /// A clip that is used.
    struct Clip {
        let samples: [Int16], sampleRate: Int
        let name: String, family: String
        let source: PackedMetadata.Source
    }

    let inputs: [String]
    let options: SoundIntakeOptions
    let shouldStop: @Sendable () -> Bool
    let progress: @Sendable (_ completed: Int, _ total: Int) -> Void

    /// Runs the pass on the calling thread; `use` gets the clips in order.
    func run(_ use: (Clip) throws -> Void) throws -> SoundReport {
        let search = try PictureSearch(inputs, for: .recordings, shouldStop: shouldStop)
        var report = SoundReport()
        report.leftOut = search.leftOut.map {
            .init(path: $0.path, reason: $0.reason == .archive ? .archive : .closedFolder, detail: $0.detail)
        }
        report.otherFiles = search.otherFiles
        report.notes = search.notes
        guard !search.pictures.isEmpty else {
            throw MediaError(
                .noSound, PictureSearch.operation(.recordings), path: inputs.first ?? "",
                reason: "there is no recording in it (\(search.otherFiles) other files)",
                advice: "recordings are files that end in .wav, .flac, .ogg, .opus, .mp3, .m4a and the like")
        }
        var screening = SoundScreening(options)
        progress(0, search.pictures.count)
        for (index, file) in search.pictures.enumerated() {
            if shouldStop() { throw CancellationError() }
            try take(file, &screening, &report, use)
            progress(index + 1, search.pictures.count)
        }
        return report
    }

    /// Runs the pass on a thread of its own: it blocks, and the cooperative pool must not.
    func runAlone<R: Sendable>(_ body: @Sendable (SoundIntakePass) throws -> R) async throws -> R {
        let flag = CancellationFlag()
        let asked = shouldStop
        let pass = SoundIntakePass(
            inputs: inputs, options: options, shouldStop: { flag.isCancelled || asked() }, progress: progress)
        return try await withTaskCancellationHandler {
            let worker = try await Worker(name: "sound intake") { pass }
            return try await worker.run { try body($0) }
        } onCancel: {
            flag.cancel()
        }
    }

    private func take(
        _ file: PictureFile, _ screening: inout SoundScreening, _ report: inout SoundReport,
        _ use: (Clip) throws -> Void
    ) throws {
        let family = file.group ?? PictureSearch.split(PictureSearch.split(file.path).folder).name
        var faults: [SoundScreening.Fault] = []
        var (clips, pieces) = (0, 0)
        do {
            let reader = try AudioReader(contentsOf: URL(filePath: file.path))
            let rate = reader.info.sampleRate
            while let piece = try Self.piece(of: reader, seconds: options.longestClip) {
                if shouldStop() { throw CancellationError() }
                // What is left at the end of a long recording may be too short for anything.
                if pieces > 0 && Double(piece.count) < options.leastLength * Double(rate) { break }
                pieces += 1
                if let fault = screening.fault(ofOriginal: piece, sampleRate: rate) {
                    faults.append(fault)
                    continue
                }
                for target in options.sampleRates
                where Double(target) <= 1.1 * Double(rate) || target == options.sampleRates[0] {
                    let samples = try Self.resampled(piece, from: rate, to: target)
                    if let fault = screening.fault(of: samples, sampleRate: target) {
                        faults.append(fault)
                    } else if let kept = screening.kept(samples, sampleRate: target) {
                        let clip = Clip(
                            samples: kept, sampleRate: target, name: file.name, family: family, source: file.source)
                        try use(clip)
                        report.count(clip, isFirst: target == options.sampleRates[0])
                        clips += 1
                    } else {
                        faults.append((.duplicate, "the same sound came before"))
                    }
                }
            }
        } catch let error as MediaError {
            faults.insert((.broken, error.reason), at: 0)
        }
        if clips > 0 {
            report.usable += 1
            if pieces > 1, let fault = faults.first {
                report.notes.append(
                    "Of '\(file.path)' \(faults.count) pieces are not used; the first: \(fault.detail).")
            }
        } else {
            let fault = faults.first ?? (.tooShort, "there is no sound in it")
            report.leftOut.append(.init(path: file.path, reason: fault.reason, detail: fault.detail))
        }
    }

    /// The next piece of a recording, its channels mixed to one; nil at the end.
    private static func piece(of reader: AudioReader, seconds: Double) throws -> [Float]? {
        let wanted = Int(seconds * Double(reader.info.sampleRate))
        var samples: [Float] = []
        while samples.count < wanted, let chunk = try reader.read(min(wanted - samples.count, 1 << 16)) {
            guard var mixed = chunk.channels.first else { continue }
            for channel in chunk.channels.dropFirst() { for place in mixed.indices { mixed[place] += channel[place] } }
            let scale = 1 / Float(chunk.channels.count)
            samples += chunk.channels.count == 1 ? mixed : mixed.map { $0 * scale }
        }
        return samples.isEmpty ? nil : samples
    }

    private static func resampled(_ samples: [Float], from: Int, to: Int) throws -> [Float] {
        guard from != to else { return samples }
        let resampler = try AudioResampler(from: from, to: to, channelCount: 1)
        return try resampler.process([samples])[0] + resampler.finish()[0]
    }
}

extension SoundReport {
    fileprivate mutating func count(_ clip: SoundIntakePass.Clip, isFirst: Bool) {
        clips += 1
        if let index = sources.firstIndex(where: { $0.name == clip.source.name && $0.licence == clip.source.licence }) {
            sources[index].count += 1
        } else {
            sources.append(.init(name: clip.source.name, licence: clip.source.licence, count: 1))
        }
        guard isFirst else { return }
        let length = Double(clip.samples.count) / Double(clip.sampleRate)
        seconds += length
        families[clip.family, default: 0] += length
    }
}
