/// Makes the timestamps of decoded pictures increase strictly and supplies the length of the last one.
final class FrameTiming {
    /// Timestamps that were made up.
    private(set) var repaired = 0
    /// Frames that would fit into the gaps of a film whose frames come evenly.
    private(set) var missing = 0
    private let nominalDuration: Int64?
    private let ticksPerSecond: Int64
    private var offset: Int64 = 0
    private var last: Int64?
    private var lastDuration: Int64 = 0

    /// - Parameters:
    ///   - nominalDuration: the length of a frame by the frame rate, in ticks; nil where unknown.
    ///   - timeBase: the tick.
    init(nominalDuration: Int64?, timeBase: Rational) {
        self.nominalDuration = nominalDuration
        ticksPerSecond = MediaTime(seconds: 1).rescaled(to: timeBase).value
    }

    /// Repairs the timestamp of a picture where it is missing or not behind the one before.
    ///
    /// A jump back of more than a second is where two recordings were joined (tapes, discs): what follows is moved
    /// behind the last picture, once, and keeps its own distances.
    func stamp(_ picture: inout FrameSource.Picture) {
        let expected = last.map { $0 + max(1, lastDuration) } ?? 0
        if picture.hasTimestamp {
            picture.pts += offset
            if let last, picture.pts < last - ticksPerSecond {
                offset += expected - picture.pts
                picture.pts = expected
                repaired += 1
            } else if let last, picture.pts <= last {
                picture.pts = last + 1
                repaired += 1
            }
        } else {
            picture.pts = expected
            repaired += 1
        }
        last = picture.pts
        lastDuration = duration(of: picture)
    }

    /// The length of a picture by itself: the packet's, else the frame rate's, else that of the picture before.
    func duration(of picture: FrameSource.Picture) -> Int64 {
        if picture.packetDuration > 0 { return picture.packetDuration }
        return nominalDuration ?? lastDuration
    }

    /// Counts the frames that are missing between two frames that lie `ticks` apart.
    func countGap(_ ticks: Int64, isEven: Bool) {
        guard isEven, let nominalDuration, ticks > nominalDuration else { return }
        let frames = (Double(ticks) / Double(nominalDuration)).rounded()
        missing += Int(frames) - 1
    }

    /// Pictures before a piece do not count.
    func forgetRepairs(before picture: FrameSource.Picture) {
        repaired = picture.hasTimestamp ? 0 : min(repaired, 1)
    }
}
