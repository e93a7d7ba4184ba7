public import Foundation
import HeirloomMedia
import HeirloomSignals
import HeirloomTensors
import HeirloomWorkers

/// Measures restored sound beside the true one: aligned by offset, drift and a part of a sample, then compared.
public struct SoundEvaluation: Sendable {
    /// The true sound.
    public var reference: URL
    /// What is compared with it.
    public var estimates: [URL]
    /// The beginning of the part of the reference that counts, in seconds; nil for its beginning.
    public var from: Double?
    /// The end of that part in seconds; nil for the reference's end.
    public var to: Double?
    /// Whether the estimates' clocks may run at another speed.
    public var findsDrift = true

    /// The longest sound that is compared, in seconds: all of it is in memory.
    public static let longest = 900.0

    private static let rate = 16_000
    /// Below this, −140 dB, there is nothing to compare.
    private static let silence = 1e-7

    /// An evaluation.
    public init(reference: URL, estimates: [URL]) {
        self.reference = reference
        self.estimates = estimates
    }

    /// Measures every estimate.
    ///
    /// - Throws: `MediaError` for files that cannot be read; `RestorationError` for parts that lie outside the reference,
    ///   silence, and sounds longer than ``longest``.
    public func run() async throws -> SoundScores {
        let worker = try await Worker(name: "evaluate") { try Truth(self) }
        var scores: [SoundScores.Estimate] = []
        for url in estimates {
            try Task.checkCancellation()
            scores.append(try await worker.run { try $0.measured(url) })
        }
        let (from, to) = await worker.run { ($0.start, $0.end) }
        return SoundScores(reference: reference.path, from: from, to: to, estimates: scores)
    }

    /// The reference in memory, at its own rate and at 16 kHz.
    private struct Truth {
        let findsDrift: Bool
        let start: Double
        let end: Double
        let sound: Tensor
        let rate: Int
        let narrow: Tensor

        init(_ evaluation: SoundEvaluation) throws {
            findsDrift = evaluation.findsDrift
            (sound, rate) = try SoundEvaluation.mono(evaluation.reference)
            narrow = RationalResampling.kaiser(from: rate, to: SoundEvaluation.rate).resampled(sound)
            let duration = Double(narrow.count) / Double(SoundEvaluation.rate)
            start = evaluation.from ?? 0
            end = evaluation.to ?? duration
            let name = evaluation.reference.lastPathComponent
            guard start >= 0, end <= duration + 1e-6, end - start >= 0.5 else {
                throw RestorationError(
                    .badRequest,
                    "The part from \(start.short) to \(end.short) s is not half a second of \(name), which lasts "
                        + "\(duration.short) s; choose another with --from and --to.")
            }
            guard narrow[region(SoundEvaluation.rate)].abs().max().item() > SoundEvaluation.silence else {
                throw RestorationError(
                    .badRequest,
                    "\(name) is silent from \(start.short) to \(end.short) s: nothing can be compared with it.")
            }
        }

        private func region(_ rate: Int) -> Range<Int> {
            let count = rate == SoundEvaluation.rate ? narrow.count : sound.count
            return min(Int(start * Double(rate)), count - 1)..<min(Int(end * Double(rate)), count)
        }

        func measured(_ url: URL) throws -> SoundScores.Estimate {
            let (other, otherRate) = try SoundEvaluation.mono(url)
            guard other.abs().max().item() > SoundEvaluation.silence else {
                throw RestorationError(
                    .badRequest, "\(url.lastPathComponent) is silent: there is nothing to compare with the reference.")
            }
            let common = RationalResampling.kaiser(from: otherRate, to: SoundEvaluation.rate).resampled(other)
            let part = region(SoundEvaluation.rate)
            let alignment = SoundAlignment.find(
                estimate: common, reference: narrow, sampleRate: SoundEvaluation.rate, region: part,
                findsDrift: findsDrift)
            let truth = narrow[part]
            let aligned = alignment.aligned(common, region: part)
            let product = (truth * aligned).sum().item()
            let matched = aligned * (product / (aligned.squared().sum().item() + 1e-20))
            let own = RationalResampling.kaiser(from: otherRate, to: rate).resampled(other)
            let scale = Double(rate) / Double(SoundEvaluation.rate)
            let wide = region(rate)
            let rates = SoundEvaluation.rate
            let siSDR = SoundMetrics.siSDR(reference: truth, estimate: matched)
            return SoundScores.Estimate(
                file: url.path, siSDR: siSDR,
                sdrF: SoundMetrics.sdrF(reference: truth, estimate: matched),
                stoi: SoundMetrics.stoi(reference: truth, estimate: matched, sampleRate: rates),
                estoi: SoundMetrics.estoi(reference: truth, estimate: matched, sampleRate: rates),
                segmentalSNR: SoundMetrics.segmentalSNR(reference: truth, estimate: matched, sampleRate: rates),
                logSpectralDistance: SoundMetrics.logSpectralDistance(
                    reference: sound[wide], estimate: alignment.aligned(own, region: wide, scale: scale),
                    sampleRate: rate),
                offset: alignment.offset / Double(rates), drift: alignment.driftPPM,
                isInverted: product < 0 && siSDR > 0)
        }
    }

    /// A whole file, its channels averaged: float64.
    private static func mono(_ url: URL) throws -> (Tensor, Int) {
        let reader = try AudioReader(contentsOf: url)
        let limit = Int(longest * Double(reader.info.sampleRate))
        var sound: [Float] = []
        while let chunk = try reader.read(1 << 16) {
            let weight = 1 / Float(chunk.channels.count)
            sound += chunk.channels.dropFirst().reduce(chunk.channels[0]) { zip($0, $1).map(+) }.map { $0 * weight }
            guard sound.count <= limit else {
                throw RestorationError(
                    .badRequest,
                    "\(url.lastPathComponent) is longer than \(Int(longest / 60)) minutes; cut out the part to be compared."
                )
            }
        }
        guard !sound.isEmpty else {
            throw RestorationError(.badRequest, "\(url.lastPathComponent) holds no samples.")
        }
        return (Tensor(sound).to(dtype: .float64), reader.info.sampleRate)
    }
}

extension Double {
    /// Seconds for a sentence.
    fileprivate var short: String { String(format: "%.2f", self) }
}
