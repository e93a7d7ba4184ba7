import HeirloomWorkers

/// How fast a film is coloured, beside the bare network on the same machine in the same run.
public struct FilmBenchmarkResult: Sendable, Codable {
    /// Frames of the film.
    public var frames: Int
    /// Columns and rows of the film: "640×480".
    public var film: String
    /// Columns and rows that the network computed, with its margin.
    public var network: String
    /// Frames per call of the network.
    public var batch: Int
    /// The number type, the device and the threads: "bfloat16 on cpu, 1 CPU threads".
    public var computing: String
    /// Frames per second of the whole pipeline: decode, colour, encode.
    public var pipelineFramesPerSecond: Double
    /// Frames per second of the bare network on one CPU thread at the same size and batch, the mean of before and after.
    public var oneThreadFramesPerSecond: Double
    /// The same on all CPU threads: what the machine could do if decoding, steadying and encoding cost nothing. On a GPU
    /// both are the same.
    public var allThreadsFramesPerSecond: Double
    /// The pipeline beside the network on one thread.
    public var oneThreadRatio: Double { pipelineFramesPerSecond / oneThreadFramesPerSecond }
    /// The pipeline beside the network on all threads.
    public var allThreadsRatio: Double { pipelineFramesPerSecond / allThreadsFramesPerSecond }
    /// Milliseconds per frame of each step on the thread of the network.
    public var stepMilliseconds: [String: Double]
    /// Milliseconds per frame that the thread of the network waited: for decoded frames, and for room before the encoder.
    public var waitMilliseconds: [String: Double]
    /// Physical memory of the process at the end, in bytes; nil where the system does not tell.
    public var residentBytes: Int?

    /// A few lines for a person.
    public var summary: String {
        func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
        let steps = (stepMilliseconds.sorted { $0.key < $1.key } + waitMilliseconds.sorted { $0.key < $1.key })
            .map { "  \($0.key): \(rounded($0.value)) ms a frame" }
        return
            ([
                "film \(film), \(frames) frames; network \(network), batch \(batch), \(computing)",
                "pipeline \(rounded(pipelineFramesPerSecond)) frames/s",
                "bare network on one thread \(rounded(oneThreadFramesPerSecond)) frames/s, ratio \(rounded(oneThreadRatio))",
                "bare network on all threads \(rounded(allThreadsFramesPerSecond)) frames/s, ratio \(rounded(allThreadsRatio))",
            ] + steps).joined(separator: "\n")
    }
}

extension FilmBenchmarkResult {
    /// The figures of a job and of the network alone, measured before and after it.
    init(
        _ report: FilmReport, film: String, network: String, threads: Int?, bare: [FilmBenchmark.BareSeconds]
    ) {
        func milliseconds(_ seconds: Double?) -> Double { (seconds ?? 0) * 1000 / Double(report.frames) }
        let count = Double(bare.count)
        self.init(
            frames: report.frames, film: film, network: network, batch: report.batch,
            computing: "\(report.precision) on \(report.device), \(threads.map(String.init) ?? "all") CPU threads",
            pipelineFramesPerSecond: report.framesPerSecond,
            oneThreadFramesPerSecond: count / bare.reduce(0) { $0 + $1.oneThread },
            allThreadsFramesPerSecond: count / bare.reduce(0) { $0 + $1.allThreads },
            stepMilliseconds: report.stepSeconds.mapValues { milliseconds($0) },
            waitMilliseconds: [
                "wait for the decoder": milliseconds(report.queues["decoded"]?.popWaitSeconds),
                "wait for the encoder": milliseconds(report.queues["treated"]?.pushWaitSeconds),
            ],
            residentBytes: ProcessMemory.residentBytes)
    }
}
