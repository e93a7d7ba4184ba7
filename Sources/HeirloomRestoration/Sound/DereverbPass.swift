import Foundation
import HeirloomMedia
import HeirloomSignals
import HeirloomTensors

/// One recording of any length without the late echo of its room, in constant memory.
///
/// Prediction also finds a little to take from dry speech, whose vowels last. So the more there is to take, the more of it
/// is taken: nothing where it is 24 dB below the sound or less, as in studios, all of it above −19 dB, as in living rooms.
struct DereverbPass {
    /// What is predicted of the sound, in dB, below which nothing and above which all of it is taken away.
    static let echo = -24.0 ... -19.0
    /// The lowest rate that holds enough of speech, in Hz.
    static let lowestRate = 8000

    /// Samples per second.
    let rate: Int
    /// What is left as it is.
    let music: KeptMusic
    /// Where the sound begins in the recording that the music is in, in seconds.
    let origin: Double

    /// Takes the late echo out of a recording.
    ///
    /// - Parameters:
    ///   - sound: its channels, which are predicted together, each from all.
    ///   - target: takes as many samples.
    ///   - advance: told how many more seconds are done; what it throws ends the work.
    /// - Returns: whether there was any to take.
    func run(_ sound: ScratchSound, into target: ScratchSound, advance: (Double) throws -> Void) throws -> Bool {
        let grid = SpatialIntervals(
            sampleCount: sound.count, sampleRate: rate, seconds: ArrayPass.seconds(sound.channelCount, rate))
        var joiner = SpatialJoiner(sampleRate: rate)
        var changes = false
        for (index, interval) in grid.intervals.enumerated() {
            let samples = try sound.channels(interval.samples)
            let joined = try recovering {
                let part = Self.dereverberated(stacked(samples.map { Tensor($0) }), rate: rate)
                changes = changes || part.share > 0
                return joiner.join(part.sound, of: interval, isLast: index == grid.intervals.count - 1)
            }
            let place = target.count
            let dry = (0..<sound.channelCount).map { joined.selected(axis: 0, index: $0).floats }
            let original = music.ranges.isEmpty ? dry : try sound.channels(place..<place + dry[0].count)
            try target.append(music.mixed(dry, original, at: origin + Double(place) / Double(rate), rate: rate))
            try advance(Double(interval.core.count) / Double(rate))
        }
        return changes
    }

    /// Sound `[C, L]` of a rate in Hz without its late echo, and how much of what was predicted was taken away.
    static func dereverberated(_ x: Tensor, rate: Int) -> (sound: Tensor, share: Double) {
        withoutGradients {
            let transform = SpatialChain.transform(sampleRate: rate)
            let spectra = transform.forward(x)
            let dry = WPE()(spectra, binWidth: Double(rate) / Double(transform.length))
            let late = x - transform.inverse(dry, length: x.shape[1])
            let (taken, whole) = (late.squared().mean().item(), x.squared().mean().item())
            guard taken > 0, whole > 0, taken.isFinite else { return (x, 0) }
            let level = 10 * log10(taken / whole)
            let share = min(max((level - echo.lowerBound) / (echo.upperBound - echo.lowerBound), 0), 1)
            return (share > 0 ? x - late * share : x, share)
        }
    }
}
