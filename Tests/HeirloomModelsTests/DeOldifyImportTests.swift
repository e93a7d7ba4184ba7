import Foundation
import HeirloomLayers
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomModels

/// DeOldify's files: the old stream form read in parts, sizes from shapes, and one sentence for every fault.
@Suite struct DeOldifyImportTests {
    private typealias State = [(name: String, tensor: Tensor)]

    private func state(_ network: any BuildableModel, _ keys: KeyTable) -> State {
        network.state().map { (keys.foreign($0.name) ?? $0.name, $0.tensor.detached()) }
    }

    private func bytes(_ state: State, under wrapper: String? = "model") -> [UInt8] {
        TorchFileWriter.stream(TorchFileWriter.pickle(state, under: wrapper, isStream: true), state)
    }

    private func load(_ bytes: [UInt8]) throws -> any BuildableModel {
        let folder = try TemporaryFolder()
        return try ForeignWeights.load(try folder.write(bytes, to: "ColorizeTest_gen.pth"))
    }

    private func expectSame(_ loaded: any BuildableModel, _ network: any BuildableModel) {
        #expect(loaded.configuration.json() == network.configuration.json() && !loaded.isTraining)
        for (a, b) in zip(loaded.state(), network.state()) {
            #expect(a.name == b.name && a.tensor.isEqual(to: b.tensor), "\(a.name)")
        }
    }

    @Test func everyBuildIsRecognised() throws {
        for sizes in [DeOldifyNetworkTests.deep, DeOldifyNetworkTests.wide] {
            let network = DeOldifyGenerator(sizes, using: Generator(seed: 1))
            expectSame(try load(bytes(state(network, network.publishedKeys))), network)
            expectSame(try load(bytes(state(network, network.publishedKeys), under: nil)), network)
        }
        let critic = DeOldifyCritic(.init(features: 8), using: Generator(seed: 2))
        expectSame(try load(bytes(state(critic, DeOldifyCritic.publishedKeys))), critic)
    }

    /// Large tensors are read in parts, whatever the alignment of the elements in the file.
    @Test(arguments: 0..<4) func partsMakeTheWhole(_ shift: Int) throws {
        let large = Tensor.uniform([5, 3 << 17], using: Generator(seed: 3))
        let other = Tensor.uniform([5, 7], using: Generator(seed: 4))
        let name = String(repeating: "x", count: 1 + shift)
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes([(name, large), ("small", other)]), to: "a.pth")
        for (key, pending) in try Checkpoint.pending(path) {
            let (whole, copy) = (try pending.tensor(), Tensor.zeros(pending.form.shape))
            try pending.copy(into: copy, named: key)
            #expect(copy.isEqual(to: key == name ? large : other) && whole.isEqual(to: copy))
            // Once more: what was given back to the system is read again.
            #expect(try pending.tensor().isEqual(to: copy))
        }
    }

    @Test func importedWeightsAreAModel() throws {
        let network = DeOldifyGenerator(DeOldifyNetworkTests.wide, using: Generator(seed: 5))
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("pretrained"), withIntermediateDirectories: true)
        try folder.write(Array(#"{"version":1,"models":[]}"#.utf8), to: "pretrained/models.json")
        let pretrained = try Pretrained(folder: folder.file("pretrained"))
        let path = try folder.write(bytes(state(network, network.publishedKeys)), to: "ColorizeTest_gen.pth")
        let imported = try pretrained.importModel(path, licence: "MIT")
        #expect(imported.name == "ColorizeTest_gen" && imported.header?.task == "colorize")
        expectSame(try pretrained.colorNetwork("ColorizeTest_gen"), network)
        expectSame(try pretrained.colorNetwork(path), network)
        let critic = DeOldifyCritic(.init(features: 8), using: Generator(seed: 2))
        let other = try folder.write(bytes(state(critic, DeOldifyCritic.publishedKeys)), to: "crit.pth")
        let error = try #require(throws: CheckpointError.self) { try pretrained.colorNetwork(other) }
        #expect(error.description.contains("not a network that colours"), "\(error)")
    }

    @Test func everyFaultIsNamed() throws {
        let network = DeOldifyGenerator(DeOldifyNetworkTests.wide, using: Generator(seed: 6))
        let whole = state(network, network.publishedKeys)
        func expectFault(_ state: State, _ words: String, _ code: CheckpointError.Code = .keys) throws {
            let error = try #require(throws: CheckpointError.self) { try load(bytes(state)) }
            #expect(error.description.contains(words) && error.code == code, "\(error)")
            #expect(error.description.contains("ColorizeTest_gen.pth"), "\(error)")
        }
        // One that is missing, one too many, one of another shape, one that is not a number, another network.
        try expectFault(whole.filter { $0.name != "layers.10.layers.1.0.weight_u" }, "missing residual.1.weight_u")
        try expectFault(whole.filter { !$0.name.hasPrefix("layers.8.") }, "nothing is named layers.8.conv.0.{*}")
        try expectFault(whole + [("layers.13.weight", .zeros([1]))], "layers.13.weight is not a name")
        try expectFault(
            whole.map { $0.name == "layers.1.bias" ? ($0.name, .zeros([5])) : $0 }, "norm.bias has shape [5]")
        try expectFault(
            whole.map { $0.name == "layers.11.0.bias" ? ($0.name, .full([3], .nan)) : $0 }, "not finite", .corrupt)
        try expectFault([("some.weight", .zeros([2]))], "of no network that is known here", .unknown)
    }

    /// Cut anywhere, the file is refused; nothing of it becomes a network.
    @Test func cutFilesAreRefused() throws {
        let network = DeOldifyGenerator(DeOldifyNetworkTests.wide, using: Generator(seed: 7))
        let whole = bytes(state(network, network.publishedKeys))
        for share in [0.001, 0.2, 0.5, 0.99] {
            #expect(throws: CheckpointError.self) { try load(Array(whole.prefix(Int(Double(whole.count) * share)))) }
        }
        #expect(throws: CheckpointError.self) { try load(Array(whole.dropLast())) }
    }

    /// A file in the published form whose optimizer carries code instead of the known slice.
    @Test func codeIsRefused() throws {
        var pickle: [UInt8] = [0x80, 2, 0x7D, 0x58, 3, 0, 0, 0] + Array("opt".utf8)  // an empty table, the key "opt"
        pickle += Array("cposix\nsystem\n".utf8) + [0x58, 4, 0, 0, 0] + Array("true".utf8) + [0x85, 0x52, 0x73, 0x2E]
        let error = try #require(throws: CheckpointError.self) { try load(TorchFileWriter.stream(pickle, [])) }
        #expect(error.code == .forbidden && error.description.contains("posix.system"), "\(error)")
    }

    @Test func manifestNamesThePublishedFiles() throws {
        let pretrained = try Pretrained.standard()
        for name in ["deoldify-artistic", "deoldify-stable", "deoldify-video"] {
            let model = try pretrained.model(named: name)
            #expect(model.architecture == "deoldify" && model.task == "colorize" && model.licence == "MIT")
            #expect(model.onRequest == true && model.files.count == 1)
        }
        // The default stays Heirloom's own.
        #expect(pretrained.models.first { $0.task == "colorize" }?.architecture == "color-unet")
        let fetched = try pretrained.model(named: "deoldify-artistic").files[0]
        guard pretrained.status(of: fetched) == .missing else { return }
        let error = try #require(throws: CheckpointError.self) { try pretrained.colorNetwork("deoldify-artistic") }
        #expect(error.description.contains("heirloom models fetch deoldify-artistic"), "\(error)")
    }
}
