public import HeirloomLayers
public import HeirloomTensors

/// The convolutions of VGG16 with batch norms, whose inner maps perceptual losses compare (see this folder's README).
///
/// - Shape: `[N, 3, H, W]` → maps at H × W, H/2 × W/2, … H/32 × W/32, as ``features(_:at:)`` names them.
/// - Range: RGB 0...1 normalised by ``normalized(_:)``.
public final class VGG16BN: Module, BuildableModel {
    /// What was built.
    public let configuration: VGG16BNConfiguration
    let blocks: [VGGNormBlock]

    /// The places whose maps DeOldify's loss compares: the ReLU before the third, fourth and fifth maximum.
    public static let perceptualTaps = [22, 32, 42]

    /// Builds the network.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(_ configuration: VGG16BNConfiguration = .init(), using generator: Generator?) {
        self.configuration = configuration
        blocks = zip([3] + configuration.channels, zip(configuration.channels, configuration.convolutions)).map {
            VGGNormBlock(inputs: $0, outputs: $1.0, convolutions: $1.1, using: generator)
        }
    }

    /// The network's name in files.
    public var architecture: String { "vgg16-bn" }

    /// What a caller has to know to run it.
    public var description: ModelDescription {
        ModelDescription(task: "features", inputChannels: 3, outputChannels: configuration.channels.last ?? 0)
    }

    /// What the published weights expect: RGB in 0...1, by ImageNet's mean and deviation of each channel, in float32.
    public static func normalized(_ rgb: Tensor) -> Tensor {
        let mean = Tensor([0.485, 0.456, 0.406] as [Float], shape: [1, 3, 1, 1], device: rgb.device)
        let deviation = Tensor([0.229, 0.224, 0.225] as [Float], shape: [1, 3, 1, 1], device: rgb.device)
        return (rgb.to(dtype: .float32) - mean) / deviation
    }

    /// Maps by their places in torchvision's list `features`, which counts convolution, norm, ReLU and maximum one by one.
    /// - Parameters:
    ///   - x: Normalised pictures `[N, 3, H, W]`, large enough for the halvings up to the last place.
    ///   - taps: Places in ascending order; what comes after the last one is not computed.
    /// - Returns: A map for each place, `[N, C, H / 2ᵏ, W / 2ᵏ]` rounded down, with k the maxima up to it.
    public func features(_ x: Tensor, at taps: [Int] = VGG16BN.perceptualTaps) -> [Tensor] {
        let places = configuration.places
        precondition(
            taps.allSatisfy(places.indices.contains) && zip(taps, taps.dropFirst()).allSatisfy(<),
            "VGG16BN has the places 0...\(places.count - 1) in ascending order, not \(taps)")
        guard let last = taps.last else { return [] }
        var y = x
        var maps: [Tensor] = []
        for (number, place) in places[...last].enumerated() {
            y = applied(place, y)
            if taps.contains(number) { maps.append(y) }
        }
        return maps
    }

    private func applied(_ place: VGG16BNConfiguration.Place, _ x: Tensor) -> Tensor {
        switch place {
        case .convolution(let block, let index): blocks[block].convolutions[index](x)
        case .norm(let block, let index): blocks[block].norms[index](x)
        case .relu: x.relu()
        case .pool: x.maxPooled(kernel: 2, stride: 2)
        }
    }
}

/// Convolutions at one size, each with a norm.
final class VGGNormBlock: Module {
    let convolutions: [Conv2d]
    let norms: [BatchNorm2d]

    init(inputs: Int, outputs: Int, convolutions count: Int, using generator: Generator?) {
        convolutions = (0..<count).map { index in
            Conv2d(
                inputChannels: index == 0 ? inputs : outputs, outputChannels: outputs, kernel: 3, padding: .zeros(1),
                initializer: .kaimingNormal, using: generator)
        }
        norms = (0..<count).map { _ in BatchNorm2d(channels: outputs) }
    }
}
