/// Takes the tone of the mains and its overtones away: a narrow notch at each frequency.
public struct HumFilter: SoundRepair {
    private var notches: [Biquad]

    /// A filter.
    /// - Parameters:
    ///   - frequencies: in Hz, as the ``HealthReport`` names them; those that the rate cannot hold are left out.
    ///   - q: frequency over width; 30 is 1.7 Hz at 50 Hz and 33 Hz at 1 kHz.
    public init(sampleRate: Int, frequencies: [Double], q: Double = 30) {
        notches = frequencies.filter { 0 < $0 && $0 < 0.49 * Double(sampleRate) }
            .map { .notch($0, q: q, sampleRate: sampleRate) }
    }

    /// The filtered samples, as many as come in.
    public mutating func process(_ channel: [Float]) -> [Float] {
        var samples = channel.map(Double.init)
        samples.withUnsafeMutableBufferPointer {
            for index in notches.indices { notches[index].process($0) }
        }
        return samples.map { Float($0) }
    }

    /// Nothing: no sample is held back.
    public mutating func finish() -> [Float] { [] }
}
