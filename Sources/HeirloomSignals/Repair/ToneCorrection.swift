import Foundation
public import HeirloomTensors

/// Brings the tone of restored speech nearer to that of average speech: a curve of 24 bands within ±6 dB, at most
/// 1.5 dB per octave as a whole, never up where noise is or where the recording ends.
public struct ToneCorrection {
    private let spectra: BandSpeech
    private let sampleRate: Int
    private var speechPower: [Double]
    private var noisePower: [Double]
    private var counts = (speech: 0.0, noise: 0.0)

    /// A measurement.
    public init(sampleRate: Int) {
        self.sampleRate = sampleRate
        spectra = BandSpeech(sampleRate: sampleRate)
        speechPower = [Double](repeating: 0, count: spectra.bands.centers.count)
        noisePower = speechPower
    }

    /// Takes the next interval, `[L]`, and how much speech is in it, `[T]` of any resolution, or nil for loud frames.
    public mutating func add(_ x: Tensor, speech: Tensor? = nil) {
        precondition(x.rank == 1, "the tone of \(x.summary)")
        guard spectra.frames(x.count) > 0 else { return }
        let powers = spectra.powers(x.to(dtype: .float32).unsqueezed(0))
        let weights = Tensor(spectra.speech(powers, given: speech))
        let (loud, quiet) = ((weights .> 0.5).to(dtype: .float32), (weights .< 0.1).to(dtype: .float32))
        for (band, value) in loud.unsqueezed(0).matmul(powers[0]).floats.enumerated() {
            speechPower[band] += Double(value)
        }
        for (band, value) in quiet.unsqueezed(0).matmul(powers[0]).floats.enumerated() {
            noisePower[band] += Double(value)
        }
        counts.speech += loud.sum().item()
        counts.noise += quiet.sum().item()
    }

    /// The correction: frequency in Hz and gain in dB; all 0 without a second of speech.
    /// - Parameter validBand: up to which frequency the recording holds anything.
    public func curve(validBand: Double = .infinity) -> [(frequency: Double, gain: Double)] {
        let centers = spectra.bands.centers
        guard counts.speech * Double(spectra.size) / 2 >= Double(sampleRate) else { return centers.map { ($0, 0) } }
        func decibels(_ power: Double, _ count: Double) -> Double { 10 * log10(max(power / max(count, 1), 1e-18)) }
        let heard = centers.indices.map { band in
            centers[band] < validBand
                && decibels(speechPower[band], counts.speech) > decibels(noisePower[band], counts.noise) + 3
        }
        let wanted = centers.indices.compactMap { band -> (band: Int, gain: Double)? in
            let known = ThirdOctaves.speech.first { abs(log2($0.frequency / centers[band])) < 1.0 / 6 }
            guard heard[band], let known else { return nil }
            return (band, known.level - decibels(speechPower[band], counts.speech))
        }
        guard wanted.count >= 6 else { return centers.map { ($0, 0) } }
        let middle = wanted.map(\.gain).sorted()[wanted.count / 2]
        // Bands without an own value take that of the nearest one.
        let raw = centers.indices.map { band in
            (wanted.min { abs($0.band - band) < abs($1.band - band) }?.gain ?? middle) - middle
        }
        let level = Self.limitedTilt(ThirdOctaves.smoothed(raw))
        return centers.indices.map { band in
            (centers[band], min(max(level[band], -6), heard[band] ? 6 : 0))
        }
    }

    /// What of a curve over thirds of an octave is left when its slope is limited to 1.5 dB per octave.
    private static func limitedTilt(_ values: [Double]) -> [Double] {
        let center = Double(values.count - 1) / 2
        let spread = values.indices.reduce(0) { $0 + (Double($1) - center) * (Double($1) - center) }
        let slope = values.indices.reduce(0) { $0 + (Double($1) - center) * values[$1] } / max(spread, 1)
        let excess = slope - min(max(slope, -0.5), 0.5)
        return values.indices.map { values[$0] - excess * (Double($0) - center) }
    }
}
