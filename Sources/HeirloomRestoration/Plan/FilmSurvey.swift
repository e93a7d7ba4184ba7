public import HeirloomMedia

/// A quick look over a whole film: what it holds, where it is dark, bright and busy, and what is odd about it.
///
/// Short films are looked at frame by frame, long ones in stretches spread over their length, for a bounded time.
public struct FilmSurvey: Sendable {
    /// What the frames have in common.
    public let format: VideoFormat
    /// What the file is made of.
    public let summary: MediaSummary
    /// The packets of the picture; of a long film on a slow disk perhaps not all.
    public let packets: PacketTimeline
    /// The frames looked at, in the order of display.
    public let frames: [SurveyedFrame]
    /// Small pictures of some of them, spread over the shots, in the order of display; none where none were asked for.
    public let pictures: [SurveyedPicture]
    /// Whether every frame was looked at.
    public let isWhole: Bool
    /// Shots that began inside the stretches, the first of each not counted.
    public let cuts: Int
    /// Whether the film is interlaced and its frames will be computed from their fields.
    public let isDeinterlaced: Bool
    /// Damage in the stretches that were decoded.
    public let damage: DamageReport
    /// What a reader assumes or changes.
    public let readerNotes: [String]

    /// How many frames the film has: counted where the file could be read through, else as far as it tells.
    public var frameCount: Int {
        if packets.isWhole { return max(packets.packets.count, 1) }
        if let stated = summary.film?.frameCount { return stated }
        let rate = format.frameRate?.doubleValue ?? 25
        return max(packets.packets.count, Int((seconds * rate).rounded()), 1)
    }

    /// How long the film is, in seconds.
    public var seconds: Double {
        if let duration = (summary.film?.duration ?? summary.duration)?.seconds, duration > 0 { return duration }
        let times = packets.packets.compactMap(\.pts)
        guard let first = times.first, let last = times.last, last > first else { return frames.count > 1 ? 1 : 0 }
        return MediaTime(last - first, packets.timeBase).seconds
    }

    /// Cuts in a minute of what was looked at; nil where that was less than five seconds.
    public var cutsPerMinute: Double? {
        let seen = secondsLookedAt
        return seen < 5 ? nil : Double(cuts) / seen * 60
    }

    /// How much of the film was looked at, in seconds.
    public var secondsLookedAt: Double {
        var total = 0.0
        for (one, next) in zip(frames, frames.dropFirst()) where one.stretch == next.stretch {
            total += (next.time - one.time).seconds
        }
        return total
    }

    /// The film's other streams of a kind.
    public func streams(_ kind: StreamSummary.Kind) -> [StreamSummary] {
        summary.streams.filter { $0.kind == kind && $0.index != summary.filmIndex }
    }

    /// Bytes of the streams that a result takes over as they are: what was counted, stretched to the film's length where
    /// the file was not read to its end.
    public var copiedBytes: Int { Int(Double(packets.otherBytes.values.reduce(0, +)) * unread) }

    /// Bytes of the picture, stretched in the same way.
    var pictureBytes: Int { Int(Double(packets.byteCount) * unread) }

    /// How many times longer the film is than what was read of its packets.
    private var unread: Double {
        guard !packets.isWhole, let last = packets.packets.last(where: { $0.pts != nil })?.pts else { return 1 }
        let read = (MediaTime(last, packets.timeBase) - packets.start).seconds
        return read > 1 ? max(1, seconds / read) : 1
    }
}
