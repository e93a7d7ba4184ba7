public import HeirloomLayers
public import HeirloomModels
public import HeirloomTensors

/// The outputs of EfficientNet-Lite's stages at strides 2, 4, 8, 16 and 32: the features that Heirloom trains with.
public struct EfficientNetLiteMaps: FeatureNetwork {
    /// How many of the five are compared.
    public let taps: Int
    private let network: EfficientNetLite

    /// Takes a network with ImageNet weights.
    public init(_ network: EfficientNetLite, taps: Int = 4) {
        self.network = network
        self.taps = taps
    }

    /// The network.
    public var module: Module { network }

    /// The maps of pictures `[N, 3, H, W]`; values outside 0...1 are taken as the nearest that exist.
    public func maps(of x: Tensor) -> [Tensor] {
        network.features(
            EfficientNetLite.normalized(x.clamped(to: 0...1)).contiguous(.channelsLast), taps: taps)
    }
}

/// Places of VGG16 with batch norms: the features of DeOldify and fastai.
public struct VGG16BNMaps: FeatureNetwork {
    /// The places in torchvision's list `features`.
    public let taps: [Int]
    /// Whether pictures come normalised by ImageNet's mean and deviation, as DeOldify trains; otherwise they are RGB 0...1
    /// and normalised here.
    public let takesNormalized: Bool
    private let network: VGG16BN

    /// Takes a network with ImageNet weights.
    public init(_ network: VGG16BN, taps: [Int] = VGG16BN.perceptualTaps, takesNormalized: Bool) {
        self.network = network
        self.taps = taps
        self.takesNormalized = takesNormalized
    }

    /// The network.
    public var module: Module { network }

    /// The maps of pictures `[N, 3, H, W]`.
    public func maps(of x: Tensor) -> [Tensor] {
        network.features(takesNormalized ? x : VGG16BN.normalized(x), at: taps)
    }
}

/// The last convolution of each block of VGG19, before its ReLU: the features of Real-ESRGAN.
public struct VGG19Maps: FeatureNetwork {
    private let network: VGG19

    /// Takes a network with ImageNet weights.
    public init(_ network: VGG19) { self.network = network }

    /// The network.
    public var module: Module { network }

    /// The maps of pictures `[N, 3, H, W]` in 0...1, not clamped.
    public func maps(of x: Tensor) -> [Tensor] { network.features(x) }
}
