/// What became of a film.
public struct FilmReport: Sendable, Codable {
    /// The film that was read, as the user named it.
    public var input: String
    /// The film that was written.
    public var output: String
    /// Frames read, treated and written.
    public var frames: Int
    /// Frames that an earlier, interrupted run had finished; among ``frames``.
    public var resumedFrames: Int
    /// Segments in which the film was made.
    public var segments: Int
    /// Segments that an earlier run had finished; among ``segments``.
    public var resumedSegments: Int
    /// The share that was done; nil for the whole film.
    public var shard: Shard?
    /// Columns of the output.
    public var width: Int
    /// Rows of the output.
    public var height: Int
    /// Frames that the decoder called damaged; treated and written all the same, at their time.
    public var damagedFrames: Int
    /// Numbers of the damaged frames, counted from 0.
    public var damagedFrameNumbers: [Int]
    /// Numbers of frames that could not be treated and were passed on as plainly as possible; only with
    /// `FilmSettings.keepGoing`.
    public var untreatedFrameNumbers: [Int]
    /// Sentences about damage in the source.
    public var damage: [String]
    /// Sentences worth showing: what was assumed, what the container could not hold, what was reduced.
    public var notes: [String]
    /// Seconds of this run from the first frame to the closed file.
    public var seconds: Double
    /// Frames of this run per second over that time.
    public var framesPerSecond: Double { seconds > 0 ? Double(frames - resumedFrames) / seconds : 0 }
    /// Seconds inside the bare network.
    public var networkSeconds: Double
    /// Seconds of the infer thread by step.
    public var stepSeconds: [String: Double]
    /// The shots found; empty where the colours were not steadied.
    public var shots: [Shot]
    /// Columns of what the network saw.
    public var renderWidth: Int
    /// Rows of what the network saw.
    public var renderHeight: Int
    /// Frames per call of the network.
    public var batch: Int
    /// The number type that the network computed in.
    public var precision: String
    /// The device that the network computed on.
    public var device: String
    /// The queues "decoded" and "treated", of this run.
    public var queues: [String: QueueNumbers]
    /// What was done, with every setting.
    public var job: JobDescription
    /// What the source was recognised by.
    public var source: SourceIdentity
    /// The weights by name, with their SHA-256.
    public var weights: [String: String]
    /// The libraries that the result hangs on, with their versions.
    public var libraries: [String: String]

    /// A few lines for a person.
    public var summary: String {
        var lines = [
            "\(output): \(frames) frames in \(Self.rounded(seconds)) s (\(Self.rounded(framesPerSecond)) a second)"
        ]
        if renderWidth > 0 {
            lines.append("  seen by the network at \(renderWidth)×\(renderHeight), \(precision) on \(device)")
        }
        if !shots.isEmpty { lines.append("  \(shots.count) shot\(shots.count == 1 ? "" : "s")") }
        return (lines + (damage + notes).map { "  " + $0 }).joined(separator: "\n")
    }

    private static func rounded(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
