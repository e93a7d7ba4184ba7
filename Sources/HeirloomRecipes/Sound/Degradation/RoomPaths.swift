import Foundation
import HeirloomDatasets
import HeirloomTensors

/// The ways that sound takes to every recorder of a batch: impulse responses of talkers and of noises.
struct RoomPaths {
    /// What each row hears of the talker and of the noise, `[rows, K]`.
    let talker: Tensor, noise: Tensor
    /// What each crop's reference should hear of the talker: the direct sound and 50 ms behind it, `[N, K]`.
    let early: Tensor
    /// Power of that over the power of the rest in dB, `[N]`.
    let clarity: Tensor

    /// How a response goes on where its drawn or simulated part ends.
    private struct Tail {
        /// Deviation at a place in samples.
        var level = 0.0, origin = 0.0
        /// Where it begins, and over how many samples it comes in.
        var onset = 0.0, fade = 1.0
        /// Time in which it falls by 60 dB, in seconds.
        var reverberation = 0.1
        /// How dark it is: what part of every sample goes on in the next.
        var darkness = 0.0
    }

    /// The first part of a response: a row of the bank, or impulses.
    private enum Head {
        case bank(row: Int)
        case impulse(place: Int, height: Double)
    }

    init(
        maker: SceneMaker, rows: [(crop: Int, recorder: SoundRecorder)], references: [Int], length: Int, device: Device
    ) {
        var heads: (talker: [Head], noise: [Head]) = ([], [])
        var tails: (talker: [Tail], noise: [Tail]) = ([], [])
        var directs: [Int] = []
        for (row, (crop, recorder)) in rows.enumerated() {
            let isReference = references[crop] == row
            var random = RandomSequence(maker.damages[crop].seed, 0x20_0A, UInt64(recorder.place))
            var shared = RandomSequence(maker.damages[crop].seed, 0x20_0B)
            let darkness = shared.uniform(0, 0.8)
            for isNoise in [false, true] {
                var (head, tail) = Self.path(
                    maker, maker.damages[crop], recorder, isNoise: isNoise, isReference: isReference, &random)
                tail.darkness = darkness
                if isNoise {
                    heads.noise.append(head)
                    tails.noise.append(tail)
                } else {
                    heads.talker.append(head)
                    tails.talker.append(tail)
                    switch head {
                    case .bank(let row): directs.append(maker.rooms?.directs[row] ?? 0)
                    case .impulse(let place, _): directs.append(place)
                    }
                }
            }
        }
        let rate = Double(maker.sampleRate)
        let headCount = maker.rooms?.responses.shape[1] ?? RoomBank.lead + maker.sampleRate / 50
        let longest = (tails.talker + tails.noise).map { $0.level > 0 ? $0.origin + 0.9 * $0.reverberation * rate : 0 }
        let count = min(length, max(headCount, Int(longest.max() ?? 0)))
        func responses(_ heads: [Head], _ tails: [Tail]) -> Tensor {
            Self.first(heads, bank: maker.rooms?.responses, headCount: headCount, count: count, device: device)
                + Self.decay(tails, count: count, rate: rate, using: maker.generator)
        }
        talker = responses(heads.talker, tails.talker)
        noise = responses(heads.noise, tails.noise)
        let reference = talker.rows(references)
        let (kept, fade) = (0.05 * rate, 0.004 * rate)
        let ends = column(references.map { Double(directs[$0]) + kept + fade }, device)
        let weights = ((ends - counted(count, device).unsqueezed(0)) / fade).clamped(to: 0...1)
        early = reference * weights
        let (wanted, rest) = (early.squared().sum(axes: [1]), (reference - early).squared().sum(axes: [1]))
        clarity = ((wanted + 1e-12) / (rest + 1e-12)).log10().clamped(to: -3...6) * 10
    }

    private static func path(
        _ maker: SceneMaker, _ damage: SoundDamage, _ recorder: SoundRecorder, isNoise: Bool, isReference: Bool,
        _ random: inout RandomSequence
    ) -> (Head, Tail) {
        let rate = Double(maker.sampleRate)
        var tail = Tail()
        tail.reverberation = max(damage.reverberation, 0.05)
        let lateness = isReference && !isNoise ? 0 : Int(random.uniform(0, 0.005) * rate)
        let height = isReference && !isNoise ? 1 : random.uniform(0.4, 1)
        if isNoise && !damage.isPointNoise {
            // From everywhere: every microphone hears noise of its own.
            (tail.level, tail.origin, tail.onset) = (1, Double(RoomBank.lead), Double(RoomBank.lead))
            return (.impulse(place: RoomBank.lead, height: 0), tail)
        }
        switch damage.room {
        case .simulated(let index):
            guard let rooms = maker.rooms else { preconditionFailure("a simulated room without a bank of rooms") }
            let row = rooms.row(room: index, isNoise: isNoise, microphone: recorder.place)
            let count = Double(rooms.responses.shape[1])
            tail.level = rooms.tails[row]
            (tail.origin, tail.fade) = (count, 0.01 * rate)
            tail.onset = count - tail.fade
            return (.bank(row: row), tail)
        case .simple(let ratio):
            // The power of decaying noise from its begin on is its deviation squared times this many samples.
            let samples = tail.reverberation * rate / (6 * log(10))
            tail.level = (pow(10, -ratio / 10) / samples).squareRoot()
            tail.origin = Double(RoomBank.lead + lateness)
            (tail.onset, tail.fade) = (tail.origin + 0.002 * rate, 0.001 * rate)
            return (.impulse(place: RoomBank.lead + lateness, height: height), tail)
        case .none:
            return (.impulse(place: RoomBank.lead + lateness, height: height), tail)
        }
    }

    private static func first(_ heads: [Head], bank: Tensor?, headCount: Int, count: Int, device: Device) -> Tensor {
        var impulses = [Float](repeating: 0, count: heads.count * headCount)
        var (rows, banked): ([Int], [Int]) = ([], [])
        for (row, head) in heads.enumerated() {
            switch head {
            case .bank(let place):
                rows.append(place)
                banked.append(row)
            case .impulse(let place, let height):
                impulses[row * headCount + min(place, headCount - 1)] = Float(height)
            }
        }
        var result = Tensor(impulses, shape: [heads.count, headCount], device: device)
        if let bank, !banked.isEmpty { result = result.replacing(banked, with: bank.to(device: device).rows(rows)) }
        return headCount < count
            ? result.padded([0, count - headCount]) : result.sliced(axis: 1, from: 0, to: count)
    }

    private static func decay(_ tails: [Tail], count: Int, rate: Double, using generator: Generator) -> Tensor {
        let loud = tails.indices.filter { tails[$0].level > 0 }
        guard !loud.isEmpty else { return Tensor.zeros([tails.count, count], device: generator.device) }
        func each(_ value: (Tail) -> Double) -> Tensor { column(loud.map { value(tails[$0]) }, generator.device) }
        let time = counted(count, generator.device).unsqueezed(0)
        let field = Tensor.normal([loud.count, count], using: generator)
        let darkness = each(\.darkness)
        let dark = (field + field.rolled(by: 1, axis: 1) * darkness) * (darkness.squared() + 1).rsqrt()
        let rates = each { 3 * log(10) / ($0.reverberation * rate) }
        let envelope = each(\.level) * ((each(\.origin) - time) * rates).exp()
        let begin = (((time - each(\.onset)) / each(\.fade)).clamped(to: 0...1) * (Double.pi / 2)).sin()
        return Tensor.zeros([tails.count, count], device: generator.device)
            .replacing(loud, with: dark * envelope * begin)
    }
}
