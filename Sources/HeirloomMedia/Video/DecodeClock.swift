/// Makes decoding times for the packets of a whole film from their times of display.
///
/// What an encoder makes for each segment by itself can run backwards from one to the next where frames come unevenly.
/// Here a packet is decoded when the frame is shown that lies as many frames before it as the coding reorders: the rule
/// that x264 and x265 follow within a run.
struct DecodeClock {
    private let depth: Int
    private var first: (pts: Int64, step: Int64)?
    private var count = 0
    private var last: Int64?
    /// Times of display that no packet is decoded at yet, increasing; never more than `depth`.
    private var ahead: [Int64] = []

    /// - Parameter depth: how many frames later than they are decoded the earliest are shown.
    init(depth: Int) {
        self.depth = depth
    }

    /// The decoding time of the next packet in the order of decoding; nil where the packets are no whole film in that
    /// order, so that the time would not increase or would come behind that of display.
    ///
    /// - Parameter duration: how long the packet's frame is shown.
    mutating func time(pts: Int64, duration: Int64) -> Int64? {
        let first = self.first ?? (pts, max(duration, 1))
        self.first = first
        let place = ahead.firstIndex { $0 > pts } ?? ahead.endIndex
        ahead.insert(pts, at: place)
        let time = count < depth ? first.pts - Int64(depth - count) * first.step : ahead.removeFirst()
        defer {
            count += 1
            last = time
        }
        return time <= pts && last.map { time > $0 } ?? true ? time : nil
    }
}
