import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@Suite struct ResamplingTests {
    /// The guided filter as its paper writes it, window by window in plain loops, edges repeated.
    private func reference(_ target: [Double], _ guide: [Double], height: Int, width: Int, radius: Int, epsilon: Double)
        -> [Double]
    {
        func window(_ y: Int, _ x: Int) -> [Int] {
            (y - radius...y + radius).flatMap { row in
                (x - radius...x + radius).map { column in
                    min(max(row, 0), height - 1) * width + min(max(column, 0), width - 1)
                }
            }
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        var slopes: [Double] = []
        var intercepts: [Double] = []
        for y in 0..<height {
            for x in 0..<width {
                let inside = window(y, x)
                let (g, t) = (inside.map { guide[$0] }, inside.map { target[$0] })
                let covariance = mean(zip(g, t).map(*)) - mean(g) * mean(t)
                let variance = mean(g.map { $0 * $0 }) - mean(g) * mean(g)
                slopes.append(covariance / (variance + epsilon))
                intercepts.append(mean(t) - covariance / (variance + epsilon) * mean(g))
            }
        }
        return (0..<height * width).map { index in
            let inside = window(index / width, index % width)
            return mean(inside.map { slopes[$0] }) * guide[index] + mean(inside.map { intercepts[$0] })
        }
    }

    @Test(arguments: [1, 2, 3])
    func guidedFilterEqualsItsDefinition(radius: Int) {
        let generator = Generator(seed: 7)
        let guide = Tensor.uniform([1, 1, 9, 13], using: generator)
        let target = Tensor.uniform([1, 2, 9, 13], using: generator)
        let model = GuidedFilter(radius: radius, epsilon: 0.01).fit(target, guide: guide)
        let plain = guide.floats.map(Double.init)
        let expected = (0..<2).flatMap { channel in
            reference(
                target[0, channel].floats.map(Double.init), plain, height: 9, width: 13, radius: radius, epsilon: 0.01)
        }
        // float32 differences of means against doubles
        expectClose(
            model.applied(to: guide), Tensor(expected.map { Float($0) }, shape: [1, 2, 9, 13]), absolute: 2e-5)
    }

    @Test(arguments: [1, 2])
    func fullFidelityKeepsTheTargetAtItsOwnSize(subsampling: Int) {
        let generator = Generator(seed: 8)
        let guide = Tensor.uniform([2, 1, 8, 12], using: generator)
        let target = Tensor.uniform([2, 2, 8, 12], using: generator)
        let filter = GuidedFilter(radius: 1, epsilon: 0.001, subsampling: subsampling, fidelity: 1)
        expectClose(filter.fit(target, guide: guide).applied(to: guide), target, absolute: 1e-5)
    }

    @Test(arguments: [(12, 8), (2, 2), (34, 20)])
    func theFitOverNumbersEqualsTheFilterOverTensors(width: Int, height: Int) {
        let generator = Generator(seed: 12)
        let guide = Tensor.uniform([1, 1, height, width], using: generator)
        let target = Tensor.uniform([1, 2, height, width], from: -0.3, to: 0.3, using: generator)
        let filter = GuidedFilter(radius: 1, epsilon: 0.001, subsampling: 2, fidelity: 1)
        let maps = GuidedFit(epsilon: 0.001)(target.floats, guide: guide.floats, width: width, height: height)
        expectClose(
            Tensor(maps, shape: [1, 4, height, width]), filter.fit(target, guide: guide).maps, absolute: 2e-4,
            relative: 1e-3)
    }

    /// Chroma that changes with luma at an edge: plain enlargement smears it over the edge, guidance does not.
    @Test func guidanceKeepsEdgesSharp() {
        let (low, high) = (16, 64)
        // The edge lies inside a sample of the small picture.
        let luma = Tensor((0..<high * high).map { Float($0 % high < 34 ? 0.2 : 0.8) }, shape: [1, 1, high, high])
        let chroma = Tensor((0..<high * high).map { Float($0 % high < 34 ? -0.2 : 0.3) }, shape: [1, 1, high, high])
        let small = chroma.resized(height: low, width: low, antialias: true)
        let smallLuma = luma.resized(height: low, width: low, antialias: true)
        let filter = GuidedFilter(radius: 1, epsilon: 0.001, subsampling: 2, fidelity: 1)
        let guided = filter.fit(small, guide: smallLuma).applied(to: luma)
        let plain = small.resized(height: high, width: high)
        let errors = (guided.l1Loss(chroma).item(), plain.l1Loss(chroma).item())
        #expect(errors.0 < 0.4 * errors.1, "guided \(errors.0), plain \(errors.1)")
        // No halos: nothing beyond the colours that are there, but for the rounding of the fit (2 % of the step).
        #expect(guided.max().item() < 0.31 && guided.min().item() > -0.21)
    }

    @Test(arguments: [(7, 5, 40, 33), (16, 12, 9, 7), (1, 1, 6, 6)])
    func bandsEqualTheWhole(h: Int, w: Int, height: Int, width: Int) {
        let source = Tensor.uniform([1, 3, h, w], using: Generator(seed: 9))
        let whole = source.resized(height: height, width: width)
        let bands = [0..<4, 4..<5, 5..<height].map { source.enlargedRows($0, height: height, width: width) }
        expectClose(concatenated(bands, axis: 2), whole, absolute: 1e-6)
    }

    @Test(arguments: [(1, 1), (3, 7), (32, 32), (33, 65), (100, 31)])
    func paddingAndCuttingIsTheIdentity(height: Int, width: Int) {
        let picture = Tensor.uniform([2, 1, height, width], using: Generator(seed: 10))
        let padded = picture.paddedByReflection(toMultipleOf: 32)
        #expect(padded.shape[2] % 32 == 0 && padded.shape[3] % 32 == 0)
        #expect(padded.shape[2] - height < 32 && padded.shape[3] - width < 32)
        expectEqual(padded.sliced(axis: 2, from: 0, to: height).sliced(axis: 3, from: 0, to: width), picture)
        // Mirrored: nothing new in the margins.
        #expect(padded.max().item() == picture.max().item() && padded.min().item() == picture.min().item())
    }

    @Test func meansEqualPooling() {
        let picture = Tensor.uniform([2, 3, 8, 12], using: Generator(seed: 11))
        expectClose(picture.halved(), picture.meanPooled(kernel: 2, stride: 2), absolute: 1e-6)
        let inside = picture.boxMean(radius: 2)[TensorIndex.all, TensorIndex.all, 2..<6, 2..<10]
        expectClose(inside, picture.meanPooled(kernel: 5, stride: 1), absolute: 1e-6)
        expectClose(Tensor.full([1, 1, 3, 1], 0.7).boxMean(radius: 1), Tensor.full([1, 1, 3, 1], 0.7), absolute: 1e-6)
    }

    @Test func shiftingReadsBetweenSamples() {
        let ramp = Tensor((0..<8).map(Float.init), shape: [1, 1, 1, 8])
        expectClose(
            ramp.shifted(right: 0.25, down: 0)[0, 0, 0, 0..<7],
            Tensor((0..<7).map { Float($0) + 0.25 }), absolute: 1e-6)
        expectClose(
            ramp.shifted(right: -0.5, down: 0)[0, 0, 0, 1..<8], Tensor((1..<8).map { Float($0) - 0.5 }), absolute: 1e-6)
        expectEqual(ramp.shifted(right: 0, down: 0.5), ramp)
    }
}
