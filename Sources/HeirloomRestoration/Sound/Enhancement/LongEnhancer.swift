public import HeirloomModels
import HeirloomSignals
import HeirloomTensors

/// A recording of any length, rate and number of channels through a network that cleans sound, in constant memory.
///
/// - How the recording is cut into blocks does not change the result.
/// - The result has the length of the input and is not delayed; the samples come half a minute late.
/// - All channels are treated alike, by what the network makes of their mean.
public final class LongEnhancer {
    private let settings: EnhancementSettings
    private let stream: NetworkStream
    private let blend: SpectralBlend
    private let hasAuxiliary: Bool
    private var channels: [SampleWindow]
    private var mid = SampleWindow()
    private var cleaned = SampleWindow()
    /// Samples that were given back.
    private var given = 0
    /// Samples that are blended at a time; where frames begin does not depend on it.
    private let block: Int

    /// Prepares for a recording.
    /// - Parameters:
    ///   - network: Wherever it lives; it is called on the thread that calls this.
    ///   - sampleRate: Of the recording, in Hz.
    ///   - auxiliary: Whether ``process(_:auxiliary:)`` will be told what a beamformer removed.
    public convenience init(
        _ network: any AudioEnhancer, sampleRate: Int, channelCount: Int, auxiliary: Bool = false,
        settings: EnhancementSettings = EnhancementSettings()
    ) {
        self.init(
            network, sampleRate: sampleRate, channelCount: channelCount, auxiliary: auxiliary, settings: settings,
            pieces: NetworkStream.Pieces())
    }

    init(
        _ network: any AudioEnhancer, sampleRate: Int, channelCount: Int, auxiliary: Bool,
        settings: EnhancementSettings,
        pieces: NetworkStream.Pieces
    ) {
        precondition(channelCount > 0, "a recording has channels")
        self.settings = settings
        stream = NetworkStream(network, sampleRate: sampleRate, auxiliary: auxiliary, pieces: pieces)
        blend = SpectralBlend(settings, sampleRate: sampleRate, networkRate: network.sampleRate)
        hasAuxiliary = auxiliary
        channels = Array(repeating: SampleWindow(), count: channelCount)
        block = max(1, 5 * sampleRate / blend.transform.hop) * blend.transform.hop
    }

    /// Takes the next samples and gives those that are ready, possibly none.
    /// - Parameters:
    ///   - samples: An array for each channel, all of one length.
    ///   - auxiliary: What a beamformer removed, where the recording was announced with it; as long as the samples.
    /// - Throws: `MediaError` where resampling fails.
    public func process(_ samples: [[Float]], auxiliary: [Float]? = nil) throws -> [[Float]] {
        precondition(
            samples.count == channels.count && samples.allSatisfy { $0.count == samples[0].count },
            "a recording of \(channels.count) channels cannot go on with the lengths \(samples.map(\.count))")
        precondition((auxiliary != nil) == hasAuxiliary, "a recording either has an auxiliary sound or none")
        guard settings.strength > 0 else { return samples }
        for (index, channel) in samples.enumerated() { channels[index].append(channel) }
        let mean = Self.mean(samples)
        mid.append(mean)
        cleaned.append(try stream.process(mean, auxiliary: auxiliary))
        return blended(upTo: nil)
    }

    /// The samples that were held back.
    /// - Throws: `MediaError` where resampling fails.
    public func finish() throws -> [[Float]] {
        guard settings.strength > 0 else { return channels.map { _ in [] } }
        cleaned.append(try stream.finish())
        return blended(upTo: mid.end)
    }

    /// The blocks that are complete.
    /// - Parameter total: The length of the recording, once it is known.
    private func blended(upTo total: Int?) -> [[Float]] {
        let margin = blend.transform.length
        var result = [[Float]](repeating: [], count: channels.count)
        while given < (total ?? cleaned.end), total != nil || cleaned.end >= given + block + margin {
            let count = min(block, (total ?? .max) - given)
            // Frames that reach over the margins' ends are wrong, and touch nothing that is kept.
            let range = given - margin..<given + count + margin
            func tensor(_ windows: [SampleWindow]) -> Tensor {
                Tensor(windows.flatMap { $0[range] }, shape: [windows.count, range.count])
            }
            let sound = withoutGradients {
                blend(tensor(channels), mid: tensor([mid]), cleaned: tensor([cleaned]))
                    .sliced(axis: 1, from: margin, to: margin + count).contiguous().scalars(as: Float.self)
            }
            for channel in result.indices { result[channel] += sound[channel * count..<(channel + 1) * count] }
            given += count
            let kept = given - margin
            for channel in channels.indices { channels[channel].forget(before: kept) }
            mid.forget(before: kept)
            cleaned.forget(before: kept)
        }
        return result
    }

    private static func mean(_ channels: [[Float]]) -> [Float] {
        guard channels.count > 1 else { return channels[0] }
        let scale = 1 / Float(channels.count)
        return channels[0].indices.map { index in channels.reduce(0) { $0 + $1[index] } * scale }
    }
}
