import HeirloomDatasets
public import HeirloomTensors

/// How training makes the small pictures that an upscaler gets.
public enum UpscaleDegradation: Codable, Sendable, Equatable {
    /// Like photographs that people have.
    case photo(settings: PhotoDegradation)
    /// Like pictures from the net that were resized and compressed again and again: the published second-order model.
    case realESRGAN(settings: SecondOrderDegradation)
    /// Shrunk by the antialiased bicubic curve and nothing else, as papers measure.
    case bicubic

    /// The names of the ways, for command lines.
    public enum Kind: String, Sendable, CaseIterable {
        /// ``UpscaleDegradation/photo(settings:)``.
        case photo
        /// ``UpscaleDegradation/realESRGAN(settings:)``.
        case realESRGAN = "real-esrgan"
        /// ``UpscaleDegradation/bicubic``.
        case bicubic
    }

    /// The way of a name, with its standard settings.
    public init(_ kind: Kind) {
        switch kind {
        case .photo: self = .photo(settings: .init())
        case .realESRGAN: self = .realESRGAN(settings: .init())
        case .bicubic: self = .bicubic
        }
    }

    /// Pictures that share the draws which the second-order model makes for a whole batch.
    private static let together = 4

    /// Shrinks and degrades; the same generator state gives the same pictures.
    /// - Parameters:
    ///   - pictures: `[N, 3, H, W]`, RGB 0...1; both sides multiples of the scale, for the second-order model at least
    ///     ``smallestSide(scale:)``.
    ///   - scale: How many times smaller the result is.
    ///   - generator: On the pictures' device.
    /// - Returns: `[N, 3, H / scale, W / scale]`, in steps of 8 bits.
    public func callAsFunction(_ pictures: Tensor, scale: Int, using generator: Generator) -> Tensor {
        switch self {
        case .photo(let settings): return settings(pictures, scale: scale, using: generator)
        case .bicubic: return PhotoDegradation(cleanShare: 1)(pictures, scale: scale, using: generator)
        case .realESRGAN(var settings):
            settings.scale = scale
            var random = RandomSequence(drawnFrom: generator)
            let parts = stride(from: 0, to: pictures.shape[0], by: Self.together).map { first in
                settings(
                    pictures.sliced(axis: 0, from: first, to: min(first + Self.together, pictures.shape[0])),
                    random: &random, using: generator)
            }
            return concatenated(parts, axis: 0)
        }
    }

    /// The smallest side of a picture that it can degrade, in pixels.
    public func smallestSide(scale: Int) -> Int {
        guard case .realESRGAN(let settings) = self else { return scale }
        // Kernels mirror the border: half of one must fit into the smallest that a picture becomes on its way.
        let reach = max(settings.first.kernels.largestSize, settings.second.kernels.largestSize) / 2 + 1
        return max(reach * scale, Int((Double(reach) / settings.first.lowFactor).rounded(.up)) + 1)
    }
}
