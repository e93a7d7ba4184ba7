import HeirloomTensors
import Testing

/// Recording, accumulating and stopping gradients.
@Suite struct GradientTests {
    private func variable(_ values: [Float]) -> Tensor { Tensor(values).requireGradient() }

    @Test func backwardAccumulatesIntoLeaves() throws {
        let x = variable([1, 2, 3])
        #expect(x.requiresGradient && x.isLeaf && x.gradient == nil)
        let y = x.squared()
        #expect(y.requiresGradient && !y.isLeaf)
        y.sum().backward()
        #expect(try #require(x.gradient).floats == [2, 4, 6])
        x.squared().backward(gradient: Tensor([1, 0, -1] as [Float]))
        #expect(try #require(x.gradient).floats == [4, 4, 0])
        x.setGradient(Tensor([5, 5, 5] as [Float]))
        #expect(try #require(x.gradient).floats == [5, 5, 5])
        x.setGradient(nil)
        #expect(x.gradient == nil)
    }

    @Test func gradientsTouchNobodysAccumulatedGradient() throws {
        let (x, unused) = (variable([1, 2]), variable([3]))
        let found = gradients(of: [x.squared()], withRespectTo: [x, unused], weights: [Tensor([1, 10] as [Float])])
        #expect(try #require(found[0]).floats == [2, 40])
        #expect(found[1] == nil)
        #expect(x.gradient == nil)
        // Several outputs add up.
        let sum = gradients(of: [x.sum(), (3 * x).sum()], withRespectTo: [x])
        #expect(try #require(sum[0]).floats == [4, 4])
    }

    @Test func secondDerivativesNeedARecordedGradient() throws {
        let x = variable([2])
        let first = try #require(gradients(of: [x.raised(to: 3)], withRespectTo: [x], creatingGraph: true)[0])
        #expect(first.floats == [12] && first.requiresGradient)
        #expect(try #require(gradients(of: [first], withRespectTo: [x])[0]).floats == [12])
        let plain = try #require(gradients(of: [x.raised(to: 3)], withRespectTo: [x])[0])
        #expect(!plain.requiresGradient)
    }

    @Test func theRecordServesOnceUnlessRetained() throws {
        let x = variable([2])
        let y = x.exp()
        y.backward(retainingGraph: true)
        y.backward()
        #expect(try #require(x.gradient).floats == [2 * y.floats[0]])
        #expect(throws: TorchError.self) { try recovering { y.backward() } }
    }

    @Test func detachedSharesMemoryAndForgetsHistory() {
        let x = variable([1, 2])
        let y = (2 * x).detached()
        #expect(!y.requiresGradient && y.isLeaf)
        let view = x.detached()
        #expect(view.sharesStorage(with: x) && !view.requiresGradient)
        let copy = x.copied()
        #expect(copy.requiresGradient && !copy.sharesStorage(with: x))
    }

    @Test func withoutGradientsRestoresOnEveryExit() throws {
        struct Own: Error {}
        let x = variable([1])
        withoutGradients {
            #expect(!(x * 2).requiresGradient)
            withGradients(enabled: true) { #expect((x * 2).requiresGradient) }
            #expect(!(x * 2).requiresGradient)
        }
        #expect((x * 2).requiresGradient)
        #expect(throws: Own.self) { try withoutGradients { throw Own() } }
        #expect((x * 2).requiresGradient)
    }

    @Test func requireGradientStopsToo() {
        let x = variable([1])
        #expect(x.requireGradient(false) === x)
        #expect(!(x * 2).requiresGradient)
    }
}
