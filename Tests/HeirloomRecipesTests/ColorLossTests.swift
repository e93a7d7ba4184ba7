import Foundation
import HeirloomLayers
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors
import TestSupport
import Testing

@Suite struct ColorLossTests {
    private let truth: Tensor
    private let output: Tensor
    private let luma: Tensor

    init() {
        let generator = Generator(seed: 1)
        truth = Tensor.uniform([2, 2, 32, 32], from: -0.3, to: 0.3, using: generator)
        output = truth + Tensor.uniform(truth.shape, from: -0.3, to: 0.3, using: generator)
        luma = Tensor.uniform([2, 1, 32, 32], from: 0.2, to: 0.8, using: generator)
    }

    @Test func isNothingAtTheTruth() {
        let loss = ColorLoss(features: FeatureLoss(randomEncoder()))
        let (total, figures) = loss(chroma: truth, truth: truth, luma: luma)
        #expect(total.item() == 0 && figures["chroma"]?.item() == 0 && figures["feature"]?.item() == 0)
        let (other, parts) = loss(chroma: output, truth: truth, luma: luma)
        let sum = (parts["chroma"]?.item() ?? 0) + 0.05 * (parts["feature"]?.item() ?? 0)
        #expect((parts["feature"]?.item() ?? 0) > 0 && abs(other.item() - sum) < 1e-5 * sum)
    }

    /// Huber with delta 0.1 on both chroma channels, weighted by the truth's saturation, from its formula.
    @Test func theChromaLossIsItsFormula() {
        let found = ColorLoss(features: nil)(chroma: output, truth: truth, luma: luma).total.item()
        let (o, t) = (output.floats.map(Double.init), truth.floats.map(Double.init))
        let plane = 32 * 32
        var sum = 0.0
        for picture in 0..<2 {
            for place in 0..<plane {
                let indices = [0, 1].map { picture * 2 * plane + $0 * plane + place }
                let length = min((t[indices[0]] * t[indices[0]] + t[indices[1]] * t[indices[1]]).squareRoot(), 0.25)
                let weight = (1 + 16 * length) / ((1 + 16 * 0.065) * 0.1)
                for index in indices {
                    let error = abs(o[index] - t[index])
                    sum += weight * (error < 0.1 ? error * error / 2 : 0.1 * (error - 0.05))
                }
            }
        }
        #expect(abs(found - sum / Double(2 * plane)) < 1e-5 * found)
    }

    /// Along the gradient, for the chroma loss alone and with the feature loss, at full and at half size.
    @Test(arguments: [(0.0, 1.0), (0.5, 1.0), (0.5, 0.5)])
    func theGradientIsTheSlope(featureWeight: Double, featureScale: Double) {
        let features = featureWeight > 0 ? FeatureLoss(randomEncoder()) : nil
        let loss = ColorLoss(.init(featureWeight: featureWeight), features: features)
        func value(_ chroma: Tensor) -> Double {
            withoutGradients { loss(chroma: chroma, truth: truth, luma: luma, featureScale: featureScale).total.item() }
        }
        let x = output.copied().requireGradient()
        loss(chroma: x, truth: truth, luma: luma, featureScale: featureScale).total.backward()
        guard let gradient = x.gradient else {
            Issue.record("no gradient")
            return
        }
        let slope = gradient.norm().item()
        let step = gradient * (0.02 / slope)
        let difference = (value(output + step) - value(output - step)) / 0.04
        #expect(slope > 0.01)
        // the kinks of absolute values and of the network's activations on the way
        #expect(abs(slope - difference) < 0.03 * slope, "gradient \(slope), difference \(difference)")
    }

    @Test func saturatedPlacesCountMore() {
        let loss = ColorLoss(.init(saturationWeight: 16), features: nil)
        func error(at chroma: Double) -> Double {
            let truth = Tensor.full([1, 2, 4, 4], chroma)
            return loss(chroma: truth + 0.05, truth: truth, luma: .zeros([1, 1, 4, 4])).total.item()
        }
        let ratio = error(at: 0.1) / error(at: 0)
        #expect(abs(ratio - (1 + 16 * 0.1 * 2.0.squareRoot())) < 1e-3)
        // above the largest length it stays
        #expect(abs(error(at: 0.3) - error(at: 0.2)) < 1e-5)
    }

    @Test func theFeatureLossTrainsThePictureAlone() {
        let network = randomEncoder()
        let features = FeatureLoss(network)
        #expect(!network.isTraining && network.namedParameters().allSatisfy { !$0.tensor.requiresGradient })
        let truth = Tensor.uniform([1, 3, 32, 32], using: Generator(seed: 3))
        #expect(features(truth, truth: truth).item() == 0)
        let picture = (truth * 0.5 + 0.2).copied().requireGradient()
        let loss = features(picture, truth: truth)
        #expect(loss.item() > 0)
        loss.backward()
        #expect((picture.gradient?.norm().item() ?? 0) > 0)
        #expect(network.namedParameters().allSatisfy { $0.tensor.gradient == nil })
        // Values outside 0...1 are taken as the nearest that exist.
        let far = withoutGradients { (features(truth * 0 + 3, truth: truth), features(truth * 0 + 1, truth: truth)) }
        #expect(far.0.item() == far.1.item())
    }
}
