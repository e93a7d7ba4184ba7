import Foundation

/// The curve that ``HeirloomTensors/Tensor/resampled(height:width:kernel:antialias:)`` lays over the samples around a place.
///
/// Distances are in samples of the source; when shrinking they are in samples of the result, so that no sample is skipped.
public enum ResamplingKernel: String, Sendable, Hashable, CaseIterable {
    /// The mean over the area that a sample of the result covers, exact for any ratio.
    case area
    /// A triangle over 2 samples.
    case linear
    /// Cubic convolution with a = −0.5 over 4 samples (Keys 1981).
    case bicubic
    /// A sinc windowed by a sinc over 6 samples (Duchon 1979).
    case lanczos3
    /// A sinc windowed by a sinc over 8 samples.
    case lanczos4

    /// Half the width of the curve, in samples.
    public var radius: Double {
        switch self {
        case .area: 0.5
        case .linear: 1
        case .bicubic: 2
        case .lanczos3: 3
        case .lanczos4: 4
        }
    }

    /// The curve at a distance; ``area`` is integrated over samples instead and is 1 in its half width.
    func callAsFunction(_ distance: Double) -> Double {
        let t = abs(distance)
        guard t < radius else { return 0 }
        return switch self {
        case .area: 1
        case .linear: 1 - t
        case .bicubic: t < 1 ? (1.5 * t - 2.5) * t * t + 1 : ((-0.5 * t + 2.5) * t - 4) * t + 2
        case .lanczos3: Self.sinc(t) * Self.sinc(t / 3)
        case .lanczos4: Self.sinc(t) * Self.sinc(t / 4)
        }
    }

    private static func sinc(_ t: Double) -> Double {
        t == 0 ? 1 : sin(.pi * t) / (.pi * t)
    }
}
