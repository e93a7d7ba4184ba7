import HeirloomMedia

/// From how far back the colours of a segment follow.
extension Colorizer {
    /// Seconds before a segment whose colours have an effect in it.
    private static let memorySeconds = 2.0
    /// The frames that may be, however fast the film runs.
    private static let memories = 16...256

    /// Frames before a segment whose colours have an effect in it.
    static func memory(frameRate: Rational?) -> Int {
        let rate = frameRate.map(\.doubleValue) ?? 24
        guard rate.isFinite, rate > 0 else { return memory(frameRate: nil) }
        let frames = min(memorySeconds * rate, Double(memories.upperBound))
        return max(memories.lowerBound, Int(frames.rounded(.up)))
    }

    /// Frames that the network computes as one.
    var group: Int { network.predictor.group(of: batch, height: size.paddedHeight, width: size.paddedWidth) }

    /// Frames whose cuts and exposure are not yet decided as in the whole film, then one block of motion that may have
    /// begun among them, then the memory of the temporal filter; none without steadying.
    public var runIn: StageRunIn {
        guard stabilizes else { return StageRunIn(grain: group) }
        return StageRunIn(
            frames: ShotWatch.span + smoother.block + smoother.memory,
            grain: StageRunIn.commonMultiple(group, StageRunIn.commonMultiple(ShotWatch.span, smoother.block)))
    }

    /// Begins the temporal filter anew before each segment.
    public mutating func divide(every frames: Int) {
        precondition(
            frames > 0 && frames % runIn.grain == 0,
            "segments of \(frames) frames, where colours come in groups of \(runIn.grain)")
        if stabilizes { smoother.segment = frames }
    }
}
