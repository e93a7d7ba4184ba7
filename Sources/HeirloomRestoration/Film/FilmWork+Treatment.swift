import Foundation
import HeirloomMedia
import HeirloomWorkers

/// What the treatment of this run told.
struct TreatmentOutcome: Sendable {
    var summary: StageSummary?
    var queues: [String: QueueNumbers] = [:]

    /// Adds what another stretch told.
    mutating func add(_ other: TreatmentOutcome) {
        queues.merge(other.queues) { $0.joined(with: $1) }
        guard let next = other.summary else { return }
        guard var sum = summary else {
            summary = next
            return
        }
        sum.notes += next.notes.filter { !sum.notes.contains($0) }
        sum.networkSeconds += next.networkSeconds
        sum.stepSeconds.merge(next.stepSeconds, uniquingKeysWith: +)
        summary = sum
    }
}

extension FilmWork {
    /// Treats every segment that is not finished; on several devices side by side where the settings name them.
    func treatMissing(_ source: SourceIdentity) async throws -> TreatmentOutcome {
        guard !journal.missing().isEmpty else { return TreatmentOutcome() }
        let first = try await crew(0)
        let record = try await begun(source, first)
        let meter = ProgressMeter(
            unit: "frames", total: journal.expectedFrames, completed: journal.keptFrames)
        monitor.show(meter)
        let parts = FilmParts.divided(journal.missing(), record, among: max(1, settings.devices.count))
        // One that fails stops the others.
        let stop = CancellationFlag()
        let registration = flag.onCancel { stop.cancel() }
        defer { withExtendedLifetime(registration) {} }
        return try await withThrowingTaskGroup(of: TreatmentOutcome.self) { group in
            for (index, part) in parts.enumerated() {
                group.addTask {
                    do {
                        return try await treat(
                            part, device: index, index == 0 ? first : nil, record, source, meter, stop)
                    } catch {
                        stop.cancel()
                        throw error
                    }
                }
            }
            var outcome = TreatmentOutcome()
            var failure: (any Error)?
            while let result = await group.nextResult() {
                switch result {
                case .success(let part): outcome.add(part)
                case .failure(let error):
                    // The others were stopped on account of the first.
                    if failure == nil || failure is CancellationError { failure = error }
                }
            }
            if let failure { throw failure }
            return outcome
        }
    }

    private func treat(
        _ runs: [(first: Int, end: Int?)], device: Int, _ first: FilmCrew?, _ record: JobRecord,
        _ source: SourceIdentity, _ meter: ProgressMeter, _ stop: CancellationFlag
    ) async throws -> TreatmentOutcome {
        var outcome = TreatmentOutcome()
        var ready = first
        var pending = runs
        var untreatable: Set<Int> = []
        while let run = pending.first {
            try stop.check()
            let crew: FilmCrew
            if let made = ready {
                crew = made
                ready = nil
            } else {
                crew = try await self.crew(device)
                try refuse(JobDifferences.clauses(record, self.record(crew, record.source, [:])))
            }
            do {
                outcome.add(try await treat(run, crew, record, source, meter, stop, untreatable))
                pending.removeFirst()
            } catch let error as RestorationError {
                // Once more from the last finished segment, without that frame; one that still fails is not to blame.
                guard settings.keepGoing, let frame = error.frame, untreatable.insert(frame).inserted else {
                    throw error
                }
                monitor.tell("\(error.description) The frame is passed on as it is.")
                pending = FilmParts.common(pending, journal.missing())
            }
        }
        return outcome
    }

    /// The threads for one stretch on one of the devices.
    private func crew(_ device: Int) async throws -> FilmCrew {
        var description = job.description
        if let choices = journal.record?.choices { description = description.settled(by: choices) }
        if settings.devices.indices.contains(device) { description = description.on(settings.devices[device]) }
        return try await FilmCrew(job, as: description, flag)
    }

    /// The record of the job: written now where it begins, compared where it goes on.
    private func begun(_ source: SourceIdentity, _ crew: FilmCrew) async throws -> JobRecord {
        let keeper = try await Worker(name: "journal") { self }
        return try await keeper.run { work in
            try VideoWriter.check(
                path: work.job.output, encoding: work.settings.encoding, inputs: [work.job.input], overwrite: true,
                size: (crew.output.width, crew.output.height))
            let now = work.record(crew, source, try work.job.description.weights(for: crew.film.format))
            guard let record = work.journal.record else {
                try work.journal.begin(now)
                return now
            }
            try work.refuse(
                JobDifferences.clauses("the weights file ", record.weights, now.weights, shortened: true)
                    + JobDifferences.clauses(record, now))
            return record
        }
    }

    private func record(_ crew: FilmCrew, _ source: SourceIdentity, _ weights: [String: String]) -> JobRecord {
        let format = crew.film.format
        let rate = min(max(format.frameRate?.doubleValue ?? 25, 1), 240)
        let length = crew.runIn.segment(
            near: settings.segmentFrames ?? max(1, Int((rate * job.description.segmentSeconds).rounded())))
        var description = job.description
        description.input = Self.absolute(job.input)
        description.output = Self.absolute(job.output)
        var share: (first: Int, end: Int?) = (0, nil)
        if let shard = settings.shard {
            share = shard.segments(ofFilmWith: crew.film.estimatedFrameCount ?? 0, each: length)
        }
        return JobRecord(
            description: description, source: source, weights: weights, libraries: JobDescription.libraries(),
            segmentFrames: length, firstSegment: share.first, endSegment: share.end,
            estimatedFrames: crew.film.estimatedFrameCount,
            encoderThreads: settings.encoderThreads ?? Self.encoderThreads(for: crew.output), sourceFormat: format,
            format: crew.output, videoStream: crew.film.copySource.videoStreamIndex,
            stretch: crew.film.copySource.stretch, choices: crew.choices,
            notes: crew.film.notes)
    }

    /// As many threads as keep an encoder of pictures of a size ahead of the network; never by the machine, because the
    /// bytes hang on it.
    static func encoderThreads(for format: VideoFormat) -> Int {
        switch format.width * format.height {
        case ..<500_000: 4
        case ..<3_000_000: 8
        default: 12
        }
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    /// One stretch: four threads side by side.
    private func treat(
        _ run: (first: Int, end: Int?), _ crew: FilmCrew, _ record: JobRecord, _ source: SourceIdentity,
        _ meter: ProgressMeter, _ stop: CancellationFlag, _ untreatable: Set<Int>
    ) async throws -> TreatmentOutcome {
        let line = FilmLine(
            decoded: queue { $0.byteCount }, treated: queue { $0.byteCount },
            closing: ByteQueue(byteLimit: 1, countLimit: 1) { _ in 0 },
            stretch: FilmStretch(segments: run, segmentFrames: record.segmentFrames, runIn: crew.runIn),
            facts: SegmentFacts(), untreatable: untreatable, output: record.format, flag: stop, meter: meter)
        let preparation = await crew.treatment.run { stage in
            stage.divide(every: record.segmentFrames)
            return stage.overlapped.preparation
        }
        let encoder = try await Worker(name: "encode") { [journal] in SegmentSink(journal, record) }
        let closer = try await Worker(name: "close") { [journal, job] in
            SegmentCloser(journal: journal, source: source, input: job.input)
        }
        let registration = stop.onCancel { line.cancel() }
        defer { withExtendedLifetime(registration) {} }
        do {
            async let decoding = crew.decoder.run { try line.decode($0, preparation) }
            async let treating: FrameLedger = crew.treatment.run { try line.treat(&$0) }
            async let encoding: Void = encoder.run { try line.encode($0, as: record.format) }
            async let closing: Void = closer.run { try line.close($0) }
            let (frames, _, _, _) = try await (decoding, treating, encoding, closing)
            try stop.check()
            if let frames {
                try await finish(frames, crew, closer)
                meter.setTotal(journal.expectedFrames)
            }
            let summary = await crew.treatment.run { $0.summary }
            await crew.treatment.end()
            return TreatmentOutcome(
                summary: summary,
                queues: [
                    "decoded": QueueNumbers(line.decoded.statistics), "treated": QueueNumbers(line.treated.statistics),
                ])
        } catch {
            await crew.treatment.end()
            throw error
        }
    }

    /// The film's end was reached.
    private func finish(_ frames: Int, _ crew: FilmCrew, _ closer: Worker<SegmentCloser>) async throws {
        guard frames > 0 else {
            throw MediaError(
                .noVideo, "read the film", path: job.input, reason: "not one frame of it could be read",
                advice: "check that it plays")
        }
        let damage = await crew.decoder.run { $0.damage }
        try await closer.run { try $0.journal.close(FilmEnd(frames: frames, damage: damage)) }
    }

    private func queue<Element>(_ size: @escaping @Sendable (Element) -> Int) -> ByteQueue<Element> {
        ByteQueue(byteLimit: settings.queueBytes, countLimit: settings.queueFrames, size: size)
    }
}
