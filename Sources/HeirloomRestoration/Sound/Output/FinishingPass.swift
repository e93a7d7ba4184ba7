import Foundation
import HeirloomMedia

/// The last pass: loudness, true peak, the result's rate and bits, written under a name that appears when it is whole.
struct FinishingPass {
    /// What was written.
    struct Written {
        /// Loudness before, in LUFS.
        var loudnessBefore: Double?
        /// Loudness after.
        var loudness: Double?
        /// The highest true peak in dBTP; nil for silence.
        var truePeak: Double?
        /// The gain that was applied, in dB.
        var gain = 0.0
        /// How the samples are stored.
        var format: SampleFormat
        /// Sentences worth showing.
        var notes: [String] = []
    }

    /// The largest gain, in dB: noise alone is not made as loud as speech.
    static let maximumGain = 40.0
    /// The true peak that is not exceeded, in dBTP.
    static let ceiling = -1.0
    private static let blockSize = 1 << 16

    /// Samples per second of what is finished.
    let sourceRate: Int
    /// Samples per second of the result.
    let rate: Int
    /// Samples of the result in each channel.
    let sampleCount: Int
    /// Loudness in LUFS; nil leaves it.
    let loudness: Double?

    /// Writes a sound.
    ///
    /// - Parameters:
    ///   - source: which sound, read piece by piece.
    ///   - gain: a gain in dB to apply instead of one for the loudness; nil to measure.
    ///   - writer: takes the result.
    ///   - advance: told how many more seconds are done; what it throws ends the work.
    func write(
        _ source: Source, gain fixed: Double? = nil, to writer: AudioWriter, advance: (Double) throws -> Void
    ) throws -> Written {
        var written = Written(format: writer.format)
        if fixed == nil {
            let meter = LoudnessMeter(sampleRate: sourceRate, channelCount: source.channelCount)
            try source.eachBlock(Self.blockSize) { block in
                meter.add(block)
                try advance(Double(block[0].count) / Double(sourceRate) / 2)
            }
            written.loudnessBefore = meter.integrated
        }
        written.gain = fixed ?? gain(for: written.loudnessBefore, &written.notes)
        let resampler = try AudioResampler(from: sourceRate, to: rate, channelCount: source.channelCount)
        // Without a loudness nothing is limited either, where a float file can hold the peaks.
        let keepsPeaks = loudness == nil && (writer.format == .float32 || writer.format == .float64)
        var limiter = TruePeakLimiter(
            sampleRate: rate, channelCount: source.channelCount, gainDB: written.gain,
            ceilingDB: keepsPeaks ? 60 : loudness == nil ? -0.1 : Self.ceiling)
        let meter = LoudnessMeter(sampleRate: rate, channelCount: source.channelCount)
        var left = sampleCount
        func put(_ channels: [[Float]]) throws {
            let count = min(left, channels[0].count)
            guard count > 0 else { return }
            let piece = count == channels[0].count ? channels : channels.map { Array($0[..<count]) }
            meter.add(piece)
            try writer.write(piece)
            left -= count
        }
        try source.eachBlock(Self.blockSize) { block in
            try put(limiter.process(try resampler.process(block)))
            try advance(Double(block[0].count) / Double(sourceRate) / (fixed == nil ? 2 : 1))
        }
        let rest = try resampler.finish()
        if !rest[0].isEmpty { try put(limiter.process(rest)) }
        try put(limiter.finish())
        // Rounding of rates may leave the last sample missing.
        if left > 0 { try put([[Float]](repeating: [Float](repeating: 0, count: left), count: source.channelCount)) }
        written.notes += try writer.finish()
        written.loudness = meter.integrated
        written.truePeak = meter.truePeak.isFinite ? meter.truePeak : nil
        return written
    }

    private func gain(for measured: Double?, _ notes: inout [String]) -> Double {
        guard let loudness else { return 0 }
        guard let measured else {
            notes.append("the result is silence, or shorter than 0.4 s: its loudness was left as it is")
            return 0
        }
        let wanted = loudness - measured
        guard wanted > Self.maximumGain else { return wanted }
        notes.append(
            "the result is \(CleanReport.number(Self.maximumGain, 0)) dB louder than it came, not the \(CleanReport.number(wanted, 0)) dB that the loudness would need"
        )
        return Self.maximumGain
    }

    /// A sound that is read from its beginning, as often as needed.
    struct Source {
        /// How many channels it has.
        let channelCount: Int
        /// How many samples each has.
        let sampleCount: Int
        /// A piece of it.
        let samples: (Range<Int>) throws -> [[Float]]

        /// The channels of a scratch sound.
        init(_ sound: ScratchSound) {
            self.init(channelCount: sound.channelCount, sampleCount: sound.count) { try sound.channels($0) }
        }

        /// A sound that is computed.
        init(channelCount: Int, sampleCount: Int, samples: @escaping (Range<Int>) throws -> [[Float]]) {
            self.channelCount = channelCount
            self.sampleCount = sampleCount
            self.samples = samples
        }

        func eachBlock(_ size: Int, _ body: ([[Float]]) throws -> Void) throws {
            var start = 0
            while start < sampleCount {
                let end = min(start + size, sampleCount)
                try body(try samples(start..<end))
                start = end
            }
        }
    }
}
