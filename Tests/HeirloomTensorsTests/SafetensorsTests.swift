import Foundation
import HeirloomTensors
import TestSupport
import Testing

/// Reading and writing safetensors files.
@Suite struct SafetensorsTests {
    static let every: [DType] = [
        .bool, .uint8, .int8, .int16, .int32, .int64, .float16, .bfloat16, .float32, .float64, .complex64,
    ]

    private func sample(_ dtype: DType, _ shape: [Int]) -> Tensor {
        let numbers = Tensor.normal(shape, standardDeviation: 30, using: Generator(seed: 5))
        return dtype == .complex64
            ? stacked([numbers, -numbers], axis: numbers.rank).viewedAsComplex() : numbers.to(dtype: dtype)
    }

    @Test func everyTypeComesBack() throws {
        let folder = try TemporaryFolder()
        var tensors: [(name: String, tensor: Tensor)] = Self.every.map { ("\($0)", sample($0, [2, 3, 5])) }
        tensors += [("scalar", Tensor(2.5)), ("none", .zeros([0, 4])), ("ünï \"codé\"\n", .ones([3]))]
        tensors.append(("transposed", sample(.float32, [4, 6]).swappingAxes(0, 1)))
        let texts = ["a": "1", "b \\ \"quoted\"\t\u{1}": "é 🎞️\n"]
        let path = folder.file("every.safetensors")
        try Safetensors.write(tensors, metadata: texts, to: path)
        #expect(folder.names == ["every.safetensors"])
        let file = try SafetensorsFile(path: path)
        #expect(file.metadata == texts)
        #expect(Set(file.names) == Set(tensors.map(\.name)))
        for (name, tensor) in tensors {
            let found = try file.tensor(name)
            #expect(found.shape == tensor.shape && found.dtype == tensor.dtype, "\(name)")
            #expect(found.isEqual(to: tensor.contiguous()), "\(name)")
        }
        let entry = try #require(file.entries["transposed"])
        #expect(entry.shape == [6, 4] && entry.dtype == .float32)
    }

    @Test func sameContentSameBytes() throws {
        let folder = try TemporaryFolder()
        let (a, b) = (Tensor.ones([2]), Tensor.zeros([3], dtype: .float16))
        try Safetensors.write([("a", a), ("b", b)], metadata: ["x": "1", "y": "2"], to: folder.file("1"))
        try Safetensors.write([("b", b), ("a", a)], metadata: ["y": "2", "x": "1"], to: folder.file("2"))
        let bytes = try Data(contentsOf: URL(filePath: folder.file("1")))
        #expect(bytes == (try Data(contentsOf: URL(filePath: folder.file("2")))))
        #expect(Int(bytes[0]) % 8 == 0, "the data do not begin at a multiple of 8")
    }

    @Test func readsWhatTheReferenceWrites() throws {
        let file = try SafetensorsFile(path: Fixture.path("checkpoints/values.safetensors"))
        #expect(try file.tensor("counter").scalars(as: Int64.self) == [-3])
        #expect(try file.tensor("integers").scalars(as: Int32.self) == [0, 1, 2, 3])
        #expect(try file.tensor("bytes").scalars(as: UInt8.self) == [0, 1, 255])
        #expect(try file.tensor("mask").scalars(as: Bool.self) == [true, false])
        #expect(try file.tensor("empty").shape == [0, 3] && file.tensor("half").dtype == .float16)
    }

    @Test func tensorsOutliveTheirFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("x")
        try Safetensors.write([("x", Tensor.range(to: 1000))], to: path)
        let tensor = try SafetensorsFile(path: path).tensor("x")
        try FileManager.default.removeItem(atPath: path)
        #expect(tensor.sum().item() == 499_500)
    }

    @Test func theTargetSurvivesAFailedWrite() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("model")
        try Safetensors.write([("x", Tensor.ones([1]))], to: path)
        let error = #expect(throws: TensorFileError.self) {
            try Safetensors.write([("x", sample(.float32, [1]).to(dtype: .complex128))], to: path)
        }
        #expect(error?.description.contains("complex128") == true)
        #expect(throws: TensorFileError.self) { try Safetensors.write([], to: folder.file("no/such/folder/x")) }
        #expect(folder.names == ["model"])
        #expect(try SafetensorsFile(path: path).tensor("x").item() == 1)
    }

    @Test func missingNamesAreSaid() throws {
        let file = try SafetensorsFile(path: Fixture.path("checkpoints/values.safetensors"))
        let error = #expect(throws: TensorFileError.self) { try file.tensor("absent") }
        #expect(error?.code == .missing && error?.description.contains("\"absent\"") == true)
    }
}
