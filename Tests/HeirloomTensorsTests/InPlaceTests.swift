import HeirloomTensors
import Testing

/// What optimizers and initialisers write with.
@Suite struct InPlaceTests {
    private func pair() -> (Tensor, Tensor) { (Tensor([1, 2, 3] as [Float]), Tensor([10, 20, 30] as [Float])) }

    @Test func eachVerbWritesThrough() {
        let (a, b) = pair()
        let alias = a[TensorIndex.all]
        a.add(b, scaledBy: 0.5)
        #expect(alias.floats == [6, 12, 18])
        a.add(1)
        #expect(alias.floats == [7, 13, 19])
        a.multiply(by: 2)
        #expect(alias.floats == [14, 26, 38])
        a.multiply(by: Tensor([0, 1, -1] as [Float]))
        #expect(alias.floats == [0, 26, -38])
        a.copy(from: Tensor([4] as [Int64]))
        #expect(alias.floats == [4, 4, 4])
        a.interpolate(to: b, weight: 0.5)
        #expect(alias.floats == [7, 12, 17])
        a.addProduct(b, b, scaledBy: -1 / 128)
        #expect(alias.floats == [6.21875, 8.875, 9.96875])
        a.addQuotient(b, Tensor([1, 2, 3] as [Float]), scaledBy: 0.5)
        #expect(alias.floats == [11.21875, 13.875, 14.96875])
        a.fill(-1)
        #expect(alias.floats == [-1, -1, -1])
    }

    @Test func writingToAVariableIsNotRecorded() throws {
        let x = Tensor([1, 2] as [Float]).requireGradient()
        x.add(Tensor([1, 1] as [Float]))
        x.fillUniform(from: 3, to: 4, using: Generator(seed: 1))
        #expect(x.isLeaf && x.requiresGradient)
        x.sum().backward()
        #expect(try #require(x.gradient).floats == [1, 1])
    }

    @Test func listsAtOnce() {
        let (a, b) = pair()
        let (c, d) = (Tensor.zeros([2, 2]), Tensor.ones([2, 2]))
        TensorList.interpolate([a, c], to: [b, d], weight: 0.5)
        #expect(a.floats == [5.5, 11, 16.5] && c.floats == [0.5, 0.5, 0.5, 0.5])
        TensorList.scale([a, c], by: 2)
        #expect(a.floats == [11, 22, 33] && c.floats == [1, 1, 1, 1])
        let norm = TensorList.norm([Tensor([3] as [Float]), Tensor([0, 4] as [Float])])
        #expect(norm.shape == [] && norm.dtype == .float32 && norm.item() == 5)
        #expect(TensorList.norm([Tensor([3, 4] as [Float]).to(dtype: .bfloat16)]).item() == 5)
        TensorList.interpolate([], to: [], weight: 1)
        TensorList.scale([], by: 1)
    }

    @Test func adamWStepDividesGradientsAndSkipsInfiniteOnes() {
        func step(gradient: Tensor, scale: Tensor?, foundInfinite: Tensor?) -> [Float] {
            let parameter = Tensor([1, 2, 3] as [Float]).requireGradient()
            TensorList.adamWStep(
                parameters: [parameter], gradients: [gradient], firstMoments: [.zeros([3])],
                secondMoments: [.zeros([3])], steps: [Tensor(1)], rate: 0.1, beta1: 0.9, beta2: 0.99,
                weightDecay: 0.01, epsilon: 0.5, gradientScale: scale, foundInfinite: foundInfinite)
            return parameter.floats
        }
        let gradient = Tensor([1, -2, 3] as [Float])
        let plain = step(gradient: gradient, scale: nil, foundInfinite: nil)
        #expect(plain != [1, 2, 3])
        #expect(step(gradient: gradient * 64, scale: Tensor(64), foundInfinite: Tensor(0)) == plain)
        #expect(step(gradient: gradient * 64, scale: Tensor(64), foundInfinite: Tensor(1)) == [1, 2, 3])
    }

    @Test func adamWStepRefusesStatesThatDoNotFit() {
        let error = #expect(throws: TorchError.self) {
            try recovering {
                TensorList.adamWStep(
                    parameters: [.ones([2])], gradients: [.ones([2])], firstMoments: [.zeros([3])],
                    secondMoments: [.zeros([2])], steps: [Tensor(1)], rate: 0.1, beta1: 0.9, beta2: 0.99,
                    weightDecay: 0, epsilon: 1e-8)
            }
        }
        #expect(error?.reason.contains("[3]") == true)
    }
}
