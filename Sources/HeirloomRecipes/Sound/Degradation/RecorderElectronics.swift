import Foundation
import HeirloomDatasets
import HeirloomTensors

/// What happens to the sound inside a recorder, from the amplifier to the file.
struct RecorderElectronics {
    let sampleRate: Int
    let rows: [(damage: SoundDamage, recorder: SoundRecorder)]
    let generator: Generator

    /// Treats `[rows, L]`.
    ///
    /// - Parameter speech: power of the speech in each row while it is active, as ``Tensor/power`` counts it.
    /// - Returns: the files, ±1, and the gain that each gave to its sound.
    func callAsFunction(_ sound: Tensor, speech: Tensor) -> (files: Tensor, gains: Tensor) {
        let length = sound.shape[1]
        // Speech at −26 dB of full scale: where automatic gain and noise gates expect it.
        let amplitude = (speech * 2).sqrt() / Double(length)
        let entering = sound * (0.05 / (amplitude + 1e-9)).unsqueezed(1)
        var x = entering.treating(which { $0.gainControl != nil }) { x in
            x * following(x, which { $0.gainControl != nil }.compactMap { rows[$0].recorder.gainControl })
        }
        let peak = column(rows.map { pow(10, $0.damage.peak / 20) }, x.device)
        x = x * peak / (x.abs().max(axes: [1], keepingDimensions: true) + 1e-9)
        let soft = which { $0.softClip > 0 }
        x = x.treating(soft) { x in
            let drive = column(soft.map { rows[$0].recorder.softClip }, x.device)
            let peak = peak.rows(soft)
            return (x / peak * drive).tanh() / drive.tanh() * peak
        }
        let hard = which { $0.clipShare > 0 }
        x = x.treating(hard) { x in
            // Every fourth sample tells the level well enough.
            let levels = x.abs().sliced(axis: 1, from: 0, by: 4).sorted(axis: 1).values
            let places = hard.map { Int64(Double(levels.shape[1] - 1) * (1 - rows[$0].recorder.clipShare)) }
            let limit = levels.gathered(axis: 1, Tensor(places, shape: [hard.count, 1], device: x.device)) + 1e-6
            return (x / limit).clamped(to: -1...1) * limit
        }
        let few = which { $0.bits != nil }
        x = x.treating(few) { x in
            let steps = column(few.map { pow(2, Double((rows[$0].recorder.bits ?? 16) - 1)) }, x.device)
            return (x * steps).rounded() / steps
        }
        let gains = (x * sound).sum(axes: [1]) / (sound.squared().sum(axes: [1]) + 1e-9)
        return (coded(x).clamped(to: -1...1), gains)
    }

    private func which(_ has: (SoundRecorder) -> Bool) -> [Int] { rows.indices.filter { has(rows[$0].recorder) } }

    /// Automatic gain of each row, `[rows, L]`: followed in pieces of 5 ms on the CPU, where a recursion is at home.
    private func following(_ x: Tensor, _ controls: [SoundRecorder.GainControl]) -> Tensor {
        let piece = max(1, sampleRate / 200)
        let pieces = max(1, x.shape[1] / piece)
        let levels = x.sliced(axis: 1, from: 0, to: min(x.shape[1], pieces * piece))
            .reshaped([controls.count, pieces, -1]).squared().mean(axes: [2]).scalars(as: Float.self)
        var gains = [Float](repeating: 1, count: levels.count)
        let duration = Double(piece) / Double(sampleRate)
        for (row, control) in controls.enumerated() {
            let (fall, rise) = (exp(-duration / control.attack), exp(-duration / control.release))
            var gain = 0.0
            for place in 0..<pieces {
                let level = 10 * log10(Double(levels[row * pieces + place]) + 1e-10)
                let wanted = min((-20 - level) * (1 - 1 / control.ratio), control.largestGain)
                let memory = wanted < gain ? fall : rise
                gain = memory * gain + (1 - memory) * wanted
                gains[row * pieces + place] = Float(pow(10, gain / 20))
            }
        }
        return Tensor(gains, shape: [controls.count, 1, 1, pieces], device: x.device)
            .resized(height: 1, width: x.shape[1], mode: .bilinear).reshaped([controls.count, x.shape[1]])
    }

    /// What saving does, and the stretches without sound.
    private func coded(_ sound: Tensor) -> Tensor {
        var x = sound.treating(which { $0.codec == .telephone }) { x in
            let steps = (x.abs() * 255).log1p() * (127 / Foundation.log(256))
            return x.sign() * ((steps.rounded() * (Foundation.log(256) / 127)).expm1() / 255)
        }
        let codec = SpectralCodec(sampleRate: sampleRate)
        let banded = which { $0.codec == .bands }
        x = x.treating(banded) { codec.banded($0, banded.map { numbers($0) }) }
        let suppressed = which { $0.codec == .suppression }
        x = x.treating(suppressed) { codec.suppressed($0, suppressed.map { numbers($0) }) }
        let muted = which { $0.mute != nil }
        return x.treating(muted) { x in
            let mutes = muted.map { rows[$0].recorder.mute ?? .init(start: 0, length: 0) }
            let time = counted(x.shape[1], x.device).unsqueezed(0) / Double(sampleRate)
            let start = column(mutes.map(\.start), x.device)
            let end = start + column(mutes.map(\.length), x.device)
            let isMute = (time .> start).to(dtype: .float32) * (time .< end).to(dtype: .float32)
            return x * (1 - isMute)
        }
    }

    /// Three numbers 0..<1 of a row, the same for the same damage.
    private func numbers(_ row: Int) -> [Double] {
        var random = RandomSequence(rows[row].damage.seed, 0xC0_DE, UInt64(rows[row].recorder.place))
        return (0..<3).map { _ in random.uniform() }
    }
}
