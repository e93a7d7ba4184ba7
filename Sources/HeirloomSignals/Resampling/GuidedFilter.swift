public import HeirloomTensors

/// The fast guided filter (He, Sun 2015): makes a picture follow the edges of another, and enlarges it on the way.
///
/// In every window the target is taken as a linear function of the guide, `slope · guide + intercept`. The two maps are
/// fitted at low resolution, enlarged, and applied to the guide at full resolution: no blur over edges, no halos. A larger
/// radius is better bought with subsampling than with samples. Edges are repeated.
public struct GuidedFilter: Sendable {
    /// Half the window's side, in samples of the subsampled picture: windows have 2 · radius + 1 of them.
    public let radius: Int
    /// Variance of the guide below which a window counts as flat, in squared units of the guide.
    public let epsilon: Double
    /// By how much the pictures are shrunk before the windows are summed.
    public let subsampling: Int
    /// How much of what the windows cannot explain is kept: 0 smooths it away as the classic filter does, 1 keeps the
    /// target exactly at its own resolution and takes from the guide only the detail above that.
    public let fidelity: Double

    /// A filter.
    ///
    /// - Precondition: radius and subsampling are at least 1, epsilon is positive, fidelity lies in 0...1.
    public init(radius: Int, epsilon: Double, subsampling: Int = 1, fidelity: Double = 0) {
        precondition(radius >= 1 && subsampling >= 1, "a guided filter needs a window, not radius \(radius)")
        precondition(
            epsilon > 0 && (0...1).contains(fidelity), "epsilon \(epsilon) or fidelity \(fidelity) out of range")
        self.radius = radius
        self.epsilon = epsilon
        self.subsampling = subsampling
        self.fidelity = fidelity
    }

    /// Fits the linear model of the target in the guide.
    ///
    /// - Parameters:
    ///   - target: `[N, C, H, W]`.
    ///   - guide: `[N, 1, H, W]`.
    /// - Precondition: the subsampling divides both sides.
    public func fit(_ target: Tensor, guide: Tensor) -> GuidedModel {
        let shape = target.shape
        precondition(
            guide.shape == [shape[0], 1, shape[2], shape[3]] || !target.isDefined || !guide.isDefined,
            "guide \(guide.summary) does not fit target \(target.summary)")
        precondition(
            shape[2] % subsampling == 0 && shape[3] % subsampling == 0 || !target.isDefined,
            "\(target.summary) cannot be shrunk by \(subsampling)")
        let channels = shape[1]
        let smallTarget = shrunk(target)
        let smallGuide = shrunk(guide)
        // One pass of windows over everything: guide, guide², target, guide · target.
        let sums = windows(
            concatenated([smallGuide, smallGuide.squared(), smallTarget, smallGuide * smallTarget], axis: 1))
        let guideMean = sums.sliced(axis: 1, from: 0, to: 1)
        let variance = sums.sliced(axis: 1, from: 1, to: 2) - guideMean.squared()
        let targetMean = sums.sliced(axis: 1, from: 2, to: 2 + channels)
        let covariance = sums.sliced(axis: 1, from: 2 + channels) - guideMean * targetMean
        let slope = covariance / (variance + epsilon)
        guard fidelity < 1 else {
            let enlarged = enlarged(windows(slope), like: target)
            return GuidedModel(slope: enlarged, intercept: target - enlarged * guide)
        }
        let maps = enlarged(windows(concatenated([slope, targetMean - slope * guideMean], axis: 1)), like: target)
        let meanSlope = maps.sliced(axis: 1, from: 0, to: channels)
        let intercept = maps.sliced(axis: 1, from: channels)
        guard fidelity > 0 else { return GuidedModel(slope: meanSlope, intercept: intercept) }
        return GuidedModel(
            slope: meanSlope, intercept: intercept.interpolated(to: target - meanSlope * guide, weight: fidelity))
    }

    private func shrunk(_ picture: Tensor) -> Tensor {
        switch subsampling {
        case 1: picture
        case 2: picture.halved()
        default: picture.meanPooled(kernel: subsampling, stride: subsampling)
        }
    }

    private func windows(_ picture: Tensor) -> Tensor {
        picture.boxMean(radius: radius)
    }

    private func enlarged(_ maps: Tensor, like target: Tensor) -> Tensor {
        let shape = target.shape
        return subsampling == 1 ? maps : maps.resized(height: shape[2], width: shape[3])
    }
}
