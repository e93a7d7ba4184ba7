import Foundation
import HeirloomDatasets
import HeirloomTensors

/// Judges pieces of recordings and brings those that are used to one level.
struct SoundScreening {
    typealias LeftOut = SoundReport.LeftOut
    /// A reason without the file.
    typealias Fault = (reason: LeftOut.Reason, detail: String)

    let options: SoundIntakeOptions
    private var seen: Set<Int> = []

    init(_ options: SoundIntakeOptions) { self.options = options }

    /// Level in dB of full scale to which the loud 5 % of every clip are brought.
    private static let level = -20.0
    /// Levels are taken over 20 ms.
    private static func piece(_ sampleRate: Int) -> Int { sampleRate / 50 }

    /// What is wrong with a piece at the rate of its file.
    func fault(ofOriginal samples: [Float], sampleRate: Int) -> Fault? {
        guard samples.allSatisfy(\.isFinite) else { return (.broken, "it holds numbers that are none") }
        let seconds = Double(samples.count) / Double(sampleRate)
        guard seconds >= options.leastLength else {
            return (.tooShort, "it is \(Int(1000 * seconds)) ms long; \(Int(1000 * options.leastLength)) are needed")
        }
        let largest = samples.reduce(0) { max($0, abs($1)) }
        guard largest > 1e-3 else { return (.silent, "nothing can be heard in it") }
        guard options.purpose == .speech, largest > 0.95 else { return nil }
        // Neighbours that all touch the limit: a wave that was cut off. A single sample may reach it honestly.
        var cut = 0
        for place in 1..<samples.count
        where abs(samples[place]) >= 0.985 * largest && abs(samples[place - 1]) >= 0.985 * largest { cut += 1 }
        return cut > 2 + samples.count / 10_000
            ? (.clipped, "its loudest waves are cut off (\(cut) samples)") : nil
    }

    /// What is wrong with a piece at the rate at which it would be kept.
    func fault(of samples: [Float], sampleRate: Int) -> Fault? {
        guard options.purpose == .speech else { return nil }
        // Digital silence says nothing about the noise of a recording.
        let levels = Self.levels(samples, sampleRate).filter { $0 > -100 }.sorted()
        guard levels.count >= 8 else { return (.tooShort, "there is hardly a sound in it") }
        let range = levels[levels.count * 95 / 100] - levels[levels.count * 5 / 100]
        guard range >= options.leastRange else {
            return (
                .noisy,
                "its loud parts are only \(Int(range)) dB above its quiet ones; \(Int(options.leastRange)) are needed"
            )
        }
        let band = Self.band(samples, sampleRate)
        let needed = SoundIntakeOptions.leastBand(at: sampleRate)
        return band < needed
            ? (.narrow, "its tones end at \(Int(band)) Hz; clean speech reaches \(Int(needed)) Hz") : nil
    }

    /// A clip as it is kept: silence at its ends taken off, brought to one level; nil where the same came before.
    mutating func kept(_ samples: [Float], sampleRate: Int) -> [Int16]? {
        let levels = Self.levels(samples, sampleRate).sorted()
        let trimmed = Self.trimmed(samples, sampleRate)
        let loud = levels.isEmpty ? Self.level : levels[levels.count * 95 / 100]
        let largest = samples.reduce(0) { max($0, abs($1)) }
        let gain = min(Float(pow(10, (Self.level - loud) / 20)), 0.98 / max(largest, 1e-9)) * 32768
        let clip = trimmed.map { Int16(max(-32768, min(32767, ($0 * gain).rounded()))) }
        guard !clip.isEmpty else { return nil }
        var hasher = Hasher()
        clip.withUnsafeBytes { hasher.combine(bytes: $0) }
        let isNew = seen.insert(hasher.finalize()).inserted
        return isNew || !options.leavesOutDuplicates ? clip : nil
    }

    /// Levels of pieces of 20 ms in dB.
    private static func levels(_ samples: [Float], _ sampleRate: Int) -> [Double] {
        let piece = piece(sampleRate)
        return samples.withUnsafeBufferPointer { samples in
            stride(from: 0, to: samples.count - piece + 1, by: piece).map { start in
                var sum: Float = 0
                for place in start..<start + piece { sum += samples[place] * samples[place] }
                return 10 * log10(Double(sum) / Double(piece) + 1e-12)
            }
        }
    }

    /// The part between the first and the last sound, with up to 100 ms around it.
    private static func trimmed(_ samples: [Float], _ sampleRate: Int) -> ArraySlice<Float> {
        let levels = levels(samples, sampleRate)
        guard let loudest = levels.max() else { return samples[...] }
        let threshold = max(loudest - 45, -70)
        guard let first = levels.firstIndex(where: { $0 > threshold }),
            let last = levels.lastIndex(where: { $0 > threshold })
        else { return samples[...] }
        let (piece, margin) = (piece(sampleRate), sampleRate / 10)
        return samples[max(0, first * piece - margin)..<min(samples.count, (last + 1) * piece + margin)]
    }

    /// The highest frequency within 60 dB of the loudest, of the mean spectrum.
    private static func band(_ samples: [Float], _ sampleRate: Int) -> Double {
        let size = 512 * max(1, sampleRate / 16_000)
        guard samples.count > size else { return 0 }
        let window = 1 - (Tensor.range(to: Double(size)) * (2 * .pi / Double(size))).cos()
        let power = Tensor(samples).unsqueezed(0).stft(size, hop: size / 2, window: window).abs().squared()
            .mean(axes: [0, 2]).scalars(as: Float.self)
        let limit = (power.max() ?? 0) * 1e-6
        return Double(power.lastIndex { $0 > limit } ?? 0) * Double(sampleRate) / Double(size)
    }
}
