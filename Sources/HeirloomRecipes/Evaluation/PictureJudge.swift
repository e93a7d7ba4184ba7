import HeirloomLayers
public import HeirloomModels
public import HeirloomTensors

/// A classifier that took no part in training, as a judge of recoloured pictures: what does it see in them, and how far is
/// that from what it sees in the true ones?
public final class PictureJudge {
    private let classifier: EfficientNetLite

    /// What the judge makes of one picture.
    public struct Impression {
        /// The class it takes the picture for, of ImageNet's 1,000.
        public let topClass: Int
        fileprivate let square: Tensor
    }

    /// A judge; the classifier moves to the device.
    public init(_ classifier: EfficientNetLite, device: Device = .cpu) {
        classifier.train(false)
        classifier.to(device: device, format: .channelsLast)
        self.classifier = classifier
    }

    /// Looks at the middle square of a picture, at the classifier's own size.
    ///
    /// - Parameter rgb: `[1, 3, H, W]`, sRGB 0...1.
    public func look(at rgb: Tensor) -> Impression {
        let size = classifier.configuration.nominalSize
        let side = min(rgb.shape[2], rgb.shape[3])
        let (top, left) = ((rgb.shape[2] - side) / 2, (rgb.shape[3] - side) / 2)
        let cut = rgb.sliced(axis: 2, from: top, to: top + side).sliced(axis: 3, from: left, to: left + side)
            .resized(height: size, width: size, mode: .bicubic, antialias: true).clamped(to: 0...1)
        let square = EfficientNetLite.normalized(cut).contiguous(.channelsLast)
        return withoutGradients {
            Impression(topClass: Int(classifier.logits(square).argmax(axis: 1).item()), square: square)
        }
    }

    /// How differently the judge sees two pictures: LPIPS with equal weights (Zhang et al. 2018) over its five maps.
    public func distance(_ one: Impression, _ other: Impression) -> Double {
        withoutGradients {
            let maps = classifier.features(concatenated([one.square, other.square], axis: 0))
            let parts = maps.map { map -> Double in
                let unit = map / (map.norm(axes: [1], keepingDimensions: true) + 1e-8)
                return (unit[0] - unit[1]).squared().sum(axes: [0]).mean().item()
            }
            return parts.reduce(0, +) / Double(parts.count)
        }
    }
}
