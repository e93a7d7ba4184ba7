import HeirloomMedia

/// Where the frames of a trial come from.
enum TrialSource: Sendable {
    /// A piece of the film.
    case film(from: MediaTime, limit: MediaTime)
    /// What an earlier trial gave, and what those frames have in common.
    case frames([VideoFrame], VideoFormat)
}

/// Gives the frames of a trial, one after the other.
enum TrialReader {
    case film(VideoReader)
    case frames(ArraySlice<VideoFrame>, VideoFormat)

    /// Opens a source.
    init(_ source: TrialSource, path: String, options: VideoReaderOptions) throws {
        switch source {
        case .film(let from, let limit):
            var options = options
            options.from = from
            options.limit = limit
            // The telling frame is known by its time in the file.
            options.speed = nil
            self = .film(try VideoReader(path: path, options: options))
        case .frames(let frames, let format): self = .frames(frames[...], format)
        }
    }

    var format: VideoFormat {
        switch self {
        case .film(let reader): reader.format
        case .frames(_, let format): format
        }
    }

    mutating func next() throws -> VideoFrame? {
        switch self {
        case .film(let reader): return try reader.next()
        case .frames(var frames, let format):
            let first = frames.popFirst()
            self = .frames(frames, format)
            return first
        }
    }
}

/// Takes the frames of a trial.
enum TrialWriter {
    /// The most that is kept for a second treatment, in bytes.
    static let keptBytes = 256 << 20

    /// Encodes them.
    case segment(SegmentWriter)
    /// Keeps those from a moment on.
    case memory([VideoFrame], from: MediaTime, byteCount: Int)

    /// Takes a frame; what is kept of it, in bytes.
    mutating func write(_ frame: VideoFrame) throws -> Int {
        switch self {
        case .segment(let writer):
            try writer.write(frame)
            return 0
        case .memory(var frames, let from, var byteCount):
            guard frame.pts >= from, byteCount < Self.keptBytes else { return 0 }
            self = .memory([], from: from, byteCount: 0)
            frames.append(frame)
            byteCount += frame.byteCount
            self = .memory(frames, from: from, byteCount: byteCount)
            return frame.byteCount
        }
    }

    /// Closes the file, or hands over what was kept.
    func finish() throws -> [VideoFrame] {
        switch self {
        case .segment(let writer):
            _ = try writer.finish()
            return []
        case .memory(let frames, _, _): return frames
        }
    }
}
