import HeirloomModels
import HeirloomTensors

/// A network that cleans sound, loaded and ready to work.
final class CleanNetwork {
    /// What `--model` calls it.
    let name: String
    private let network: any AudioEnhancer
    private let settings: CleanSettings

    init(_ network: any AudioEnhancer, name: String, settings: CleanSettings) {
        self.network = network
        self.name = name
        self.settings = settings
    }

    /// By how many dB it may turn anything down; nil for no limit.
    ///
    /// - Parameter isSolo: whether there is only one microphone.
    func limit(isSolo: Bool) -> Double? {
        let limit = settings.limit ?? (isSolo ? CleanSettings.soloLimit : .infinity)
        return limit.isFinite ? limit : nil
    }

    /// Its opinion of what is speech, for several microphones.
    ///
    /// - Parameter channels: the microphones that are listened to; each takes the network's time.
    func speechMask(rate: Int, channels: [Int]) -> SpeechMask {
        SpeechMask(network, sampleRate: rate, channels: channels)
    }

    /// The network's work on a recording of any length.
    func enhancer(rate: Int, channelCount: Int, auxiliary: Bool, isSolo: Bool) -> LongEnhancer {
        LongEnhancer(
            network, sampleRate: rate, channelCount: channelCount, auxiliary: auxiliary,
            settings: EnhancementSettings(strength: settings.strength, limit: limit(isSolo: isSolo)))
    }
}
