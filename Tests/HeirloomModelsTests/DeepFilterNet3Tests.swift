import Foundation
import HeirloomLayers
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomModels

/// The published network for sound: its parts, and its output beside that of the authors' runtime.
@Suite struct DeepFilterNet3Tests {
    private let small = DeepFilterNet3(.init(channels: 8, hidden: 32), using: Generator(seed: 4))

    private func noise(_ shape: [Int], seed: UInt64 = 1) -> Tensor {
        .normal(shape, standardDeviation: 0.1, using: Generator(seed: seed))
    }

    @Test func sizesAreCounted() {
        for sizes in [DeepFilterNet3Configuration(), .init(channels: 8, hidden: 32), .init(channels: 4, hidden: 16)] {
            let network = DeepFilterNet3(sizes, using: nil)
            #expect(network.namedParameters().reduce(0) { $0 + $1.tensor.count } == sizes.parameterCount)
            #expect(network.state().count == 69)
        }
    }

    @Test(arguments: ["{\"channels\":63,\"hidden\":256}", "{\"channels\":64,\"hidden\":1000000}", "{\"channels\":64}"])
    func impossibleSizesAreRefused(_ json: String) {
        #expect(throws: (any Error).self) {
            try Registry.architecture(named: "deepfilternet3").build(configuration: json)
        }
    }

    @Test func everyNameHasAPublishedOne() {
        let network = DeepFilterNet3(using: nil)
        let published = network.state().compactMap { DeepFilterNet3.publishedKeys.foreign($0.name) }
        #expect(published.count == network.state().count && Set(published).count == published.count)
    }

    /// Made by the rule of the authors' library in single precision, by a program of its own.
    @Test func bandsAreThoseOfTheAuthors() {
        #expect(
            DeepFilterNet3.bandWidths == [
                2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 5, 5, 7, 7, 8, 10, 12, 13, 15, 18, 20, 24, 28, 31, 37, 42, 50,
                56,
                67,
            ])
        #expect(DeepFilterNet3.bandWidths.reduce(0, +) == 481)
    }

    @Test(arguments: [1, 63, 64, 65, 200]) func runningMeansAreThoseOfTheDefinition(count: Int) {
        let values = noise([2, count, 3])
        let first = Tensor([1, -2, 0.5] as [Float])
        let found = values.runningMean(from: first, keeping: 0.9)
        #expect(found.shape == [2, count, 3])
        var mean = first.reshaped([1, 3])
        for frame in 0..<count {
            mean = mean * 0.9 + values.selected(axis: 1, index: frame) * 0.1
            let error = (found.selected(axis: 1, index: frame) - mean).abs().max().item()
            #expect(error < 1e-6, "frame \(frame): \(error)")
        }
    }

    @Test func piecesMakeNoDifference() {
        let bands = noise([2, 40, 32])
        let parts = noise([2, 40, 96, 2], seed: 2)
        let whole = small.predicted(bands: bands, bins: parts.viewedAsComplex())
        for piece in [1, 3, 7, 39] {
            let pieces = small.predicted(bands: bands, bins: parts.viewedAsComplex(), piece: piece)
            #expect((pieces.gains - whole.gains).abs().max().item() < 1e-5)
            #expect((pieces.coefficients - whole.coefficients).abs().max().item() < 1e-4)
        }
        #expect(whole.gains.shape == [2, 40, 32] && whole.coefficients.shape == [2, 40, 96, 5])
        #expect(whole.signalToNoise.min().item() >= -15 && whole.signalToNoise.max().item() <= 35)
    }

    @Test(arguments: [1, 479, 480, 481, 4000]) func lengthsStay(length: Int) {
        let sound = noise([2, length])
        let output = small.enhanced(sound)
        #expect(output.shape == [2, length])
        #expect(output.hasOnlyFiniteElements)
        let alone = small.enhanced(sound.sliced(axis: 0, from: 1))
        #expect((alone - output.sliced(axis: 0, from: 1)).abs().max().item() < 1e-5)
    }

    @Test func silenceStaysSilence() {
        let output = small.enhanced(.zeros([1, 48_000]))
        #expect(output.abs().max().item() == 0)
        let waking = small.enhanced(concatenated([.zeros([1, 96_000]), noise([1, 4800])], axis: 1))
        #expect(waking.hasOnlyFiniteElements)
    }

    /// With gains of one and filters that take the frame itself, the sound comes back: nothing is delayed.
    @Test func nothingIsDelayed() {
        let network = DeepFilterNet3(.init(channels: 8, hidden: 32), using: nil)
        let state = Dictionary(uniqueKeysWithValues: network.state().map { ($0.name, $0.tensor) })
        withoutGradients {
            state["bandDecoder.last.bias"]?.fill(40)
            // The pathway gives the real part of the third coefficient.
            state["filterDecoder.pathway.pointwise.bias"]?.copy(
                from: Tensor([0, 0, 0, 0, 1, 0, 0, 0, 0, 0] as [Float]))
        }
        let sound = noise([1, 5000])
        #expect((network.enhanced(sound) - sound).abs().max().item() < 1e-5)
    }

    private static let standard = try? Pretrained.standard()
    private static var isHere: Bool {
        guard let standard, let model = try? standard.model(named: "deepfilternet3") else { return false }
        return [.present, .unconverted].contains(standard.status(of: model.files[0]))
    }

    /// The authors' runtime on a made-up voice in noise, kept in half precision: rounding alone leaves about 70 dB.
    @Test(.enabled(if: isHere, "the network is not here (make setup)")) func agreesWithTheAuthorsRuntime() throws {
        let standard = try #require(Self.standard)
        let network = try standard.audioEnhancer("deepfilternet3")
        let model = try standard.model(named: "deepfilternet3")
        #expect(standard.status(of: model.files[0], comparingDigest: true) == .present)
        let fixture = try SafetensorsFile(path: Fixture.path("deepfilternet3/voice.safetensors"))
        let input = try fixture.tensor("input").to(dtype: .float32).unsqueezed(0)
        let wanted = try fixture.tensor("output").to(dtype: .float32)
        let found = network.enhanced(input, auxiliary: nil).squeezed(0)
        let error = (found - wanted).squared().sum().item() / wanted.squared().sum().item()
        #expect(10 * log10(error) < -60, "\(10 * log10(error)) dB")
        // Not for being left as it was.
        #expect((input.squeezed(0) - wanted).squared().sum().item() > 0.1 * wanted.squared().sum().item())
    }
}
