/// Takes away a constant part and what lies below 20 Hz: handling noise, wind, the converter's offset.
///
/// Its filter is symmetric. A recursive one turned the phase of a voice's lowest harmonics, which no ear hears, but which
/// left clean speech 12 dB from itself.
public struct RumbleFilter: SoundRepair {
    /// Gain in dB by frequency in Hz.
    private static let curve: [(frequency: Double, gain: Double)] = [(5, -60), (16, -30), (28, -3), (45, 0)]

    private let offset: Float
    private var filter: ZeroPhaseFilter

    /// A filter.
    /// - Parameter offset: the constant part, from the ``HealthReport``: without it the filter begins with a thump.
    public init(sampleRate: Int, offset: Double = 0) {
        self.offset = Float(offset)
        filter = ZeroPhaseFilter(sampleRate: sampleRate, curve: Self.curve, reach: 0.15)
    }

    /// The samples that are ready.
    public mutating func process(_ channel: [Float]) -> [Float] { filter.process(channel.map { $0 - offset }) }

    /// The rest.
    public mutating func finish() -> [Float] { filter.finish() }
}
