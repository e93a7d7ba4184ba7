import HeirloomTensors
import Testing

/// Between Swift values and tensors, and between dtypes.
@Suite struct ConversionTests {
    @Test func arraysOfEveryScalarTypeComeBack() {
        func check<Scalar: TensorScalar & Equatable>(_ values: [Scalar], _ dtype: DType) {
            let tensor = Tensor(values, shape: [2, 2])
            #expect(tensor.shape == [2, 2] && tensor.dtype == dtype && Scalar.dtype == dtype)
            #expect(tensor.scalars(as: Scalar.self) == values)
            // In row-major order, whatever the strides.
            #expect(tensor.swappingAxes(0, 1).scalars(as: Scalar.self) == [values[0], values[2], values[1], values[3]])
        }
        check([1.5, -2, .infinity, 0] as [Float], .float32)
        check([1.5, -2, .pi, 0] as [Double], .float64)
        check([0, 1, 128, 255] as [UInt8], .uint8)
        check([-128, 0, 1, 127] as [Int8], .int8)
        check([-32768, 0, 1, 32767] as [Int16], .int16)
        check([.min, 0, 1, .max] as [Int32], .int32)
        check([.min, 0, 1, .max] as [Int64], .int64)
        check([true, false, false, true], .bool)
    }

    @Test func emptyAndScalarTensors() {
        let empty = Tensor([] as [Float], shape: [0, 3])
        #expect(empty.count == 0 && empty.shape == [0, 3] && empty.floats.isEmpty)
        #expect(concatenated([empty, Tensor.ones([2, 3])], axis: 0).shape == [2, 3])
        let scalar = Tensor(2.5, dtype: .float64)
        #expect(scalar.shape == [] && scalar.count == 1 && scalar.item() == 2.5)
        #expect((Tensor.ones([2]) .> 0).all().item() == 1)
        #expect(Tensor([true])[0].item() == 1)
    }

    @Test func bytesGoInAndOut() {
        let tensor = Tensor([1, 2, 3, 4] as [Int16], shape: [2, 2])
        var bytes = [UInt8](repeating: 0, count: 8)
        bytes.withUnsafeMutableBytes { tensor.swappingAxes(0, 1).copyBytes(to: $0) }
        #expect(bytes == [1, 0, 3, 0, 2, 0, 4, 0])
        let again = bytes.withUnsafeBytes { Tensor.copying($0, shape: [4], dtype: .int16) }
        bytes[0] = 77
        #expect(again.scalars(as: Int16.self) == [1, 3, 2, 4])
        #expect(tensor.withUnsafeBytes { $0.load(fromByteOffset: 6, as: Int16.self) } == 4)
    }

    @Test func lazilyConjugatedNumbersAreReadRight() {
        let z = Tensor([1, 2, 3, -4] as [Float], shape: [2, 2]).viewedAsComplex()
        #expect(z.dtype == .complex64 && z.shape == [2])
        #expect(z.conjugate().viewedAsReal().floats == [1, -2, 3, 4])
        #expect(z.conjugate().imaginary().floats == [-2, 4])
    }

    @Test(arguments: DType.allCases) func dtypesTellTheirSizeAndName(_ dtype: DType) {
        let tensor = Tensor.zeros([3], dtype: dtype)
        #expect(tensor.dtype == dtype && tensor.summary == "\(dtype)[3]")
        var bytes = [UInt8](repeating: 1, count: 3 * dtype.byteCount)
        bytes.withUnsafeMutableBytes { tensor.copyBytes(to: $0) }
        #expect(bytes.allSatisfy { $0 == 0 })
        #expect(dtype.isFloatingPoint == [.float16, .bfloat16, .float32, .float64].contains(dtype))
    }

    @Test func descriptionsShowSmallTensors() {
        #expect(Tensor([1, 2.5] as [Float]).description == "float32[2] [1.0, 2.5]")
        #expect((Tensor([1, 2.5] as [Float]).requireGradient() * 2).description == "float32[2] [2.0, 5.0]")
        #expect(Tensor.zeros([3, 6]).description == "float32[3, 6]")
    }

    @Test func conversionWithoutChangeKeepsTheMemory() {
        let x = Tensor.ones([2])
        #expect(x.to(dtype: .float32, device: .cpu).sharesStorage(with: x))
        #expect(!x.to(dtype: .float64).sharesStorage(with: x))
    }

    @Test func equalityIsExact() {
        let x = Tensor([1, 2] as [Float])
        #expect(x.isEqual(to: Tensor([1, 2] as [Float])))
        #expect(!x.isEqual(to: Tensor([1, 3] as [Float])))
        #expect(!x.isEqual(to: Tensor([1, 2] as [Double])))
        #expect(!x.isEqual(to: Tensor([1, 2] as [Float], shape: [1, 2])))
        #expect(!Tensor([Float.nan]).isEqual(to: Tensor([Float.nan])))
    }
}
