import Foundation
import HeirloomLayers
import HeirloomModels
import HeirloomTensors
import TestSupport
import Testing

/// Model files: everything needed to rebuild the network is in them, and damage is noticed.
@Suite struct ModelFileTests {
    private let small = ColorUNetConfiguration(upsampled: [16, 16, 8, 8], mixed: [16, 16, 8, 8], attention: false)

    private func write(_ folder: TemporaryFolder, dtype: DType = .float16) throws -> (path: String, model: ColorUNet) {
        let model = ColorUNet(small, using: Generator(seed: 1))
        let path = folder.file("model.safetensors")
        try ModelFile.write(
            model, to: path, dtype: dtype, task: "colorize", licence: "MIT", trainingRecord: #"{"epochs":3}"#)
        return (path, model)
    }

    @Test func rebuildsTheNetwork() throws {
        let folder = try TemporaryFolder()
        let (path, model) = try write(folder, dtype: .float32)
        let file = try ModelFile(path: path)
        #expect(
            file.header.architecture == "color-unet" && file.header.task == "colorize" && file.header.licence == "MIT")
        #expect(file.header.trainingRecord == #"{"epochs":3}"#)
        let loaded = try file.load(ColorUNet.self)
        #expect(loaded.configuration == small && !loaded.isTraining)
        for (a, b) in zip(loaded.state(), model.state()) {
            #expect(a.name == b.name && a.tensor.isEqual(to: b.tensor), "\(a.name)")
        }
        #expect(try (Registry.architecture(named: "color-unet").build() as? ColorUNet)?.configuration == .init())
    }

    @Test func halfPrecisionFilesLoadInFloat32() throws {
        let folder = try TemporaryFolder()
        let (path, model) = try write(folder)
        let stored = try SafetensorsFile(path: path)
        #expect(stored.entries["head.weight"]?.dtype == .float16 && stored.entries["head.bias"]?.dtype == .float32)
        let loaded = try ModelFile(path: path).load(ColorUNet.self)
        for (a, b) in zip(loaded.state(), model.state()) {
            // Half precision keeps 11 bits; below 6e-5 its steps are 6e-8.
            if a.tensor.dtype == .float32 {
                expectClose(a.tensor.detached(), b.tensor.detached(), absolute: 6e-8, relative: 5e-4, a.name)
            }
        }
    }

    @Test func everyFlippedByteIsNoticed() throws {
        let folder = try TemporaryFolder()
        let (path, _) = try write(folder)
        let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let header = 8 + Int(whole[0]) + Int(whole[1]) << 8 + Int(whole[2]) << 16
        for position in stride(from: header, to: whole.count, by: whole.count / 5) + [
            3, 12, header / 2, whole.count - 1,
        ] {
            var bytes = whole
            bytes[position] ^= 0x10
            let damaged = try folder.write(bytes, to: "damaged.safetensors")
            let error = #expect(throws: (any Error).self, "byte \(position)") {
                try ModelFile(path: damaged).load(ColorUNet.self)
            }
            #expect("\(error.map { "\($0)" } ?? "")".contains("damaged.safetensors"))
        }
    }

    @Test func otherFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        let plain = folder.file("plain.safetensors")
        try Safetensors.write([("x", Tensor.ones([1]))], to: plain)
        let notAModel = try #require(throws: CheckpointError.self) { try ModelFile(path: plain) }
        #expect(notAModel.code == .unsupported && notAModel.description.hasPrefix(plain))
        let (path, _) = try write(folder)
        let another = try #require(throws: CheckpointError.self) {
            try ModelFile(path: path).load(EfficientNetLite.self)
        }
        #expect(another.description.contains("color-unet"))
        let file = try SafetensorsFile(path: path)
        var texts = file.metadata
        texts["formatVersion"] = "2"
        try Safetensors.write(file.names.map { ($0, try file.tensor($0)) }, metadata: texts, to: folder.file("new"))
        let newer = try #require(throws: CheckpointError.self) { try ModelFile(path: folder.file("new")) }
        #expect(newer.code == .unsupported && newer.description.contains("version 2"))
    }

    @Test func valuesThatDoNotFitAreRefused() throws {
        let folder = try TemporaryFolder()
        let model = ColorUNet(small, using: nil)
        withoutGradients { model.namedParameters()[0].tensor.fill(1e6) }
        let error = try #require(throws: CheckpointError.self) {
            try ModelFile.write(model, to: folder.file("x"), task: "colorize", licence: "MIT")
        }
        #expect(error.description.contains("not finite in float16") && folder.names.isEmpty)
    }
}
