import HeirloomTensors

/// Finds what is wrong with one channel of a recording while it is read, at the file's own rate, in constant memory.
///
/// How the samples are cut into blocks does not change the result.
public struct HealthMeter {
    private let sampleRate: Int
    private var invalidCount = 0
    private var samples: SampleHealth
    private var spectrum: SpectrumHealth
    private var mains: MainsHealth

    /// A meter for sound of so many samples per second.
    /// - Precondition: the rate is at least 1000 Hz.
    public init(sampleRate: Int) {
        precondition(sampleRate >= 1000, "a rate of \(sampleRate) Hz")
        self.sampleRate = sampleRate
        samples = SampleHealth(sampleRate: sampleRate)
        spectrum = SpectrumHealth(sampleRate: sampleRate)
        mains = MainsHealth(sampleRate: sampleRate)
    }

    /// Takes the next samples of the channel, ±1.
    public mutating func add(channel: [Float]) {
        let bad = channel.count { !$0.isFinite }
        invalidCount += bad
        let clean = bad == 0 ? channel : channel.map { $0.isFinite ? $0 : 0 }
        clean.withUnsafeBufferPointer {
            samples.add($0)
            spectrum.add($0)
            mains.add($0)
        }
    }

    /// What was found. Nothing can be added afterwards.
    public mutating func finish() -> HealthReport {
        samples.finish()
        let bands = spectrum.finish()
        return HealthReport(
            sampleRate: sampleRate, sampleCount: samples.count, invalidCount: invalidCount, peak: samples.peak,
            level: samples.level, loudLevel: samples.frameLevels.quantile(0.95),
            quietLevel: samples.frameLevels.quantile(0.05), speechRange: spectrum.speechRange, offset: samples.offset,
            clippedFraction: samples.clippedFraction, clipLimits: samples.clipLimits, gaps: samples.gaps,
            unlistedGapSamples: samples.unlistedGapSamples, hum: mains.finish(), validBand: spectrum.validBand,
            bandLimit: spectrum.bandLimit, topKurtosis: samples.topKurtosis, bands: bands,
            isDead: samples.frameLevels.quantile(0.95) < HealthReport.silentLevel || spectrum.speechRange < 3)
    }
}
