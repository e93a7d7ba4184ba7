import HeirloomLayers
import HeirloomMedia
import HeirloomModels
import HeirloomTensors

/// One channel of any length through a network, in pieces that begin at fixed places: how the sound is cut on its way in
/// makes no difference.
///
/// Each piece sees some seconds more on both sides, and neighbours fade into each other. The level that the network is
/// shown follows the last minute; it is taken back afterwards, so that the output has no steps.
final class NetworkStream {
    /// Lengths in seconds. Whole ones, so that pieces begin at whole samples at every rate.
    struct Pieces {
        /// What is kept of a piece.
        var core = 30
        /// What it sees beyond, on each side.
        var context = 2
        /// What the level is measured over, up to the end of a piece.
        var level = 60
    }

    private let network: any AudioEnhancer
    private let device: Device
    private let sampleRate: Int
    private let core: Int
    private let context: Int
    private let levelWindow: Int
    /// Half of a cross-fade.
    private let fade: Int
    private var sound = SampleWindow()
    private var auxiliary = SampleWindow()
    private let hasAuxiliary: Bool
    /// Magnitudes of every eighth sample.
    private var magnitudes = SampleWindow()
    private static let magnitudeStep = 8
    /// Pieces that are done.
    private var done = 0
    /// What the last piece made of the beginning of the next, from a fade before it on.
    private var tail: [Float] = []

    /// Begins a stream.
    /// - Parameter sampleRate: Of what goes in and comes out, in Hz; the network has its own.
    init(_ network: any AudioEnhancer, sampleRate: Int, auxiliary: Bool = false, pieces: Pieces = Pieces()) {
        self.network = network
        self.sampleRate = sampleRate
        hasAuxiliary = auxiliary
        device = network.state().first?.tensor.device ?? .cpu
        core = pieces.core * sampleRate
        context = pieces.context * sampleRate
        levelWindow = pieces.level * sampleRate
        fade = sampleRate / 40
    }

    /// Takes the next samples and gives those that are ready, possibly none.
    func process(_ samples: [Float], auxiliary other: [Float]? = nil) throws -> [Float] {
        precondition((other != nil) == hasAuxiliary, "a stream either has an auxiliary sound or none")
        precondition(other.map { $0.count == samples.count } ?? true, "the auxiliary sound has another length")
        let step = Self.magnitudeStep
        let next = (sound.end + step - 1) / step * step - sound.end
        magnitudes.append(stride(from: next, to: samples.count, by: step).map { abs(samples[$0]) })
        sound.append(samples)
        if let other { auxiliary.append(other) }
        var result: [Float] = []
        while sound.end >= (done + 1) * core + context { result += try piece(of: nil) }
        return result
    }

    /// The samples that were held back.
    func finish() throws -> [Float] {
        var result: [Float] = []
        while done * core < sound.end { result += try piece(of: sound.end) }
        return result
    }

    /// The next piece.
    /// - Parameter total: The length of the whole stream, once it is known.
    private func piece(of total: Int?) throws -> [Float] {
        let (start, end) = (done * core, min((done + 1) * core, total ?? .max))
        let range = max(0, start - context)..<min(end + context, total ?? .max)
        let cleaned = try cleaned(range)
        let isLast = end == total
        let begin = done == 0 ? 0 : start - fade
        // The last piece may begin with less than a fade before its end.
        let stop = isLast ? end : end - fade
        var result = Array(cleaned[begin - range.lowerBound..<max(begin, stop) - range.lowerBound])
        for index in 0..<min(tail.count, result.count) {
            let weight = (Float(index) + 0.5) / Float(2 * fade)
            result[index] = weight * result[index] + (1 - weight) * tail[index]
        }
        let reach = min(end + fade, range.upperBound)
        tail = isLast ? [] : Array(cleaned[stop - range.lowerBound..<reach - range.lowerBound])
        done += 1
        sound.forget(before: end - context)
        auxiliary.forget(before: end - context)
        magnitudes.forget(before: (end - levelWindow) / Self.magnitudeStep)
        return result
    }

    private func cleaned(_ range: Range<Int>) throws -> [Float] {
        let gain = gain(at: range.upperBound)
        func input(_ window: SampleWindow) throws -> Tensor {
            let samples = try resampled(window[range], from: sampleRate, to: network.sampleRate)
            return Tensor(samples, shape: [1, samples.count], device: device) * gain
        }
        let output = withoutGradients { [network] in
            do {
                let auxiliary = hasAuxiliary ? try input(auxiliary) : nil
                return Result { network.enhanced(try input(sound), auxiliary: auxiliary) * (1 / gain) }
            } catch {
                return .failure(error)
            }
        }
        var result = try resampled(
            try output.get().to(dtype: .float32, device: .cpu).scalars(as: Float.self), from: network.sampleRate,
            to: sampleRate)
        // Both directions round to whole samples.
        if result.count > range.count { result.removeLast(result.count - range.count) }
        return result + [Float](repeating: 0, count: range.count - result.count)
    }

    private func resampled(_ samples: [Float], from: Int, to: Int) throws -> [Float] {
        guard from != to else { return samples }
        let resampler = try AudioResampler(from: from, to: to, channelCount: 1)
        return try resampler.process([samples])[0] + (try resampler.finish()[0])
    }

    /// What brings the sound of the last minute to the level that the network does best with.
    private func gain(at end: Int) -> Double {
        guard let wanted = network.inputLevel else { return 1 }
        let step = Self.magnitudeStep
        let first = max(0, (end - levelWindow) / step)
        let values = magnitudes[first..<max(first + 1, min((end + step - 1) / step, magnitudes.end))]
        let level = Tensor(values).quantile(0.99, axis: 0).item()
        return level > 0 ? min(max(wanted / level, 1e-3), 1e5) : 1
    }
}
