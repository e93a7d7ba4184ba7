import Foundation
import HeirloomDatasets
import HeirloomTensors

/// Computes a batch of recordings from what was drawn for them. One row is one recorder of one crop.
///
/// Reflections wrap around the crop: what is still ringing at its end is heard at its beginning, as in a crop from the
/// middle of a long recording, and filters cost one transform of the crop's own length.
struct SceneMaker {
    let sampleRate: Int
    let rooms: RoomBank?
    let damages: [SoundDamage]
    let generator: Generator

    /// Crop and recorder of every row.
    var rows: [(crop: Int, recorder: SoundRecorder)] {
        damages.enumerated().flatMap { crop, damage in damage.recorders.map { (crop, $0) } }
    }

    func scene(clean: Tensor, noise: Tensor) -> SoundScene {
        let length = clean.shape[1]
        let rows = rows
        let crops = rows.map(\.crop)
        let references = damages.indices.map { crop in crops.firstIndex(of: crop) ?? 0 }
        let device = clean.device

        // What reaches the microphones.
        let speechSpectrum = clean.realFFT()
        let noiseSpectrum = disturbance(noise).realFFT()
        let paths = RoomPaths(maker: self, rows: rows, references: references, length: length, device: device)
        let speech = speechSpectrum.rows(crops) * paths.talker.realFFT(length: length)
        var other = noiseSpectrum.rows(crops) * paths.noise.realFFT(length: length)
        let active = activity(clean)
        let speechPower = mean(speech.power, over: crops) / active
        let noisePower = mean(other.power, over: crops)
        let ratio = column(damages.map { pow(10, -$0.signalToNoise / 10) }, device).flattened()
        other = other * ((speechPower * ratio / (noisePower + 1e-12)).sqrt().rows(crops).unsqueezed(1))

        // What the microphones make of it.
        let response = MicrophoneResponse(rows.map(\.recorder), sampleRate: sampleRate, length: length, device: device)
            .spectrum
        var heard = speech * response
        let level = (speech.power / (heard.power + 1e-12)).sqrt().unsqueezed(1)
        heard = heard * level
        let mixture =
            heard + other * response * level
            + ownNoise(rows, bins: heard.shape[1], speech: speechPower, other: other)
        let recorded = mixture.inverseRealFFT(length: length)
        let electronics = RecorderElectronics(
            sampleRate: sampleRate, rows: rows.map { (damages[$0.crop], $0.recorder) }, generator: generator)
        let (files, gains) = electronics(recorded, speech: speechPower.rows(crops))

        // What should come out.
        // The microphone's phase stays, its colour does not: nobody hears the phase, and a network need not turn it back.
        let phase = response.rows(references) / response.rows(references).abs().clamped(to: 1e-9...)
        let early = (speechSpectrum * paths.early.realFFT(length: length) * phase).inverseRealFFT(length: length)
        var target = early * gains.rows(references).unsqueezed(1)
        var degraded = files.rows(references)
        var auxiliary = Tensor.zeros(clean.shape, device: device)
        let arrays = damages.indices.filter { damages[$0].recorders.count > 1 && !damages[$0].isIdentity }
        if !arrays.isEmpty {
            let (beams, levels) = ArrayBeam(maker: self, crops: crops, arrays: arrays)
                .beams(of: files, speech: heard, mixture: mixture, references: references)
            auxiliary = auxiliary.replacing(arrays, with: degraded.rows(arrays) - beams)
            degraded = degraded.replacing(arrays, with: beams)
            target = target.replacing(arrays, with: target.rows(arrays) * levels.unsqueezed(1))
        }
        let untouched = damages.indices.filter { damages[$0].isIdentity }
        if !untouched.isEmpty {
            let peak = column(untouched.map { pow(10, damages[$0].peak / 20) }, device)
            let kept = clean.rows(untouched)
            let same = kept * peak / (kept.abs().max(axes: [1], keepingDimensions: true) + 1e-6)
            degraded = degraded.replacing(untouched, with: same)
            target = target.replacing(untouched, with: same)
        }
        let isKept = column(damages.map { $0.isIdentity ? 1 : 0 }, device).flattened()
        return SoundScene(
            degraded: degraded, target: target, auxiliary: auxiliary,
            clarity: paths.clarity * (1 - isKept) + isKept * 60, damages: damages)
    }

    /// Part of a crop in which somebody speaks: 10 ms pieces within 30 dB of the loudest. `[N]`, at least 0.05.
    private func activity(_ clean: Tensor) -> Tensor {
        let piece = max(1, sampleRate / 100)
        let pieces = clean.shape[1] / piece
        guard pieces > 0 else { return Tensor.ones([clean.shape[0]], device: clean.device) }
        let energy = clean.sliced(axis: 1, from: 0, to: pieces * piece).reshaped([clean.shape[0], pieces, piece])
            .squared().mean(axes: [2])
        let isLoud = energy .> (energy.max(axes: [1], keepingDimensions: true) * 1e-3)
        return isLoud.to(dtype: .float32).mean(axes: [1]).clamped(to: 0.05...)
    }

    /// The mean over the rows of each crop: `[rows]` → `[N]`.
    private func mean(_ values: Tensor, over crops: [Int]) -> Tensor {
        let weights = damages.indices.map { crop in
            crops.map { $0 == crop ? 1 / Float(damages[crop].recorders.count) : 0 }
        }
        return Tensor(weights.flatMap(\.self), shape: [damages.count, crops.count], device: values.device)
            .matmul(values.unsqueezed(1)).flattened()
    }

    /// The recorders' own noise and, where it was drawn, pink noise from everywhere: a spectrum `[rows, bins]`.
    private func ownNoise(
        _ rows: [(crop: Int, recorder: SoundRecorder)], bins: Int, speech: Tensor, other: Tensor
    ) -> Tensor {
        let device = speech.device
        let field = Tensor.normal([rows.count, bins, 2], using: generator).viewedAsComplex()
        let frequencies = counted(bins, device) * (Double(sampleRate) / 2 / Double(max(1, bins - 1)))
        // Pink with a floor: as much power above 1 kHz as the tilt leaves.
        let tilt = ((frequencies.clamped(to: 20...) / 1000).reciprocal() + 0.3).sqrt().unsqueezed(0)
        let noise = field * tilt
        let own = column(rows.map { pow(10, $0.recorder.ownNoise / 10) }, device).flattened()
        let bed = column(rows.map { damages[$0.crop].hasPinkBed ? 0.3 : 0 }, device).flattened()
        let power = own * speech.rows(rows.map(\.crop)) + bed * other.power
        return noise * (power / (noise.power + 1e-12)).sqrt().unsqueezed(1)
    }
}

/// 0, 1, … below a count.
func counted(_ count: Int, _ device: Device) -> Tensor { Tensor.range(to: Double(count), device: device) }

/// A number for each row, `[rows, 1]`.
func column(_ values: [Double], _ device: Device) -> Tensor {
    Tensor(values.map { Float($0) }, shape: [values.count, 1], device: device)
}

extension Tensor {
    /// Some rows, in the order of their numbers.
    func rows(_ indices: [Int]) -> Tensor {
        gatheredRows(axis: 0, Tensor(indices.map(Int64.init), device: device))
    }

    /// A copy in which some rows are exchanged for others.
    func replacing(_ indices: [Int], with others: Tensor) -> Tensor {
        var order = Array(0..<shape[0])
        for (place, index) in indices.enumerated() { order[index] = shape[0] + place }
        return concatenated([self, others], axis: 0).rows(order)
    }

    /// The same rows, some of them treated by a closure.
    func treating(_ indices: [Int], _ treatment: (Tensor) -> Tensor) -> Tensor {
        indices.isEmpty ? self : replacing(indices, with: treatment(rows(indices)))
    }

    /// Mean power of the signals that one-sided spectra belong to, up to the factor of their length, which is the same for
    /// all: `[rows, bins]` → `[rows]`. By Parseval; what lies at 0 Hz does not count.
    var power: Tensor {
        viewedAsReal().sliced(axis: 1, from: 1).squared().sum(axes: [1, 2])
    }
}
