import Foundation
import HeirloomTensors

/// Tells music and singing, which a speech cleaner must leave alone, from speech, while a channel is read.
///
/// In music, partials stay at one frequency for long; in speech they glide, and its loudness rises and falls by syllables
/// in every band. Both are measured over 3 s. What is not clearly music counts as speech: cleaning music a little is the
/// smaller mistake than leaving a voice in noise.
public struct SpeechOrMusic {
    /// What 3 s sound like.
    public enum Kind: String, Sendable, Codable {
        /// Speech, perhaps in noise, or noise alone.
        case speech
        /// Music or singing.
        case music
        /// Nothing to hear.
        case silence
    }

    /// A stretch of sound.
    public struct Segment: Sendable, Codable, Equatable {
        /// Its first sample.
        public let start: Int
        /// How many samples it has.
        public let count: Int
        /// What it sounds like.
        public let kind: Kind
        /// Part of the spectral peaks that stay at their frequency for a quarter of a second or longer, 0...1.
        public let steadiness: Double
        /// By how many dB the bands' levels move.
        public let movement: Double
    }

    /// What was found.
    public struct Report: Sendable, Codable, Equatable {
        /// Segments of 1.5 s, each judged by the 3 s that begin with it, in order.
        public let segments: [Segment]

        /// What the whole is: music if a third of what is heard is; of speech, it is one segment in a hundred or fewer.
        public var kind: Kind {
            let music = segments.count { $0.kind == .music }
            let heard = segments.count { $0.kind != .silence }
            return heard == 0 ? .silence : 3 * music > heard ? .music : .speech
        }
    }

    private let frame: Int
    private let step: Int
    /// Frames of a window of 3 s.
    private let length: Int
    private let bins: Range<Int>
    private let window: Tensor
    private var pending: [Float] = []
    private var position = 0
    private var segments: [Segment] = []

    /// A classifier.
    /// - Precondition: the rate is at least 2000 Hz.
    public init(sampleRate: Int) {
        precondition(sampleRate >= 2000, "speech and music cannot be told apart at \(sampleRate) Hz")
        frame = sampleRate * 64 / 1000 / 4 * 4
        step = frame / 4
        length = 3 * sampleRate / step / 2 * 2
        let width = Double(sampleRate) / Double(frame)
        bins = Int((150 / width).rounded(.up))..<min(frame / 2, Int((5000 / width).rounded(.up)))
        let bell = 0.5 - (Tensor.range(to: Double(frame)) * (2 * .pi / Double(frame))).cos() * 0.5
        // The same numbers for every rate: a full-scale sine is about 108 dB at any of them.
        window = bell * (1024 / Double(frame))
    }

    /// Takes the next samples of the channel, ±1.
    public mutating func add(channel: [Float]) {
        pending += channel
        let whole = (length - 1) * step + frame
        var start = 0
        while pending.count - start >= whole {
            judge(Array(pending[start..<start + whole]), count: length / 2 * step)
            start += length / 2 * step
        }
        if start > 0 { pending.removeFirst(start) }
    }

    /// What was found. Nothing can be added afterwards.
    public mutating func finish() -> Report {
        let whole = (length - 1) * step + frame
        // What is shorter than half a window belongs to the segment before it.
        if pending.count >= whole / 2 || segments.isEmpty, !pending.isEmpty {
            judge(pending, count: pending.count)
        } else if let last = segments.popLast() {
            segments.append(
                Segment(
                    start: last.start, count: last.count + pending.count, kind: last.kind,
                    steadiness: last.steadiness, movement: last.movement))
        }
        pending = []
        return Report(segments: segments)
    }

    private mutating func judge(_ part: [Float], count: Int) {
        var (kind, steadiness, movement) = (Kind.silence, 0.0, 0.0)
        if part.count >= 20 * step + frame {
            let cut = Tensor(part).windows(axis: 0, size: frame, step: step) * window
            let power = cut.realFFT().abs().squared().sliced(axis: 1, from: bins.lowerBound, to: bins.upperBound) + 1e-9
            if (power.sum(axes: [1]).quantile(0.9, axis: 0)).item() > 0.01 {
                steadiness = Self.steadiness(power)
                movement = Self.movement(power)
                kind = Self.isMusic(steadiness, movement) ? .music : .speech
            }
        }
        segments.append(
            Segment(start: position, count: count, kind: kind, steadiness: steadiness, movement: movement))
        position += count
    }

    /// Sustained vowels and single letters reach a steadiness of 0.32, but move by 9 dB and more; in words it is 0.14.
    private static func isMusic(_ steadiness: Double, _ movement: Double) -> Bool {
        steadiness > 0.4 || (steadiness > 0.085 && movement < 9)
    }

    /// Part of the cells 3 dB above their surroundings in frequency that belong to a row of sixteen or more in time.
    private static func steadiness(_ power: Tensor) -> Double {
        let level = power.log10() * 10  // [T, F]
        let (frames, count) = (level.shape[0], level.shape[1])
        let mean = level.unsqueezed(1).padded([10, 10], mode: .reflect)
            .conv1d(Tensor.full([1, 1, 21], 1.0 / 21)).squeezed(1)
        let peaks = ((level - mean) .> 3).to(dtype: .uint8).scalars(as: UInt8.self)
        var (all, steady) = (0, 0)
        for bin in 0..<count {
            var run = 0
            for frame in 0...frames {
                if frame < frames, peaks[frame * count + bin] > 0 {
                    run += 1
                } else {
                    all += run
                    steady += run >= 16 ? run : 0
                    run = 0
                }
            }
        }
        return Double(steady) / Double(max(all, 1))
    }

    /// Standard deviation in dB of the levels of bands about 600 Hz wide, at most 50 dB below each one's loudest.
    private static func movement(_ power: Tensor) -> Double {
        let width = 39
        guard power.shape[1] >= width else { return 0 }
        let bands = power.windows(axis: 1, size: width, step: width).sum(axes: [2])
        let level = bands.log10() * 10
        let limited = level.maximum(level.max(axes: [0], keepingDimensions: true) - 50)
        return limited.variance(axes: [0]).mean().sqrt().item()
    }
}
