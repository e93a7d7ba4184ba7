import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@Suite struct SpatialMixtureTests {
    @Test func stepsAreThoseOfTheReference() throws {
        let golden = try Fixture.tensors("array/array.safetensors")
        let y = try #require(golden["mixture.y"]).viewedAsComplex()
        let prior = try #require(golden["mixture.prior"])
        var mixture = SpatialMixture()
        mixture.iterations = 3
        // Single against double precision, through three steps.
        expectClose(
            mixture(y, prior: prior).posterior, try #require(golden["mixture.posterior"]), absolute: 1e-3)
    }

    @Test func theLikelihoodNeverFalls() throws {
        let golden = try Fixture.tensors("array/array.safetensors")
        let y = try #require(golden["mixture.y"]).viewedAsComplex()
        let prior = try #require(golden["mixture.prior"])
        let found = SpatialMixture()(y, prior: prior, measuresLikelihood: true).likelihoods
        #expect(found.count == 10 && (found.last ?? 0) > (found.first ?? 0))
        for (before, after) in zip(found, found.dropFirst()) { #expect(after >= before - 1e-4) }
    }

    @Test func levelsOfFramesDoNotMatter() {
        let y = Tensor.normal([2, 3, 50, 2], using: Generator(seed: 1)).viewedAsComplex()
        let prior = Tensor.uniform([2, 50], using: Generator(seed: 2)) * 0.8 + 0.1
        let gains = Tensor.normal([2, 1, 50], using: Generator(seed: 3)).exp()
        expectClose(
            SpatialMixture()(y, prior: prior).posterior, SpatialMixture()(y * gains, prior: prior).posterior,
            absolute: 2e-3)
    }

    @Test func silenceKeepsItsPrior() {
        let prior = Tensor.uniform([2, 30], using: Generator(seed: 2)) * 0.8 + 0.1
        expectClose(
            SpatialMixture()(.zeros([2, 3, 30], dtype: .complex64), prior: prior).posterior, prior, absolute: 1e-6)
    }
}
