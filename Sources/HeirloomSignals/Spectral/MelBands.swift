import Foundation
public import HeirloomTensors

/// Triangular bands, equally wide on the mel scale (O'Shaughnessy 1987), that sum spectra as hearing does.
public struct MelBands: Sendable, Equatable {
    /// Number of bands, bins of the spectra, and their highest frequency in Hz.
    public let count: Int, bins: Int, highest: Double

    /// Bands over spectra that reach from 0 Hz to `highest`.
    /// - Precondition: There are bands and at least two bins.
    public init(count: Int, bins: Int, highest: Double) {
        precondition(count > 0 && bins > 1 && highest > 0, "\(count) bands over \(bins) bins")
        self.count = count
        self.bins = bins
        self.highest = highest
    }

    /// The share of each bin in each band, 1 at a band's middle: Float32 `[count, bins]`.
    ///
    /// Low bands that are narrower than a bin take the nearest one.
    public var weights: Tensor {
        func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
        func hertz(_ mel: Double) -> Double { 700 * (pow(10, mel / 2595) - 1) }
        let step = highest / Double(bins - 1)
        let edges = (0...count + 1).map { hertz(mel(highest) * Double($0) / Double(count + 1)) / step }
        var values = [Float](repeating: 0, count: count * bins)
        for band in 0..<count {
            let (low, middle, high) = (edges[band], edges[band + 1], edges[band + 2])
            for bin in 0..<bins {
                let place = Double(bin)
                let share = min((place - low) / (middle - low), (high - place) / (high - middle))
                values[band * bins + bin] = Float(max(0, share))
            }
            let row = values[band * bins..<(band + 1) * bins]
            if row.allSatisfy({ $0 == 0 }) { values[band * bins + min(bins - 1, Int(middle.rounded()))] = 1 }
        }
        return Tensor(values, shape: [count, bins])
    }
}
