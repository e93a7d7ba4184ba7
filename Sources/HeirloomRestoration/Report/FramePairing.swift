import HeirloomMedia

/// Finds for each frame of a film its counterpart in another film by their timestamps, both films being read once.
struct FramePairing {
    /// What comes next in the two films.
    enum Step {
        /// A frame of the first film and its counterpart.
        case pair(VideoFrame, VideoFrame)
        /// A frame of the first film without a counterpart.
        case missing(VideoFrame)
        /// A frame of the second film without a counterpart.
        case extra(VideoFrame)
    }

    /// How much later the second film begins, in seconds.
    private(set) var startShift = 0.0
    /// The largest difference of two timestamps in a pair, beyond `startShift`, in seconds.
    private(set) var largestDifference = 0.0

    private var heads: (first: VideoFrame?, second: VideoFrame?)
    /// The moments that are laid over each other.
    private(set) var starts: (first: MediaTime, second: MediaTime)?

    /// Pairs frames by their distance from two moments.
    ///
    /// - Parameter starts: the moments that are laid over each other; nil for the first frames.
    init(starts: (first: MediaTime, second: MediaTime)? = nil) { self.starts = starts }

    /// The next step; nil when both films have ended.
    mutating func next(_ first: VideoReader, _ second: VideoReader) throws(MediaError) -> Step? {
        if heads.first == nil { heads.first = try first.next() }
        if heads.second == nil { heads.second = try second.next() }
        switch heads {
        case (nil, nil): return nil
        case (let one?, nil):
            heads.first = nil
            return .missing(one)
        case (nil, let other?):
            heads.second = nil
            return .extra(other)
        case (let one?, let other?): return step(one, other)
        }
    }

    private mutating func step(_ one: VideoFrame, _ other: VideoFrame) -> Step {
        let starts = starts ?? (one.pts, other.pts)
        if self.starts == nil {
            self.starts = starts
            startShift = (starts.second - starts.first).seconds
        }
        let late = ((other.pts - starts.second) - (one.pts - starts.first)).seconds
        // Half a frame is the middle to the neighbour; containers that count milliseconds round by half of one.
        let tolerance = max(min(one.duration.seconds, other.duration.seconds) / 2, 0.001)
        if late > tolerance {
            heads.first = nil
            return .missing(one)
        }
        if late < -tolerance {
            heads.second = nil
            return .extra(other)
        }
        largestDifference = max(largestDifference, abs(late))
        heads = (nil, nil)
        return .pair(one, other)
    }
}
