import Foundation
import HeirloomLayers
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomModels

/// ncnn files: what they hold, and what happens to those that are damaged or of other networks.
@Suite struct NCNNTests {
    private let compact = SRVGGNetCompact(.init(upscale: 2, convolutions: 2, features: 5), using: Generator(seed: 1))
    private let compactText = NCNNFileWriter.compact(features: 5, convolutions: 2, upscale: 2)

    private func weights(_ network: any BuildableModel, half: Bool) -> [UInt8] {
        NCNNFileWriter.weights(network.state().map { $0.tensor.detached() }, half: half)
    }

    private func load(_ text: String, _ bytes: [UInt8]) throws -> any BuildableModel {
        let folder = try TemporaryFolder()
        try folder.write(bytes, to: "net.bin")
        return try ForeignWeights.load(try folder.write(Array(text.utf8), to: "net.param"))
    }

    private func refusal(_ text: String, _ bytes: [UInt8]) throws -> CheckpointError {
        try #require(throws: CheckpointError.self) { try load(text, bytes) }
    }

    /// Five features make odd numbers of weights, which are padded in half precision.
    @Test(arguments: [true, false]) func everyWeightArrives(half: Bool) throws {
        let rrdb = RRDBNet(.init(blocks: 2, features: 6, growth: 5), using: Generator(seed: 2))
        let pairs: [(any BuildableModel, String)] = [
            (compact, compactText), (rrdb, NCNNFileWriter.rrdb(features: 6, growth: 5, blocks: 2)),
        ]
        for (network, text) in pairs {
            let loaded = try load(text, weights(network, half: half))
            #expect(loaded.configuration.json() == network.configuration.json())
            for (a, b) in zip(loaded.state(), network.state()) {
                let stored = half && b.tensor.rank == 4 ? b.tensor.to(dtype: .float16).to(dtype: .float32) : b.tensor
                #expect(a.name == b.name && a.tensor.isEqual(to: stored), "\(a.name)")
            }
        }
    }

    @Test func resampledOutputsAreKnown() throws {
        let text = NCNNFileWriter.compact(features: 5, convolutions: 2, upscale: 4, outputScale: 3)
        let network = SRVGGNetCompact(.init(convolutions: 2, features: 5), using: Generator(seed: 3))
        let loaded = try #require(try load(text, weights(network, half: false)) as? SRVGGNetCompact)
        #expect(loaded.configuration.outputScale == 3 && loaded.description.scale == 3)
    }

    @Test func cutAndLongWeightsAreRefused() throws {
        let bytes = weights(compact, half: true)
        for length in stride(from: 0, to: bytes.count, by: 41) {
            #expect(throws: (any Error).self, "\(length)") { try load(compactText, Array(bytes.prefix(length))) }
        }
        #expect(try refusal(compactText, Array(bytes.dropLast())).reason.contains("cut off"))
        #expect(try refusal(compactText, bytes + [0]).reason.contains("1 bytes more"))
    }

    @Test func otherNumberFormatsAreNamed() throws {
        var bytes = weights(compact, half: true)
        bytes.replaceSubrange(0..<4, with: [0x38, 0x4B, 0x0D, 0])
        #expect(try refusal(compactText, bytes).reason.contains("8-bit integers"))
        bytes.replaceSubrange(0..<4, with: [1, 0, 0, 0])
        #expect(try refusal(compactText, bytes).reason.contains("table of 256"))
    }

    @Test func valuesThatAreNoNumbersAreRefused() throws {
        var bytes = weights(compact, half: false)
        bytes.replaceSubrange(4..<8, with: [0, 0, 0xC0, 0x7F])
        let error = try refusal(compactText, bytes)
        #expect(error.code == .corrupt && error.reason.contains("body.0.weight"), "\(error)")
    }

    @Test func unknownLayersAreListed() throws {
        let text = compactText.replacing("PixelShuffle", with: "Reorg").replacing("Split", with: "Crop")
        let error = try refusal(text, weights(compact, half: true))
        #expect(error.code == .unsupported && error.reason.contains("Crop, Reorg") && error.path.hasSuffix("net.param"))
    }

    /// One number or one wire changed: never loaded as if it were the known network.
    @Test(arguments: [
        ("1=3", "1=5"), ("4=1", "4=0"), ("0=2\n", "0=3\n"), ("0=1 1=2.0", "0=2 1=2.0"), ("1=2.0 2=2.0", "1=3.0 2=3.0"),
        ("5=1", "5=0"), ("6=135", "6=136"), ("0=5\n", "0=4\n"), ("p0 c1", "c0 c1"),
        ("shuffled near output", "near near output"),
        ("data data_0 data_1", "data data_0 data_2"), ("PReLU p1 1 1 c1 p1", "PReLU p1 1 1 c0 p1"),
        ("7767517", "7767518"),
        ("1=3", "1=3 3=2"), ("1=3", "1=3 99=1"), ("1=3", "1=3 1=3"), ("1=3", "1="), ("1=3", "1=nan"), ("1=3", "1=1e99"),
        ("1=3", "-23310=2,1.0"), ("Input in 0 1", "Input in 0 9223372036854775807"), ("Input in 0 1", "Input in -1 1"),
    ])
    func changedNetworksAreRefused(_ from: String, _ to: String) throws {
        let place = try #require(compactText.range(of: from))
        let text = compactText.replacingCharacters(in: place, with: to)
        let error = try refusal(text, weights(compact, half: true))
        #expect(error.path.contains("net.") && !error.reason.isEmpty)
    }

    @Test(arguments: [("2.000000e-01,1.000000e+00", "3.000000e-01,1.000000e+00"), ("1,2.000000e-01", "1,1.000000e-01")])
    func otherFactorsAreRefused(_ from: String, _ to: String) throws {
        let network = RRDBNet(.init(blocks: 1, features: 6, growth: 5), using: Generator(seed: 4))
        let whole = NCNNFileWriter.rrdb(features: 6, growth: 5, blocks: 1)
        let text = whole.replacingCharacters(in: try #require(whole.range(of: from)), with: to)
        let error = try refusal(text, weights(network, half: true))
        #expect(error.code == .unknown && error.reason.contains("RRDBNet"), "\(error)")
    }

    @Test func halvesOfPairsAreAskedFor() throws {
        let folder = try TemporaryFolder()
        let param = try folder.write(Array(compactText.utf8), to: "a.param")
        let missing = try #require(throws: CheckpointError.self) { try ForeignWeights.load(param) }
        #expect(missing.path.hasSuffix("a.bin") && missing.code == .unreadable)
        let bin = try folder.write(weights(compact, half: true), to: "b.bin")
        let other = try #require(throws: CheckpointError.self) { try ForeignWeights.load(bin) }
        #expect(other.path.hasSuffix("b.param"))
        try folder.write(Array(compactText.utf8), to: "b.param")
        #expect(try ForeignWeights.load(bin) is SRVGGNetCompact)
    }
}
