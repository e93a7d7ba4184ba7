import Foundation
import HeirloomLayers
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomModels

/// Weights under foreign names: every naming and wrapping, sizes from shapes, and one sentence for every fault.
@Suite struct ForeignWeightsTests {
    private let rrdb = RRDBNet(.init(scale: 2, blocks: 2, features: 6, growth: 5), using: Generator(seed: 1))
    private let plain = RRDBNet(.init(blocks: 2, features: 6, growth: 5), using: Generator(seed: 2))

    private func state(_ network: any BuildableModel, _ keys: KeyTable) -> [(name: String, tensor: Tensor)] {
        network.state().map { (keys.foreign($0.name) ?? $0.name, $0.tensor.detached()) }
    }

    private func load(
        _ state: [(name: String, tensor: Tensor)], under wrapper: String? = nil, stream: Bool = false
    ) throws -> any BuildableModel {
        let folder = try TemporaryFolder()
        let pickle = TorchFileWriter.pickle(state, under: wrapper, isStream: stream)
        let bytes = stream ? TorchFileWriter.stream(pickle, state) : TorchFileWriter.zip(pickle, state)
        return try ForeignWeights.load(try folder.write(bytes, to: "net.pth"))
    }

    private func expectSame(_ loaded: any BuildableModel, _ network: any BuildableModel) {
        #expect(loaded.configuration.json() == network.configuration.json() && !loaded.isTraining)
        for (a, b) in zip(loaded.state(), network.state()) {
            #expect(a.name == b.name && a.tensor.isEqual(to: b.tensor), "\(a.name)")
        }
    }

    @Test(arguments: [nil, "params_ema", "params", "model_state_dict", "state_dict", "model", "net"])
    func everyWrapping(_ wrapper: String?) throws {
        let state = state(rrdb, RRDBNet.publishedKeys)
        expectSame(try load(state, under: wrapper), rrdb)
        expectSame(try load(state, under: wrapper, stream: true), rrdb)
        expectSame(try load(state.map { ("module." + $0.name, $0.tensor) }, under: wrapper), rrdb)
    }

    @Test func everyNaming() throws {
        expectSame(try load(state(plain, RRDBNet.publishedKeys)), plain)
        expectSame(try load(state(plain, RRDBNet.trunkKeys)), plain)
        // In the first release's names the trunk's last convolution has the number of the blocks.
        let numbered = plain.state().map { name, tensor in
            let key =
                name.hasPrefix("trunk.") ? "model.1.sub.2." + name.dropFirst(6) : RRDBNet.sequenceKeys.foreign(name)
            return (name: key ?? name, tensor: tensor.detached())
        }
        expectSame(try load(numbered), plain)
        let compact = SRVGGNetCompact(.init(upscale: 3, convolutions: 3, features: 7), using: Generator(seed: 3))
        expectSame(try load(state(compact, SRVGGNetCompact.publishedKeys), under: "params"), compact)
        let critic = UNetDiscriminatorSN(.init(features: 4), using: Generator(seed: 4))
        expectSame(try load(state(critic, UNetDiscriminatorSN.publishedKeys), under: "params"), critic)
    }

    @Test func safetensorsAndModelFiles() throws {
        let folder = try TemporaryFolder()
        try Safetensors.write(state(rrdb, RRDBNet.publishedKeys), to: folder.file("a.safetensors"))
        expectSame(try ForeignWeights.load(folder.file("a.safetensors")), rrdb)
        try ModelFile.write(rrdb, to: folder.file("b.safetensors"), dtype: .float32, task: "upscale", licence: "MIT")
        expectSame(try ForeignWeights.load(folder.file("b.safetensors")), rrdb)
    }

    @Test func everyFaultIsListed() throws {
        var entries = state(rrdb, RRDBNet.publishedKeys)
        entries.removeAll { $0.name == "conv_hr.bias" }
        entries.append(("conv_extra.weight", .zeros([1])))
        let unknown = try #require(throws: CheckpointError.self) { try load(entries) }
        #expect(unknown.code == .keys && unknown.path.hasSuffix("net.pth"))
        #expect(unknown.reason.contains("conv_extra.weight is not a name of RRDBNet"), "\(unknown)")

        entries.removeAll { $0.name == "conv_extra.weight" || $0.name == "body.1.rdb2.conv3.bias" }
        entries = entries.map { $0.name == "conv_last.bias" ? ($0.name, .zeros([4])) : $0 }
        let missing = try #require(throws: CheckpointError.self) { try load(entries) }
        for part in ["refine.bias", "body.1.dense2.conv3.bias", "last.bias"] {
            #expect(missing.reason.contains(part), "\(missing)")
        }
    }

    @Test func otherNetworksAreNamed() throws {
        let error = try #require(throws: CheckpointError.self) { try load([("fc.weight", .zeros([2, 2]))]) }
        #expect(error.code == .unknown && error.reason.contains("fc.weight") && error.reason.contains("RRDBNet"))
    }

    @Test func impossibleShapesAreRefused() throws {
        func changed(_ name: String, _ shape: [Int]) -> [(name: String, tensor: Tensor)] {
            state(plain, RRDBNet.publishedKeys).map { $0.name == name ? ($0.name, .zeros(shape)) : $0 }
        }
        for (name, shape, part) in [
            ("conv_first.weight", [6, 5, 3, 3], "takes 5 channels"),
            ("conv_first.weight", [6, 27], "not one of 4 axes"),
            ("conv_first.weight", [1000, 3, 3, 3], "not in 4...512"),
            ("conv_first.weight", [500, 3, 3, 3], "is incomplete"),
            ("body.0.rdb1.conv1.weight", [3, 6, 3, 3], "not in 4...512"),
        ] {
            let error = try #require(throws: CheckpointError.self) { try load(changed(name, shape)) }
            #expect(error.reason.contains(part), "\(error)")
        }
        // A block number without the blocks before it would make a network of gigabytes.
        let far = state(plain, RRDBNet.publishedKeys) + [("body.999999999999999999999.rdb1.conv1.bias", .zeros([5]))]
        #expect(try #require(throws: CheckpointError.self) { try load(far) }.reason.contains("1...64 blocks"))
        let compact = SRVGGNetCompact(.init(convolutions: 2, features: 6), using: Generator(seed: 5))
        let bad = state(compact, SRVGGNetCompact.publishedKeys).map { name, tensor in
            name == "body.6.bias" ? (name: name, tensor: Tensor.zeros([47])) : (name: name, tensor: tensor)
        }
        #expect(try #require(throws: CheckpointError.self) { try load(bad) }.reason.contains("47 channels"))
    }

    /// Thousands of names for one storage: a file of a megabyte that would fill gigabytes.
    @Test(arguments: [true, false]) func inflationIsRefused(stream: Bool) throws {
        let folder = try TemporaryFolder()
        let large = Tensor.zeros([1000, 256])
        let names = (0..<5000).map { (name: "body.0.rdb1.conv1.weight\($0)", tensor: large) }
        var pickle = TorchFileWriter.pickle(names, under: nil, isStream: stream)
        // Every tensor names storage 0: BINUNICODE, length 1 to 4, digits, then "cpu".
        pickle = Self.replacingStorageKeys(in: pickle)
        let one = Array(names.prefix(1))
        let bytes = stream ? TorchFileWriter.stream(pickle, one) : TorchFileWriter.zip(pickle, one)
        let path = try folder.write(bytes, to: "bomb.pth")
        let error = try #require(throws: CheckpointError.self) { try ForeignWeights.load(path) }
        #expect(error.code == .corrupt && error.reason.contains("5120 MB"), "\(error)")
    }

    private static func replacingStorageKeys(in pickle: [UInt8]) -> [UInt8] {
        let (key, cpu) = (Array("FloatStorage\n".utf8), [0x58, 3, 0, 0, 0] + Array("cpu".utf8))
        var result: [UInt8] = []
        var rest = pickle[...]
        while let start = rest.firstRange(of: key) {
            result += rest[..<start.upperBound] + [0x58, 1, 0, 0, 0, 0x30]
            rest = rest[start.upperBound...]
            guard let next = rest.firstRange(of: cpu) else { break }
            rest = rest[next.lowerBound...]
        }
        return result + rest
    }

    @Test func forbiddenCodeIsNamed() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([0x80, 2] + Array("cos\nsystem\n)R.".utf8), to: "x.pth")
        let error = try #require(throws: CheckpointError.self) { try ForeignWeights.load(path) }
        #expect(error.code == .forbidden && error.description.contains("os.system"))
    }

    /// A few hundred damaged files of every form; `heirloom-engine fuzz models` runs as many as one likes.
    @Test func damagedFilesNeverCrash() throws {
        let outcome = try ModelFuzzer(seed: 20).run(0..<250)
        #expect(outcome.faults.isEmpty, "\(outcome.faults)")
        #expect(outcome.refused > 150, "\(outcome)")
    }
}
