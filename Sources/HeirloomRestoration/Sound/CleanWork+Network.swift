import HeirloomLayers
import HeirloomModels
import HeirloomTensors

extension CleanWork {
    /// The networks that are taken where none is named, the best first.
    private static let standardModels = ["heirloom-clean", "deepfilternet3"]

    /// The network that the settings mean; nil for none.
    ///
    /// - Throws: what the model files throw for a network that was named.
    func chooseNetwork() throws -> CleanNetwork? {
        guard settings.stages.contains(.enhance), !settings.alignsOnly else { return nil }
        switch settings.model {
        case .none: return nil
        case .named(let name): return try load(name)
        case .standard:
            let pretrained = try Pretrained.standard()
            for name in Self.standardModels {
                guard let model = pretrained.models.first(where: { $0.name == name }),
                    model.files.allSatisfy({ pretrained.status(of: $0) == .present })
                else { continue }
                return try load(name)
            }
            notes.append(
                "no network that cleans sound is here, so noise was taken away without one; 'heirloom models fetch deepfilternet3' brings one"
            )
            return nil
        }
    }

    private func load(_ name: String) throws -> CleanNetwork {
        let network = try Pretrained.standard().audioEnhancer(name) { [monitor] in monitor.tell($0) }
        let device = try settings.device.resolved()
        if device != .cpu { network.to(device: device) }
        return CleanNetwork(network, name: name, settings: settings)
    }

    /// Sound put through the network.
    ///
    /// - Parameters:
    ///   - sound: its channels; with `auxiliary` the second one is what was taken away before.
    ///   - isSolo: whether it comes from one microphone.
    ///   - music: what is left as it is.
    ///   - origin: where the sound begins in the recording that the music is in, in seconds.
    func enhanced(
        _ sound: ScratchSound, rate: Int, auxiliary: Bool, isSolo: Bool, _ network: CleanNetwork?,
        keeping music: KeptMusic = .none, from origin: Double = 0
    ) throws -> ScratchSound {
        guard let network, settings.strength > 0 else { return auxiliary ? sound.first : sound }
        let channelCount = auxiliary ? 1 : sound.channelCount
        let result = try ScratchSound(channelCount: channelCount, in: folder)
        let enhancer = network.enhancer(
            rate: rate, channelCount: channelCount, auxiliary: auxiliary, isSolo: isSolo)
        let meter = PhaseMeter(monitor, "cleaning", seconds: Double(sound.count) / Double(rate))
        func append(_ cleaned: [[Float]]) throws {
            guard !cleaned[0].isEmpty else { return }
            let place = result.count
            let original = music.ranges.isEmpty ? cleaned : try sound.channels(place..<place + cleaned[0].count)
            try result.append(
                music.mixed(cleaned, original, at: origin + Double(place) / Double(rate), rate: rate))
        }
        let step = 10 * rate
        var start = 0
        while start < sound.count {
            let end = min(start + step, sound.count)
            let samples = try sound.channels(start..<end)
            let cleaned = try recovering {
                try enhancer.process(Array(samples.prefix(channelCount)), auxiliary: auxiliary ? samples[1] : nil)
            }
            try append(cleaned)
            try meter.advance(Double(end - start) / Double(rate))
            start = end
        }
        try append(try recovering { try enhancer.finish() })
        return result
    }
}
