import Foundation
import HeirloomTensors

/// Looks for the tone of the mains: peaks at multiples of 50 or 60 Hz, 12 dB above what lies beside them, in seven of ten
/// frames of half a second.
struct MainsHealth {
    private let sampleRate: Int
    private let size: Int
    private let window: Tensor
    private var pending: [Float] = []
    private var frames = 0
    private var found: [Int: Count] = [:]
    private static let batch = 16
    private static let highest = 1000

    private struct Count {
        var frames = 0
        var clearFrames = 0
        /// Powers of the frames: a hum is constant, and what voices add to it is above most of them.
        var levels = LevelHistogram()
    }

    init(sampleRate: Int) {
        self.sampleRate = sampleRate
        size = sampleRate / 2
        let length = Double(size)
        let hann = 0.5 - (Tensor.range(to: length, dtype: .float64) * (2 * .pi / length)).cos() * 0.5
        window = (hann * (2 / (length * length * 0.375)).squareRoot()).to(dtype: .float32)
    }

    mutating func add(_ block: UnsafeBufferPointer<Float>) {
        pending.append(contentsOf: block)
        var start = 0
        while pending.count - start >= Self.batch * size {
            measure(from: start, count: Self.batch)
            start += Self.batch * size
        }
        if start > 0 { pending.removeFirst(start) }
    }

    mutating func finish() -> HealthReport.Hum? {
        let rest = pending.count / size
        if rest > 0 { measure(from: 0, count: rest) }
        pending = []
        let hums = [50, 60].map(hum)
        return hums.compactMap { $0 }.max { $0.level < $1.level }
    }

    private func hum(_ mains: Int) -> HealthReport.Hum? {
        guard frames >= 4 else { return nil }
        let harmonics = multiples(mains).filter { Double(found[$0]?.frames ?? 0) >= 0.7 * Double(frames) }
        // A single tone may be an engine or a voice: it has to stand out.
        guard
            harmonics.count > 1
                || harmonics.contains(where: { Double(found[$0]?.clearFrames ?? 0) >= 0.7 * Double(frames) })
        else { return nil }
        let power = harmonics.reduce(0.0) { $0 + pow(10, (found[$1]?.levels.quantile(0.25) ?? -180) / 10) }
        return HealthReport.Hum(
            mains: Double(mains), frequencies: harmonics.map(Double.init), level: 10 * log10(max(power, 1e-18)))
    }

    private func multiples(_ mains: Int) -> [Int] {
        Array(stride(from: mains, through: min(Self.highest, sampleRate / 2 - 20), by: mains))
    }

    private mutating func measure(from start: Int, count: Int) {
        let cut = Tensor(Array(pending[start..<start + count * size])).reshaped([count, size]) * window
        let bins = Self.highest / 2 + 12
        let spectra = cut.realFFT()
        let columns = min(bins, size / 2 + 1)
        let power = spectra.sliced(axis: 1, from: 0, to: columns).abs().squared().floats
        for frame in 0..<count {
            let row = power[frame * columns..<(frame + 1) * columns]
            guard row.contains(where: { $0 > 1e-16 }) else { continue }
            frames += 1
            for multiple in Set(multiples(50) + multiples(60)) {
                // Bins lie 2 Hz apart; a tone's own reach is two of them.
                let bin = row.startIndex + multiple / 2
                let beside = [-9, -8, -7, -6, -5, -4, 4, 5, 6, 7, 8, 9].map { bin + $0 }
                    .filter(row.indices.contains).map { row[$0] }.sorted()
                let peak = max(row[bin - 1], row[bin], row[bin + 1])
                let ratio = peak / max(beside[beside.count / 2], 1e-20)
                guard ratio > 15.85 else { continue }
                found[multiple, default: Count()].frames += 1
                found[multiple, default: Count()].clearFrames += ratio > 100 ? 1 : 0
                found[multiple, default: Count()].levels.add(power: Double(row[bin - 1] + row[bin] + row[bin + 1]))
            }
        }
    }
}
