import HeirloomSignals

/// Where a recording holds music, which a network for speech would spoil: it is left there as it was.
struct KeptMusic {
    /// Shorter music is taken for a jingle of the voice, in seconds.
    static let shortest = 6.0
    /// Seconds over which cleaned and kept sound fade into each other.
    static let fade = 0.5

    /// Stretches in seconds, in order.
    let ranges: [Range<Double>]
    /// Whether most of what is heard is music.
    let isAll: Bool

    /// Nothing is kept.
    static let none = KeptMusic(ranges: [], isAll: false)

    private init(ranges: [Range<Double>], isAll: Bool) {
        self.ranges = ranges
        self.isAll = isAll
    }

    /// Listens to a recording.
    init(_ track: AnalysisTrack, check: () throws -> Void) throws {
        var ear = SpeechOrMusic(sampleRate: AnalysisTrack.sampleRate)
        let step = 30 * AnalysisTrack.sampleRate
        var start = 0
        while start < track.sampleCount {
            try check()
            let count = min(step, track.sampleCount - start)
            ear.add(channel: try track.samples(from: start, count: count))
            start += count
        }
        let report = ear.finish()
        isAll = report.kind == .music
        let rate = Double(AnalysisTrack.sampleRate)
        var found: [Range<Double>] = []
        for segment in report.segments where segment.kind == .music {
            let (begin, end) = (Double(segment.start) / rate, Double(segment.start + segment.count) / rate)
            if let last = found.last, last.upperBound >= begin - 0.01 {
                found[found.count - 1] = last.lowerBound..<end
            } else {
                found.append(begin..<end)
            }
        }
        ranges = found.filter { $0.upperBound - $0.lowerBound >= Self.shortest }
    }

    /// How much of the kept sound there is at a time, 0...1.
    func share(at time: Double) -> Float {
        var share = 0.0
        for range in ranges {
            let inside = min(time - range.lowerBound, range.upperBound - time)
            share = max(share, min(1, max(0, inside / Self.fade + 0.5)))
        }
        return Float(share)
    }

    /// Cleaned sound with the music as it was.
    ///
    /// - Parameters:
    ///   - time: where the first sample lies, in seconds of the recording.
    ///   - rate: samples per second.
    func mixed(_ cleaned: [[Float]], _ original: [[Float]], at time: Double, rate: Int) -> [[Float]] {
        let end = time + Double(cleaned[0].count) / Double(rate)
        guard ranges.contains(where: { $0.lowerBound - 1 < end && $0.upperBound + 1 > time }) else { return cleaned }
        let shares = cleaned[0].indices.map { share(at: time + Double($0) / Double(rate)) }
        return zip(cleaned, original).map { clean, kept in
            clean.indices.map { shares[$0] * kept[$0] + (1 - shares[$0]) * clean[$0] }
        }
    }
}
