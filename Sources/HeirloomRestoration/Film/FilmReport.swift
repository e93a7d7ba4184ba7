/// What became of a film.
public struct FilmReport: Sendable, Codable {
    /// The film that was read, as the user named it.
    public var input: String
    /// The film that was written.
    public var output: String
    /// Frames read, treated and written.
    public var frames: Int
    /// Columns of the output.
    public var width: Int
    /// Rows of the output.
    public var height: Int
    /// Frames that the decoder called damaged; treated and written all the same, at their time.
    public var damagedFrames: Int
    /// Sentences about damage in the source.
    public var damage: [String]
    /// Sentences worth showing: what was assumed, what the container could not hold, what was reduced.
    public var notes: [String]
    /// Seconds from the first frame to the closed file.
    public var seconds: Double
    /// Frames per second over that time.
    public var framesPerSecond: Double { seconds > 0 ? Double(frames) / seconds : 0 }
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
    /// The queues "decoded" and "treated".
    public var queues: [String: QueueNumbers]

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
