import Foundation
import HeirloomSignals
import HeirloomTensors

/// Sound that changes like speech, known at every time: what several recorders could have heard.
struct SyntheticRecording {
    /// 16 kHz, on the true clock.
    let event: [Float]

    /// Bursts of coloured noise with pauses.
    init(seconds: Double, seed: UInt64) {
        let count = Int(seconds * 16000)
        let generator = Generator(seed: seed)
        let noise = Tensor.normal([1, 1, count + 4], mean: 0, standardDeviation: 1, using: generator)
        // A short smoothing and a difference: a band between low and high frequencies.
        let kernel = Tensor([1, 2, 0, -2, -1] as [Float], shape: [1, 1, 5])
        let coloured = noise.conv1d(kernel).reshaped([count])
        let pieces = count / 1600 + 1
        let loudness = Tensor.uniform([pieces], from: 0, to: 1, using: generator).raised(to: 4) * 0.1 + 0.0005
        event = (coloured * loudness.repeatedElements(1600, axis: 0).sliced(axis: 0, from: 0, to: count)).floats
    }

    /// What a recorder with this clock writes; the true clock is the map's reference.
    ///
    /// - Parameters:
    ///   - seconds: how long it runs, on its own clock.
    ///   - noise: the level of its own noise.
    func recorded(_ map: ClockMap, seconds: Double, polarity: Float = 1, noise: Double = 0.002, seed: UInt64 = 1)
        -> [Float]
    {
        // The file is the event read along the inverse map.
        let reader = WarpedInterpolation(
            map: map.inverse, fileRate: 16000, fileSampleCount: event.count, outputRate: 16000)
        let output = 0..<Int(seconds * 16000)
        let needed = reader.fileRange(for: output)
        let clean = reader.samples(output, of: Array(event[needed]), startingAt: needed.lowerBound)
        let own = Tensor.normal([output.count], mean: 0, standardDeviation: noise, using: Generator(seed: seed))
        return (Tensor(clean) * Double(polarity) + own).floats
    }
}
