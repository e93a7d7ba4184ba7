import Foundation
import HeirloomLayers
import HeirloomModels
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

extension SpectralUNetConfiguration {
    /// So small that a test can run it.
    static let tiny = SpectralUNetConfiguration(
        fold: 8, channels: [8, 16], strides: [[2, 2]], blocks: 1, recurrences: 1, hidden: 8, sampleRate: 16_000)
}

@Suite struct SpectralUNetTests {
    private let generator = Generator(seed: 5)

    /// A tone of a frequency in Hz, `[1, length]`.
    private func tone(_ frequency: Double, _ length: Int, rate: Double = 16_000) -> Tensor {
        let angle = Tensor.range(to: Double(length)) * (2 * Double.pi * frequency / rate)
        return angle.sin().unsqueezed(0)
    }

    private func speechlike(_ length: Int, count: Int = 1) -> Tensor {
        let voice = tone(220, length) + tone(1900, length) * 0.4
        let noise = Tensor.normal([count, length], standardDeviation: 0.1, using: generator)
        return (noise + voice) * 0.2
    }

    /// Ratio of a signal to what another differs from it by, in dB.
    private func ratio(_ x: Tensor, _ y: Tensor) -> Double {
        10 * log10(x.squared().sum().item() / max((x - y).squared().sum().item(), 1e-30))
    }

    /// The network begins with a mask near 1 and adds nothing: any length comes back as it was, in its place.
    @Test(arguments: [1, 127, 128, 1000, 5001, 16_000])
    func anUntrainedNetworkChangesLittle(length: Int) {
        let network = SpectralUNet(.tiny, using: generator)
        let sound = speechlike(length)
        let made = withoutGradients { network.enhanced(sound, auxiliary: nil) }
        #expect(made.shape == [1, length])
        #expect(ratio(sound, made) > 15)
    }

    /// A mask of exactly 1 gives the input back, at both rates and with the band above 8 kHz.
    @Test(arguments: [16_000, 48_000])
    func aMaskOfOneIsTheIdentity(sampleRate: Int) throws {
        let network = SpectralUNet(.tiny, using: generator)
        try network.neutralise()
        let sound = Tensor.normal([2, 7001], standardDeviation: 0.1, using: generator)
        let made = withoutGradients { network.enhanced(sound, auxiliary: nil, sampleRate: sampleRate) }
        #expect(ratio(sound, made) > 60)
    }

    @Test func bothRatesHearTheSame() {
        let network = SpectralUNet(.tiny, using: generator)
        func tones(_ rate: Int) -> Tensor {
            (tone(440, rate / 2, rate: Double(rate)) + tone(3000, rate / 2, rate: Double(rate))) * 0.2
        }
        withoutGradients {
            let low = network.enhanced(tones(16_000), auxiliary: nil, sampleRate: 16_000)
            let high = network.enhanced(tones(48_000), auxiliary: nil, sampleRate: 48_000)
            let same = high.sliced(axis: 1, from: 0, to: nil, by: 3)
            let middle = { (x: Tensor) in x.sliced(axis: 1, from: 2000, to: 6000) }
            #expect(ratio(middle(low), middle(same)) > 30)
        }
    }

    @Test(arguments: [16_000, 48_000]) func silenceStaysSilence(sampleRate: Int) {
        let network = SpectralUNet(.tiny, using: generator)
        let both = concatenated([Tensor.zeros([1, 3000]), speechlike(3000)], axis: 0)
        let made = withoutGradients { network.enhanced(both, auxiliary: both, sampleRate: sampleRate) }
        #expect(made.selected(axis: 0, index: 0).abs().max().item() == 0)
        #expect(made.isFinite().all().item() == 1)
        #expect(made.selected(axis: 0, index: 1).abs().max().item() > 0.1)
    }

    /// The auxiliary signal is heard, and nothing is what zeros are.
    @Test func theAuxiliarySignalMatters() {
        let network = SpectralUNet(.tiny, using: generator)
        let sound = speechlike(4000)
        withoutGradients {
            let alone = network.enhanced(sound, auxiliary: nil)
            #expect(network.enhanced(sound, auxiliary: .zeros([1, 4000])).isEqual(to: alone))
            #expect(!network.enhanced(sound, auxiliary: sound * 0.5).isEqual(to: alone))
        }
    }

    @Test func gradientsReachEveryParameterAndAreFinite() {
        let network = SpectralUNet(.tiny, using: generator)
        let form = SpectralForm(sampleRate: 16_000)
        // With a stretch of digital silence, where powers have no slope.
        let sound = concatenated([speechlike(3000), .zeros([1, 1000])], axis: 1)
        let heard = SpectralForm.compressed(form.spectrum(of: sound).sliced(axis: 2, from: 0, to: 256))
        let estimate = network.estimate(heard, auxiliary: nil)
        let back = form.sound(of: SpectralForm.expanded(estimate.spectrum).padded([0, 0, 0, 1]), length: 4000)
        (back.squared().sum() + estimate.noise.mean() + estimate.presence.mean()).backward()
        for (name, parameter) in network.namedParameters() {
            let gradient = parameter.gradient
            #expect(gradient != nil, "\(name) has no gradient")
            #expect(gradient?.isFinite().all().item() == 1, "\(name) has a gradient that is not finite")
        }
    }

    @Test func compressionIsUndone() {
        let form = SpectralForm(sampleRate: 16_000)
        let spectrum = form.spectrum(of: speechlike(2000))
        let back = SpectralForm.expanded(SpectralForm.compressed(spectrum))
        #expect(ratio(spectrum, back) > 80)
        // A sine of amplitude 0.5 has magnitude 0.5 at its bin: 31.25 Hz each.
        let sine = tone(1000, 8000) * 0.5
        let power = SpectralForm.power(of: form.spectrum(of: sine)).selected(axis: 3, index: 30).squeezed(0).squeezed(0)
        #expect(abs(power.selected(axis: 0, index: 32).item().squareRoot() - 0.5) < 1e-3)
    }

    @Test func aSavedNetworkIsTheSame() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("clean.safetensors")
        let network = SpectralUNet(.tiny, using: generator)
        try ModelFile.write(network, to: path, dtype: .float32, task: "clean", licence: "made by the test")
        let read = try ModelFile(path: path).load(SpectralUNet.self)
        #expect(read.configuration == .tiny)
        let sound = speechlike(2000)
        withoutGradients {
            #expect(read.enhanced(sound, auxiliary: nil).isEqual(to: network.enhanced(sound, auxiliary: nil)))
        }
    }

    /// The default release size stays within 5 MB in half precision.
    @Test func sizesAreAsPromised() {
        func count(_ size: SpectralUNetConfiguration) -> Int {
            SpectralUNet(size, using: nil).namedParameters().reduce(0) { $0 + $1.tensor.count }
        }
        #expect((400_000...700_000).contains(count(.small)))
        #expect(count(.medium) * 2 < 5_000_000)
        #expect(SpectralUNetConfiguration(size: "m") == .medium && SpectralUNetConfiguration(size: "X") == nil)
    }

    @Test(arguments: [
        #"{"fold":3,"channels":[8],"strides":[],"blocks":1,"recurrences":0,"hidden":8,"sampleRate":16000}"#,
        #"{"fold":4,"channels":[12],"strides":[],"blocks":1,"recurrences":0,"hidden":8,"sampleRate":16000}"#,
        #"{"fold":4,"channels":[8,8],"strides":[],"blocks":1,"recurrences":0,"hidden":8,"sampleRate":16000}"#,
        #"{"fold":4,"channels":[8,8],"strides":[[2,9]],"blocks":1,"recurrences":0,"hidden":8,"sampleRate":16000}"#,
        #"{"fold":4,"channels":[8],"strides":[],"blocks":1,"recurrences":0,"hidden":8,"sampleRate":44100}"#,
    ]) func impossibleSizesAreRefused(json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(SpectralUNetConfiguration.self, from: Data(json.utf8))
        }
    }

    @Test func theMaskLiesBetweenZeroAndOne() {
        let network = SpectralUNet(.tiny, using: generator)
        let mask = withoutGradients { network.speechMask(of: speechlike(4000, count: 2), sampleRate: 16_000) }
        #expect(mask.shape == [2, 256, SpectralForm(sampleRate: 16_000).transform.frameCount(samples: 4000)])
        #expect(mask.min().item() >= 0 && mask.max().item() <= 1)
    }

    @Test func aCriticHasAnOpinionAtEveryResolution() {
        let critic = SpectralCritic(.init(frames: [128, 256], channels: 4), using: generator)
        let sound = speechlike(2000, count: 2)
        let opinion = critic(sound, recording: sound * 0.5)
        #expect(opinion.logits.count == 2 && opinion.features.count == 10)
        #expect(opinion.logits.allSatisfy { $0.shape[0] == 2 && $0.shape[1] == 1 && $0.isFinite().all().item() == 1 })
        opinion.logits.map { $0.mean() }.reduce(Tensor.zeros([]), +).backward()
        #expect(critic.namedParameters().allSatisfy { $0.tensor.gradient?.isFinite().all().item() == 1 })
    }
}

extension SpectralUNet {
    /// Gives the last layer zeros and a bias that makes every mask 1.
    fileprivate func neutralise() throws {
        var values = Dictionary(uniqueKeysWithValues: state().map { ($0.name, $0.tensor.detached().copied()) })
        for (name, tensor) in values where name.hasPrefix("head.output.") {
            values[name] = .zeros(tensor.shape)
        }
        values["head.output.bias"] = concatenated(
            [.full([configuration.fold], atanh(0.5)), .zeros([5 * configuration.fold])], axis: 0)
        try load(values)
    }
}
