import Foundation
import HeirloomLayers
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomModels

/// Archives of ONNX graphs: what they hold, and what happens to those that are damaged or of other networks.
@Suite struct ONNXTests {
    private let network = DeepFilterNet3(.init(channels: 4, hidden: 16), using: Generator(seed: 8))

    private var state: [(name: String, tensor: Tensor)] {
        network.state().map { (DeepFilterNet3.publishedKeys.foreign($0.name) ?? $0.name, $0.tensor.detached()) }
    }

    private func load(_ bytes: [UInt8]) throws -> any BuildableModel {
        let folder = try TemporaryFolder()
        return try ForeignWeights.load(try folder.write(bytes, to: "net.tar.gz"))
    }

    private func refusal(_ archive: [UInt8]) throws -> CheckpointError {
        let error = try #require(throws: CheckpointError.self) { try load(ONNXFileWriter.gzip(archive)) }
        #expect(error.path.hasSuffix("net.tar.gz"))
        return error
    }

    /// The refusal of an archive with one graph beside the right settings.
    private func refusal(graph: [UInt8]) throws -> CheckpointError {
        try refusal(
            ONNXFileWriter.tar([("enc.onnx", graph), ("config.ini", ONNXFileWriter.text(DeepFilterNet3.settings))]))
    }

    @Test func everyWeightArrives() throws {
        let loaded = try load(ONNXFileWriter.gzip(ONNXFileWriter.archive(state)))
        #expect(loaded.configuration.json() == network.configuration.json())
        for (a, b) in zip(loaded.state(), network.state()) {
            #expect(a.name == b.name && a.tensor.isEqual(to: b.tensor), "\(a.name)")
        }
    }

    @Test func missingAndForeignWeightsAreNamed() throws {
        let cut = state.filter { $0.name != "df_dec/df_skip/Einsum.weight" }
        #expect(try refusal(ONNXFileWriter.archive(cut)).reason.contains("df_dec/df_skip/Einsum"))
        let more = state + [(name: "enc/other/Conv.weight", tensor: Tensor.zeros([1, 1, 1, 1]))]
        #expect(try refusal(ONNXFileWriter.archive(more)).reason.contains("enc/other/Conv.weight"))
    }

    /// The same weights with another look ahead are another network.
    @Test(arguments: ["df.df_lookahead", "df.sr", "train.model", "deepfilternet.conv_lookahead"])
    func otherSettingsAreRefused(_ key: String) throws {
        var settings = DeepFilterNet3.settings
        settings[key] = "7"
        #expect(try refusal(ONNXFileWriter.archive(state, settings: settings)).reason.contains("\(key) = 7"))
        settings[key] = nil
        #expect(try refusal(ONNXFileWriter.archive(state, settings: settings)).reason.contains("\(key) = none"))
    }

    @Test func operationsOfOtherNetworksAreRefused() throws {
        let node = ONNXFileWriter.field(1, ONNXFileWriter.node("/loop", "Loop", ["x"]))
        let error = try refusal(graph: ONNXFileWriter.field(7, node))
        #expect(error.code == .unsupported && error.reason.contains("Loop"))
    }

    @Test func weightsElsewhereAreRefused() throws {
        let tensor = ONNXFileWriter.field(8, Array("w".utf8)) + ONNXFileWriter.field(13, Array("/etc/passwd".utf8))
        let error = try refusal(graph: ONNXFileWriter.field(7, ONNXFileWriter.field(5, tensor)))
        #expect(error.code == .forbidden && error.reason.contains("another file"))
    }

    @Test func shapesBeyondTheBytesAreRefused() throws {
        for sizes in [[3], [1 << 40], [1 << 27, 1 << 27, 1 << 27], [-1], Array(repeating: 1, count: 40)] {
            var tensor: [UInt8] = []
            for size in sizes { tensor += ONNXFileWriter.field(1, size) }
            tensor +=
                ONNXFileWriter.field(2, 1) + ONNXFileWriter.field(8, [0x77]) + ONNXFileWriter.field(9, [0, 0, 0, 0])
            let error = try refusal(graph: ONNXFileWriter.field(7, ONNXFileWriter.field(5, tensor)))
            #expect(error.code == .corrupt && error.reason.contains("enc.onnx"), "\(sizes): \(error)")
        }
    }

    @Test func gatesOfAnotherKindAreRefused() throws {
        let tensors = [("w", [1, 6, 2]), ("r", [1, 6, 2]), ("b", [1, 12])].flatMap {
            ONNXFileWriter.field(5, ONNXFileWriter.tensor(.ones($0.1), named: $0.0))
        }
        for (attributes, isRead) in [
            (ONNXFileWriter.attribute("hidden_size", 2) + ONNXFileWriter.attribute("linear_before_reset", 1), true),
            (ONNXFileWriter.attribute("hidden_size", 2), false),
            (ONNXFileWriter.attribute("hidden_size", 3) + ONNXFileWriter.attribute("linear_before_reset", 1), false),
        ] {
            let node = ONNXFileWriter.node("/g/GRU", "GRU", ["x", "w", "r", "b"], attributes)
            let error = try refusal(graph: ONNXFileWriter.field(7, tensors + ONNXFileWriter.field(1, node)))
            #expect(error.reason.contains("not of the kind") != isRead, "\(error)")
        }
    }

    @Test func unusedWeightsAreNamed() throws {
        let tensor = ONNXFileWriter.field(5, ONNXFileWriter.tensor(.ones([2]), named: "lonely"))
        #expect(try refusal(graph: ONNXFileWriter.field(7, tensor)).reason.contains("lonely"))
    }

    @Test func damagedArchivesAreRefused() throws {
        let archive = ONNXFileWriter.archive(state)
        let whole = ONNXFileWriter.gzip(archive)
        for length in stride(from: 0, to: whole.count, by: 6007) {
            #expect(throws: (any Error).self, "\(length)") { try load(Array(whole.prefix(length))) }
        }
        var wrong = whole
        wrong[whole.count / 2] ^= 1
        let error = try #require(throws: CheckpointError.self) { try load(wrong) }
        #expect(error.reason.contains("checksum"))
        // A header whose sum is wrong, and a file that is longer than the archive.
        var header = archive
        header[0] ^= 1
        #expect(try refusal(header).reason.contains("tar"))
        #expect(try refusal(Array(archive.prefix(3000))).reason.contains("cut off"))
        #expect(try refusal([]).code == .corrupt)
        // A claim of four gigabytes is refused before any memory is taken.
        var large = whole
        large.replaceSubrange(whole.count - 4..<whole.count, with: [255, 255, 255, 255])
        #expect(try #require(throws: CheckpointError.self) { try load(large) }.code == .unsupported)
    }

    @Test func numbersOfProtobufAreBounded() {
        for bytes in [
            [0x08], [0x08] + [UInt8](repeating: 0xFF, count: 10), [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x0B],
            [0x00, 0x00],
            [0x0D, 1, 2], [0x0A, 0x02, 0x01],
        ] as [[UInt8]] {
            bytes.withUnsafeBytes { bytes in
                var reader = ProtobufReader(bytes, at: 0..<bytes.count)
                #expect(throws: CheckpointError.self) { while try reader.next() != nil {} }
            }
        }
    }

    /// Compressed by another program, with codes of both kinds and repetitions.
    @Test func compressedDataIsRead() throws {
        let plain = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 * $0 / 7 % 61) }
        let folder = try TemporaryFolder()
        let path = try folder.write(plain, to: "plain")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-k", "-9", path]
        try process.run()
        process.waitUntilExit()
        let packed = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + ".gz")))
        // Ten bytes of header, the name and a zero.
        let stream = Array(packed[(10 + "plain".utf8.count + 1)..<(packed.count - 8)])
        #expect(Inflate.decompress(stream, limit: plain.count) == plain)
        #expect(Inflate.decompress(stream, limit: plain.count - 1) == nil)
        #expect(Inflate.decompress(Array(stream.dropLast(20)), limit: plain.count) == nil)
    }
}
