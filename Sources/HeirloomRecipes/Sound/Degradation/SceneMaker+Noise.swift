import Foundation
import HeirloomDatasets
import HeirloomTensors

extension SceneMaker {
    /// The noise that was handed in, in some crops exchanged for computed noise. `[N, L]`.
    func disturbance(_ given: Tensor) -> Tensor {
        let crops = damages.indices.filter { damages[$0].noise != .given && !damages[$0].isIdentity }
        guard !crops.isEmpty else { return given }
        let (length, device) = (given.shape[1], given.device)
        let bins = length / 2 + 1
        let step = Double(sampleRate) / Double(length)
        let octaves = (counted(bins, device) * step).clamped(to: 20...).log2().unsqueezed(0)

        // Power in dB over frequency: a slope, eight bands that are turned up or down, and limits.
        var (slopes, floors, limits, deviations, rates, depths) = (
            [Double](), [Double](), [Double](), [Double](), [Double](), [Double]()
        )
        var bands: [Float] = []
        var lines = [Float](repeating: 0, count: crops.count * bins * 2)
        for (row, crop) in crops.enumerated() {
            let kind = damages[crop].noise
            var random = RandomSequence(damages[crop].seed, 0x40_15E)
            slopes.append([.white: 0, .brown: -6, .wind: -9, .bursts: 0][kind] ?? -3)
            floors.append(kind == .wind ? 20 : 30)
            limits.append(kind == .wind ? 200 : 1e9)
            bands += (0..<8).map { _ in Float(kind == .wind ? 0 : random.uniform(-8, 8)) }
            // How much and how fast the level goes up and down.
            let isSteady = kind == .hum || kind == .fan
            deviations.append(kind == .wind ? random.uniform(4, 9) : isSteady ? 0.3 : random.uniform(0, 4))
            rates.append(kind == .wind ? random.uniform(1, 4) : random.uniform(0.3, 6))
            depths.append(kind == .bursts ? 1 : 0)
            guard isSteady else { continue }
            for (frequency, level) in tones(kind, &random) where frequency < Double(sampleRate) / 2 {
                let (bin, angle) = (Int((frequency / step).rounded()), random.uniform(0, 2 * .pi))
                guard bin < bins else { continue }
                // A tone of this level against a field whose bins have a deviation of 1.
                let height = level * Double(length).squareRoot()
                lines[(row * bins + bin) * 2] += Float(height * cos(angle))
                lines[(row * bins + bin) * 2 + 1] += Float(height * sin(angle))
            }
        }
        let centers = (0..<8).map { log2(80.0) + Double($0) * (log2(min(7000, Double(sampleRate) / 2.2) / 80) / 7) }
        let weights = (1 - (octaves.unsqueezed(2) - Tensor(centers.map { Float($0) }, device: device)).abs())
            .clamped(to: 0...)  // [1, bins, 8]
        let shape =
            (octaves - 20.0.log2) * column(slopes, device)
            + (Tensor(bands, shape: [crops.count, 1, 8], device: device) * weights).sum(axes: [2])
            - (octaves - Tensor(limits.map { Float(log2($0)) }, shape: [crops.count, 1], device: device))
            .clamped(to: 0...) * 24
        let field = Tensor.normal([crops.count, bins, 2], using: generator)
        let amplitude = (shape * (Foundation.log(10) / 20)).exp()
        // Tones stand over the mean of the field under them.
        let mean = amplitude.squared().mean(axes: [1], keepingDimensions: true).sqrt()
        let spectrum =
            (field * (amplitude / mean).unsqueezed(2) + Tensor(lines, shape: [crops.count, bins, 2], device: device))
            .viewedAsComplex()
        var sound = spectrum.inverseRealFFT(length: length)
        sound = sound * (modulation(deviations, rates, length, device) * (Foundation.log(10) / 20)).exp()
        let isBurst = column(depths, device)
        sound = sound * (1 - isBurst + isBurst * strokes(crops, length, device))
        return given.replacing(crops, with: sound)
    }

    /// Frequencies and levels of the tones of mains hum or of a fan.
    private func tones(_ kind: SoundDamage.Noise, _ random: inout RandomSequence) -> [(Double, Double)] {
        if kind == .hum {
            let mains = random.chance(0.5) ? 50.0 : 60
            return (1...12).map { harmonic in
                let level = harmonic % 2 == 1 ? 1.5 : 0.3
                return (mains * Double(harmonic), level * random.uniform(0.3, 1) / Double(harmonic).squareRoot())
            }
        }
        let count = 2 + Int(random.next() % 4)
        return (0..<count).map { _ in (80 * pow(25, random.uniform()), random.uniform(0.05, 0.5)) }
    }

    /// Slow changes of level in dB, `[rows, L]`.
    private func modulation(_ deviations: [Double], _ rates: [Double], _ length: Int, _ device: Device) -> Tensor {
        // Points at up to 12 a second, held back to each row's rate by a mean over neighbours.
        let points = max(4, Int(12 * Double(length) / Double(sampleRate)) + 2)
        let field = Tensor.normal([deviations.count, points], using: generator)
        let smooth = (field + field.rolled(by: 1, axis: 1) + field.rolled(by: 2, axis: 1)) / 3.0.squareRoot()
        let isFast = column(rates.map { min($0 / 6, 1) }, device)
        let mixed = (field * isFast + smooth * (1 - isFast)) * column(deviations, device)
        return mixed.unsqueezed(1).unsqueezed(1).resized(height: 1, width: length, mode: .bilinear)
            .reshaped([deviations.count, length])
    }

    /// Envelopes of short strokes at random times, `[rows, L]`.
    private func strokes(_ crops: [Int], _ length: Int, _ device: Device) -> Tensor {
        var envelopes = [Float](repeating: 0, count: crops.count * length)
        for (row, crop) in crops.enumerated() where damages[crop].noise == .bursts {
            var random = RandomSequence(damages[crop].seed, 0x57_20)
            let (pause, decay) = (random.uniform(0.08, 0.4), random.uniform(0.004, 0.04))
            var time = random.uniform(0, pause)
            let duration = Double(length) / Double(sampleRate)
            while time < duration {
                let (first, height) = (Int(time * Double(sampleRate)), random.uniform(0.3, 1))
                let count = min(length - first, Int(decay * 6 * Double(sampleRate)))
                let factor = Float(exp(-1 / (decay * Double(sampleRate))))
                var level = Float(height)
                for place in 0..<max(0, count) {
                    envelopes[row * length + first + place] += level
                    level *= factor
                }
                time += pause * random.uniform(0.3, 1.9)
            }
        }
        return Tensor(envelopes, shape: [crops.count, length], device: device) + 0.003
    }
}

extension Double {
    fileprivate var log2: Double { Foundation.log2(self) }
}
