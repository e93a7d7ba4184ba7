import HeirloomTensors
import Testing

/// Which dtypes operations compute in inside and outside of a mixed-precision scope.
@Suite struct MixedPrecisionTests {
    private let x = Tensor.normal([1, 4, 6, 6], using: Generator(seed: 1))
    private let weight = Tensor.normal([4, 4, 3, 3], using: Generator(seed: 2)).requireGradient()

    @Test func productsAreHalfAndLossesAreFloat() throws {
        withMixedPrecision(.bfloat16, on: .cpu) {
            let y = x.conv2d(weight)
            #expect(y.dtype == .bfloat16)
            #expect(x.convTransposed2d(weight).dtype == .bfloat16)
            #expect(x[0].conv1d(Tensor.ones([2, 6, 3])).dtype == .bfloat16)
            #expect(x.matmul(x).dtype == .bfloat16)
            #expect(x.linear(Tensor.ones([2, 6])).dtype == .bfloat16)
            let truth = Tensor.zeros(y.shape)
            #expect(y.squaredLoss(truth).dtype == .float32 && y.l1Loss(truth).dtype == .float32)
            #expect(y.huberLoss(truth).dtype == .float32 && y.binaryCrossEntropy(truth).dtype == .float32)
            #expect(y.flattened(from: 1).crossEntropy(Tensor([3] as [Int64])).dtype == .float32)
            let weights = [Tensor.ones([9, 6]), Tensor.ones([9, 3]), Tensor.ones([9]), Tensor.ones([9])]
            #expect(x[0].gru(state: Tensor.zeros([1, 4, 3]), weights: weights, bidirectional: false).output.isDefined)
            #expect((x + 1).dtype == .float32)
            y.sum().backward()
        }
        let gradient = try #require(weight.gradient)
        #expect(gradient.dtype == .float32)
        // Bfloat16 keeps 8 bits: 4e-3 per rounding.
        let exact = try #require(gradients(of: [x.conv2d(weight).sum()], withRespectTo: [weight])[0])
        #expect(relativeError(gradient, exact) <= 2e-2)
    }

    @Test func theScopeEndsOnEveryExitAndNests() {
        struct Own: Error {}
        let dtype = { x.conv2d(weight).dtype }
        #expect(dtype() == .float32)
        withMixedPrecision(.bfloat16, on: .cpu) {
            withMixedPrecision(.float16, on: .cpu) { #expect(dtype() == .float16) }
            #expect(dtype() == .bfloat16)
            withMixedPrecision(nil, on: .cpu) { #expect(dtype() == .bfloat16) }
            withMixedPrecision(.bfloat16, on: .cpu) { #expect(dtype() == .bfloat16) }
            #expect(dtype() == .bfloat16)
        }
        #expect(dtype() == .float32)
        #expect(throws: Own.self) { try withMixedPrecision(.bfloat16, on: .cpu) { throw Own() } }
        #expect(dtype() == .float32)
    }

    @Test func weightsChangedBetweenScopesAreConvertedAgain() {
        let parameter = Tensor.ones([2, 2]).requireGradient()
        let vector = Tensor.ones([1, 2])
        let first = withMixedPrecision(.bfloat16, on: .cpu) { vector.linear(parameter).floats }
        parameter.fill(3)
        let second = withMixedPrecision(.bfloat16, on: .cpu) { vector.linear(parameter).floats }
        #expect(first == [2, 2] && second == [6, 6])
    }

    @Test func otherDevicesAreNotConcerned() {
        withMixedPrecision(.float16, on: .cuda) { #expect(x.conv2d(weight).dtype == .float32) }
    }
}
