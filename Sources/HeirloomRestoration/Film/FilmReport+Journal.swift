import HeirloomMedia

extension FilmReport {
    /// What a journal tells of a film; what only a run knows is empty.
    ///
    /// - Parameter resumed: numbers of the segments that an earlier run had finished.
    init(
        _ job: JobDescription, _ record: JobRecord, _ segments: [SegmentRecord], _ end: FilmEnd?, resumed: Set<Int>
    ) {
        let counts = segments.map(\.summary.frames.count)
        let last = segments.last.map { $0.firstFrame + $0.summary.frames.count } ?? 0
        self.init(
            input: job.input, output: job.output, frames: counts.reduce(0, +),
            resumedFrames: zip(segments, counts).filter { resumed.contains($0.0.number) }.map(\.1).reduce(0, +),
            segments: segments.count, resumedSegments: segments.count { resumed.contains($0.number) },
            shard: job.film.shard, width: record.format.width, height: record.format.height,
            damagedFrames: segments.map(\.damaged.count).reduce(0, +),
            damagedFrameNumbers: segments.flatMap(\.damaged), untreatedFrameNumbers: segments.flatMap(\.untreated),
            damage: end?.damage.sentences ?? [], notes: record.notes, seconds: 0, networkSeconds: 0, stepSeconds: [:],
            shots: Self.shots(segments.flatMap(\.shots), end: last), renderWidth: 0, renderHeight: 0,
            batch: record.choices.batch, precision: record.choices.precision, device: record.choices.device,
            queues: [:], job: job, source: record.source, weights: record.weights, libraries: record.libraries)
        guard !untreatedFrameNumbers.isEmpty else { return }
        let numbers = untreatedFrameNumbers.prefix(20).map(String.init).joined(separator: ", ")
        let more = untreatedFrameNumbers.count > 20 ? ", …" : ""
        let what = untreatedFrameNumbers.count == 1 ? "1 frame" : "\(untreatedFrameNumbers.count) frames"
        notes.append("\(what) could not be treated and went on untreated: \(numbers)\(more).")
    }

    /// What a finished film itself tells, where the journal has gone.
    init(finished job: JobDescription) throws {
        let film = try VideoReader(path: job.output)
        self.init(
            input: job.input, output: job.output, frames: film.estimatedFrameCount ?? 0, resumedFrames: 0, segments: 0,
            resumedSegments: 0, shard: nil, width: film.format.width, height: film.format.height, damagedFrames: 0,
            damagedFrameNumbers: [], untreatedFrameNumbers: [], damage: [],
            notes: ["The film was finished by an earlier run; only its empty folder was left, and is gone now."],
            seconds: 0, networkSeconds: 0, stepSeconds: [:], shots: [], renderWidth: 0, renderHeight: 0, batch: 0,
            precision: "", device: "", queues: [:], job: job, source: try SourceIdentity(path: job.input), weights: [:],
            libraries: [:])
    }

    /// Every shot lasts to the next.
    private static func shots(_ shots: [Shot], end: Int) -> [Shot] {
        var shots = shots.sorted { $0.firstFrame < $1.firstFrame }
        for index in shots.indices {
            let next = index + 1 < shots.count ? shots[index + 1].firstFrame : end
            shots[index].frameCount = next - shots[index].firstFrame
        }
        return shots
    }

    /// Takes over what the stage told of this run.
    mutating func take(_ summary: StageSummary) {
        networkSeconds = summary.networkSeconds
        stepSeconds = summary.stepSeconds
        renderWidth = summary.renderWidth
        renderHeight = summary.renderHeight
        batch = summary.batch
        precision = summary.precision
        device = summary.device
    }
}
