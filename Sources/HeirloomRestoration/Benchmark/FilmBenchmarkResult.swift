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
    /// Frames per second of the bare network at the same size and batch, one call after the other on all its threads, the
    /// mean of before and after.
    public var networkFramesPerSecond: Double
    /// Frames per second of the network side by side on all threads, as the pipeline calls it, with nothing beside it:
    /// what the machine could do if decoding and encoding cost nothing.
    public var sideBySideFramesPerSecond: Double
    /// The first over the second.
    public var ratio: Double { pipelineFramesPerSecond / networkFramesPerSecond }
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
                "pipeline \(rounded(pipelineFramesPerSecond)) frames/s, bare network \(rounded(networkFramesPerSecond)) frames/s,"
                    + " ratio \(rounded(ratio))",
                "network on all threads side by side, with no film around it: \(rounded(sideBySideFramesPerSecond)) frames/s",
            ] + steps).joined(separator: "\n")
    }
}
