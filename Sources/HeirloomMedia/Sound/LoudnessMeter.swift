import CEBUR128
import Foundation

/// Measures loudness and true peak after ITU-R BS.1770 and EBU R 128 (libebur128), of sound that comes in pieces.
///
/// Mono is measured as one channel: the same signal in both channels of a stereo sound is 3 LU louder.
public final class LoudnessMeter {
    private var state: UnsafeMutablePointer<ebur128_state>?
    private let channelCount: Int
    private var scratch: [Float] = []

    /// Makes a meter.
    ///
    /// - Precondition: 1 to 64 channels at 1,000 to 768,000 Hz.
    public init(sampleRate: Int, channelCount: Int) {
        precondition(
            SoundLimits.channels.contains(channelCount) && SoundLimits.rates.contains(sampleRate),
            "loudness is measured of 1 to 64 channels at 1,000 to 768,000 Hz, not \(channelCount) at \(sampleRate)")
        let modes = [EBUR128_MODE_I, EBUR128_MODE_LRA, EBUR128_MODE_TRUE_PEAK].reduce(0) { $0 | $1.rawValue }
        state = ebur128_init(UInt32(channelCount), UInt(sampleRate), Int32(modes))
        guard state != nil else { fatalError("out of memory for the loudness meter") }
        if channelCount == 1 { ebur128_set_channel(state, 0, Int32(EBUR128_LEFT.rawValue)) }
        self.channelCount = channelCount
    }

    deinit { ebur128_destroy(&state) }

    /// Measures the next samples.
    ///
    /// - Precondition: as many channels as the meter was made for, all of one length.
    public func add(_ channels: [[Float]]) {
        precondition(
            channels.count == channelCount && channels.allSatisfy { $0.count == channels[0].count },
            "a meter for \(channelCount) channels cannot take channels of the lengths \(channels.map(\.count))")
        var start = 0
        while start < channels[0].count {
            let count = min(1 << 14, channels[0].count - start)
            Interleaving.interleaved(channels, from: start, count: count, into: &scratch)
            guard ebur128_add_frames_float(state, scratch, count) == Int32(EBUR128_SUCCESS.rawValue) else {
                fatalError("out of memory for the loudness meter")
            }
            start += count
        }
    }

    /// The loudness of all so far with silence left out (gated), in LUFS; nil where all was quieter than −70 LUFS or
    /// shorter than 0.4 s.
    public var integrated: Double? {
        var value = 0.0
        ebur128_loudness_global(state, &value)
        return value.isFinite && value > -70 ? value : nil
    }

    /// The loudness range (EBU Tech 3342) in LU; 0 for less than 3 s.
    public var range: Double {
        var value = 0.0
        ebur128_loudness_range(state, &value)
        return value.isFinite ? value : 0
    }

    /// The highest true peak of any channel so far, in dBTP; −infinity for silence.
    public var truePeak: Double { decibels { ebur128_true_peak(state, $0, $1) } }

    /// The highest magnitude of any sample so far, in dBFS; −infinity for silence.
    public var samplePeak: Double { decibels { ebur128_sample_peak(state, $0, $1) } }

    private func decibels(_ peak: (UInt32, UnsafeMutablePointer<Double>) -> Int32) -> Double {
        var highest = 0.0
        for channel in 0..<channelCount {
            var value = 0.0
            _ = peak(UInt32(channel), &value)
            highest = max(highest, value)
        }
        return highest > 0 ? 20 * log10(highest) : -.infinity
    }
}
